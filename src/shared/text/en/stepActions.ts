// English texts of what the extension itself did for a step, and what it found.

export const stepActionsEn = {
  'stepActions.baseline': '{pairs#pair|pairs} of issuers could authenticate; kept in {clusters#cluster|clusters}.',
  'stepActions.probe': 'The probe trusted {roots#root|roots}; its identity was in {domain}.',
  'stepActions.fleet': 'gcloud names {members#member|members} of the fleet; kept in {clusters#cluster|clusters}.',
  'stepActions.backup': '{file} was read back and equals secret {secret}.',
  'stepActions.testPassed': 'The test of {namespace} passed.',
  'stepActions.testFailed': 'The test of {namespace} did not pass: roll it back, or find out why.',
  'stepActions.identity': '{where}: {value}. {why}',
  'stepActions.permitted': 'All {count#permission|permissions} that the procedure needs are given.',
  'stepActions.terminalPath': '{directory} is first on PATH in new terminals.',
} as const;
