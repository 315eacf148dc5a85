// English texts of what can go wrong: one sentence each, shown beside the name of what it happened to.

export const failuresEn = {
  'failure.kubeconfigUnreadable': 'cannot read the kubeconfig {path}: {reason}',
  'failure.contextMissing': 'the kubeconfig {path} has no context {context}',
  'failure.clusterUnreachable': 'cannot be reached: {reason}',
  'failure.unauthenticated': 'the cluster does not accept the credentials: {reason}',
  'failure.forbidden': 'not permitted: {reason}',
  'failure.apiError': 'the API server answered {status}: {reason}',
  'failure.timedOut': 'no answer within {seconds} s',
  'failure.processNotReady': 'not ready within {seconds} s; it said last: {output}',
  'failure.cancelled': 'cancelled',
  'failure.proxyNotRunning': 'the proxy is not running: {state}',
  'failure.proxyUnreachable': 'the proxy cannot be reached: {reason}',
  'failure.proxyAnswerUnreadable': 'the proxy gave an answer that cannot be read: {reason}',
  'failure.certificateUnreadable': 'a certificate cannot be read: {reason}',
  'failure.toolMissing': '{tool} was not found on PATH',
  'failure.toolTooOld': '{tool} {version} is too old: {needed} or later is needed',
  'failure.probeUnproven': 'the probe\'s proxy proves nothing: {why}',
  'failure.baselineIncomplete': 'Not recorded: it is not known whom {proxies} can authenticate. Make them readable, or waive them in the plan.',
  'failure.extensionBroken': 'a part of this extension could not be loaded; reload the window, and if that does not help, install the extension again: {reason}',
  'failure.unexpected': 'unexpected error: {reason}',
} as const;
