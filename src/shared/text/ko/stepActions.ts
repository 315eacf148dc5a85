// Korean texts of what the extension itself did for a step, and what it found.
import type { stepActionsEn } from '../en/stepActions.js';

export const stepActionsKo: Record<keyof typeof stepActionsEn, string> = {
  'stepActions.baseline': '서로 인증할 수 있던 발급자 쌍은 {pairs}개이며, 클러스터 {clusters}개에 기록했습니다.',
  'stepActions.probe': '프로브는 루트 {roots}개를 신뢰했고, ID의 도메인은 {domain}입니다.',
  'stepActions.fleet': 'gcloud가 알려준 플릿 구성원 {members}개를 클러스터 {clusters}개에 기록했습니다.',
  'stepActions.backup': '{file} 파일을 다시 읽어 보안 비밀 {secret}과(와) 같음을 확인했습니다.',
  'stepActions.testPassed': '{namespace}의 테스트가 통과했습니다.',
  'stepActions.testFailed': '{namespace}의 테스트가 통과하지 못했습니다. 롤백하거나 원인을 찾으세요.',
  'stepActions.identity': '{where}: {value}. {why}',
  'stepActions.permitted': '절차에 필요한 권한 {count}개가 모두 있습니다.',
  'stepActions.terminalPath': '새 터미널의 PATH에서 {directory}이(가) 맨 앞에 옵니다.',
};
