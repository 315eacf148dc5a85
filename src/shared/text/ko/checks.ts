// Korean texts of the command line tool's checks.
import type { checksEn } from '../en/checks.js';

export const checksKo: Readonly<Record<keyof typeof checksEn, string>> = {
  'check.why.noMeshConfig': '자체 인바운드 mTLS가 없고, 리비전 {revision}의 메시 구성을 읽을 수 없음',
  'check.remark.undeliveredDomains': '컨트롤 플레인은 {domains}도 허용하지만 이 프록시는 (아직) 허용하지 않음',
  'check.remark.domainsFromMeshConfig': '자체 인바운드 mTLS가 없어 리비전의 메시 구성에 따라 판단함',
  'check.notice.guessedRoot': '형식(O={trustDomain})만 보고 CITADEL로 출력함: 선택한 클러스터 중 어디에서도 게시하지 않는 루트 {fingerprint}',
  'check.notice.unknownCount': '프록시 {total}개 중 {unknown}개를 확인할 수 없음',
  'check.notice.namespacesUnread': '{cluster}의 네임스페이스 목록을 가져올 수 없어 파드가 없는 네임스페이스가 빠져 있습니다: {failure}',
  'check.notice.configmapsUnread': '{cluster}의 메시 구성을 읽을 수 없습니다: {failure}',
  'check.notice.caRootsUnread': '{cluster}에서 게시하는 루트를 읽을 수 없어 해당 Istio CA를 키로 확인할 수 없습니다: {failure}',
  'check.error.noContexts': 'kubeconfig {path}에 컨텍스트가 없음',
  'check.error.noTarget': '클러스터를 지정하세요: --context NAME(여러 개 가능) 또는 --all-contexts',
  'check.error.bothTargets': '--context와 --all-contexts는 함께 쓸 수 없음',
  'check.error.clusterUnreadable': '{context}: {failure}',
  'check.error.namespaceMissing': '선택한 클러스터에 네임스페이스 {namespaces}이(가) 없음',
  'check.help.tool': 'Istio CA에서 Mesh CA로 이전하는 메시를 점검하고, 이전을 연습할 메시를 제공합니다. 클러스터는 읽기만 합니다.',
  'check.help.rootCert': '각 프록시가 신뢰하는 루트',
  'check.help.workloadCert': '각 프록시의 인증서에 서명한 CA',
  'check.help.trustDomain': '각 프록시가 두 신뢰 도메인의 상대를 모두 허용하는지 여부',
  'check.help.rehearse': '중지할 때까지 리허설 메시를 제공함. 옵션은 리허설의 옵션과 같음(rehearse --help)',
  'check.help.kubeconfig': 'kubeconfig 파일. 쓰지 않음',
  'check.help.context': '점검할 클러스터의 컨텍스트',
  'check.help.allContexts': '파일에 있는 모든 컨텍스트의 클러스터를 점검함',
  'check.help.namespace': '이 네임스페이스만',
  'check.help.output': 'script: migrate_ca의 출력, docs: 이전 가이드의 출력, json: 전체',
  'check.help.footer': '컨텍스트가 여럿이면 각 출력 앞에 \'Context: NAME\' 줄이 있습니다. 하나이면 이 줄이 없으며 출력은 migrate_ca와 정확히 같습니다.\nOTHER는 둘 중 어느 것도 아닌 루트이며, migrate_ca는 이를 CITADEL이라고 합니다.\n이유와 참고 사항은 stderr로 출력됩니다.\n\n종료 코드: 0 모든 프록시를 읽음, 1 일부를 읽지 못함, 2 점검할 수 없음.',
};
