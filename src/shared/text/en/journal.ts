// English texts about the journal of steps.

export const journalEn = {
  'journal.trouble.torn': 'line {line} of the journal is not whole: whoever wrote it was interrupted',
  'journal.trouble.unreadable': 'line {line} of the journal cannot be read',
  'journal.trouble.chainBroken': 'line {line} of the journal does not follow the one before it: lines are missing, or were put in',
  'journal.trouble.changed': 'line {line} of the journal was changed after it had been written',
  'journal.result.verified': 'verified',
  'journal.result.shown': 'shown',
  'journal.result.notVerified': 'not verified',
  'journal.result.notDone': 'did not run to its end',
  'journal.result.actionFailed': 'ran, then failed',
  'journal.result.blocked': 'blocked',
  'journal.result.changedSincePreview': 'not run: the mesh had changed',
  'journal.result.busy': 'not run: another step was running',
  'journal.result.cancelled': 'cancelled',
} as const;
