// Korean texts of why something of the mesh is not known.
import type { reasonsEn } from '../en/reasons.js';

export const reasonsKo: Readonly<Record<keyof typeof reasonsEn, string>> = {
  'reason.notReadYet': '아직 읽지 않음',
  'reason.clusterNotRead': '클러스터(읽지 않음)',
  'reason.unread': '{what}({reason})',
  'reason.everything': '모든 항목',
  'reason.ztunnel': 'ztunnel: 자체 체인의 루트만 신뢰함(istio#47427)',
  'reason.proxyless': '프록시리스 gRPC: 물어볼 Envoy가 없음',
  'reason.machine': '가상 머신: 여기서는 프록시에 물어볼 수 없음',
  'reason.readySince': '읽은 뒤에 준비됨',
  'reason.readLongAgo': '읽은 지 너무 오래됨',
  'reason.waitsForCa': 'CA를 기다리는 중',
  'reason.halfHeld': '루트와 인증서 중 하나만 가지고 있음',
  'reason.twoSets': '서로 다른 두 루트 집합을 가지고 있음',
  'reason.noKnownRoot': '인증서가 알려진 어떤 루트로도 검증되지 않음',
  'reason.noIdentity': '인증서에 SPIFFE ID가 없음',
  'reason.rootsByDomain': '루트를 각각 정해진 트러스트 도메인에 대해서만 신뢰함(SPIFFE 검증). 게이트에서는 이를 판단하지 않음',
  'reason.ambiguousRoots': '이름이 같고({subject}) 키 식별자로 구분되지 않는 두 루트를 신뢰함',
  'reason.namespaceUnknown': '네임스페이스의 라벨을 알 수 없음',
  'reason.webhooksUnknown': '인젝션 웹훅을 알 수 없음',
  'reason.webhookRefuses': '웹훅 {webhook}: {address}에 준비된 엔드포인트가 없음',
  'reason.webhookUnknown': '웹훅 {webhook}: {address}의 응답 여부를 알 수 없음',
  'reason.service': '서비스 {name}',
  'reason.url': 'URL',
  'reason.noDefault': '기본 컨트롤 플레인이 없음',
  'reason.nobodyAnswers': '{label}에 응답하는 컨트롤 플레인이 없음',
};
