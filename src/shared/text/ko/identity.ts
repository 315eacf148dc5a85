// Korean texts of the identity scan.
import type { identityEn } from '../en/identity.js';

export const identityKo: Readonly<Record<keyof typeof identityEn, string>> = {
  'identity.expanded': '두 트러스트 도메인의 피어와 모두 일치합니다. istiod가 트러스트 도메인과 별칭으로 확장합니다',
  'identity.anyDomain': '모든 트러스트 도메인에서 일치합니다',
  'identity.refuses': '{domain}(으)로 옮겨 간 피어는 더 이상 일치하지 않아 거부됩니다',
  'identity.letsThrough': '{domain}(으)로 옮겨 간 피어는 더 이상 일치하지 않아, 지금 거부되는 것이 허용됩니다',
  'identity.unknownEffect': '{domain}(으)로 옮겨 간 피어는 더 이상 일치하지 않습니다',
  'identity.prefixKeptLiterally': 'istiod는 완전한 ID가 아닌 패턴을 글자 그대로 사용하고 다른 트러스트 도메인으로 확장하지 않습니다. {effect}',
  'identity.foreignDomain': '트러스트 도메인 {domain}은(는) 여기서 알려진 이 메시의 ID가 아닙니다. 누구를 가리키는지 확인하세요',
  'identity.bothListed': '같은 서비스 계정이 {domain}(으)로도 나열되어 있습니다',
  'identity.serverNotExpected': '이름은 글자 그대로 비교됩니다. {domain}(으)로 옮겨 간 서버는 거부됩니다',
  'identity.text': '트러스트 도메인이 적혀 있으며 어떻게 비교되는지 밖에서는 알 수 없습니다',
  'identity.outsideService': '외부 인가 서비스가 호출자의 ID를 봅니다. {domain}의 ID를 받아들이는지 확인하세요',
};
