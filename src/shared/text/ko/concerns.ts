// Korean texts of what is worth knowing about a mesh before it is migrated.
import type { concernsEn } from '../en/concerns.js';

export const concernsKo: Readonly<Record<keyof typeof concernsEn, string>> = {
  'concerns.oneRootOnly': '{revision}({version})의 프록시는 여러 루트 중 하나만 유지하는 것으로 알려져 있습니다({issue}). 프록시가 실제로 가진 것만 믿으세요',
  'concerns.sameSubject': '한 번들에 있는 서로 다른 두 루트의 주체가 {subject}(으)로 같습니다. 검증이 잘못된 루트를 골라 실패할 수 있습니다',
  'concerns.overlappingBudgets': '{namespace}: {pod}의 포드에 예산 {budgets}이(가) 함께 걸려 있어 어느 포드도 축출할 수 없습니다',
  'concerns.budgetAllowsNone': '{namespace}: 예산 {budget}은(는) 지금 중단을 허용하지 않습니다. 롤아웃은 진행되지만 드레인은 되지 않습니다',
  'concerns.autoscalerAtMaximum': '{namespace}: 오토스케일러 {autoscaler}이(가) 최댓값 {maximum}에 이르러 롤아웃에 여유가 없습니다',
  'concerns.webhookBundle': '웹훅 {webhook}은(는) 이 클러스터가 게시하는 어떤 루트도 신뢰하지 않습니다. 포드나 객체가 거부될 수 있습니다(x509)',
  'concerns.rootsDisagree': '네임스페이스마다 구성 맵 istio-ca-root-cert가 다릅니다. 뒤처진 곳: {namespaces}',
  'concerns.caNotLoaded': '{revision}의 istiod는 CA 보안 비밀이 마지막으로 바뀌기 전에 시작되었고, 보안 비밀은 시작할 때만 읽습니다. 이전 CA로 서명하고 있을 수 있으며, 다음에 다시 시작하면 루트가 바뀔 수 있습니다',
  'concerns.domainsLost': '{revision}은(는) {before}이(가) 허용하는 {domains}을(를) 허용하지 않습니다. 그 도메인의 피어는 거부됩니다',
  'concerns.settingsDiffer': '{revision}의 {names} 설정이 {before}와(과) 다르거나 없습니다. 오버레이가 빠지지 않았는지 확인하세요',
  'concerns.rootEnds': '루트 {subject}이(가) {days}일 안에 만료됩니다',
  'concerns.intermediateEnds': '{workload}: 체인의 중간 인증서가 {days}일 안에 만료됩니다',
};
