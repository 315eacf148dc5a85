// English texts of what is worth knowing about a mesh before it is migrated, though no gate turns on it.

export const concernsEn = {
  'concerns.oneRootOnly': 'proxies of {revision} ({version}) are known to keep only one of several roots ({issue}): believe only what the proxies hold',
  'concerns.sameSubject': 'two different roots in one bundle have the same subject {subject}: verification may pick the wrong one and fail',
  'concerns.overlappingBudgets': '{namespace}: pods of {pod} are matched by the budgets {budgets}, so none of them can be evicted',
  'concerns.budgetAllowsNone': '{namespace}: budget {budget} allows no disruption at the moment; rollouts go on, drains do not',
  'concerns.autoscalerAtMaximum': '{namespace}: autoscaler {autoscaler} is at its maximum of {maximum}: a rollout has no room to spare',
  'concerns.webhookBundle': 'webhook {webhook} does not trust any root that this cluster publishes: pods or objects may be refused (x509)',
  'concerns.rootsDisagree': 'config map istio-ca-root-cert differs between namespaces; lagging: {namespaces}',
  'concerns.caNotLoaded': 'istiod of {revision} started before its CA secret was last written, and reads it only when it starts: it may sign under the CA from before, and its next restart may change the root',
  'concerns.domainsLost': '{revision} does not accept {domains}, which {before} accepts: peers under it would be refused',
  'concerns.settingsDiffer': '{revision} sets {names} otherwise than {before}, or not at all: is an overlay missing?',
  'concerns.rootEnds': 'the root {subject} ends within {days} days',
  'concerns.intermediateEnds': '{workload}: an intermediate certificate of its chain ends within {days} days',
} as const;
