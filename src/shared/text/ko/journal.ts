// Korean texts about the journal of steps.
import type { journalEn } from '../en/journal.js';

export const journalKo: Readonly<Record<keyof typeof journalEn, string>> = {
  'journal.trouble.torn': '기록 {line}번째 줄이 완전하지 않습니다. 쓰는 도중에 중단되었습니다',
  'journal.trouble.unreadable': '기록 {line}번째 줄을 읽을 수 없습니다',
  'journal.trouble.chainBroken': '기록 {line}번째 줄이 앞줄과 이어지지 않습니다. 줄이 빠졌거나 끼워졌습니다',
  'journal.trouble.changed': '기록 {line}번째 줄이 작성된 뒤에 변경되었습니다',
  'journal.result.verified': '검증됨',
  'journal.result.shown': '표시함',
  'journal.result.notVerified': '검증되지 않음',
  'journal.result.notDone': '끝까지 실행되지 않음',
  'journal.result.actionFailed': '실행 후 실패함',
  'journal.result.blocked': '막힘',
  'journal.result.changedSincePreview': '실행하지 않음: 메시가 변경됨',
  'journal.result.busy': '실행하지 않음: 다른 단계가 실행 중이었음',
  'journal.result.cancelled': '취소됨',
};
