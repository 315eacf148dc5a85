// Korean texts of starting and stopping a rehearsal, and of the log.
import type { rehearsalEn } from '../en/rehearsal.js';

export const rehearsalKo: Readonly<Record<keyof typeof rehearsalEn, string>> = {
  'rehearsal.chooseScene': '어떤 메시로 리허설하시겠습니까?',
  'rehearsal.scene.istioDefault': 'GKE의 Istio',
  'rehearsal.scene.istioDefault.detail': 'Istio 1.16, 리비전 default, 네임스페이스 라벨 istio-injection=enabled, 두 클러스터가 하나의 루트를 공유',
  'rehearsal.scene.asmCitadel': 'Istio CA를 사용하는 Anthos Service Mesh',
  'rehearsal.scene.asmCitadel.detail': 'ASM 1.16, 네임스페이스에 리비전 라벨, 클러스터마다 자체 루트',
  'rehearsal.chooseRevision': '시작할 때 이전 컨트롤 플레인 옆에 무엇이 설치되어 있습니까?',
  'rehearsal.revision.distributeRoot': '{revision}이(가) 이미 설치됨',
  'rehearsal.revision.distributeRoot.detail': '첫 네임스페이스를 마이그레이션할 준비 완료: Mesh CA 루트를 배포하고 Istio CA가 서명',
  'rehearsal.revision.none': '없음: 이전 컨트롤 플레인만',
  'rehearsal.starting': '리허설 메시를 시작하는 중…',
  'rehearsal.started': '리허설이 실행 중입니다. 이 컴퓨터의 클러스터 {clusters}개. 여기서 하는 일은 실제 메시에 영향을 주지 않습니다.',
  'rehearsal.stopped': '리허설이 중지되었습니다. 리허설 클러스터는 더 이상 참여하지 않습니다.',
  'rehearsal.ended': '리허설이 스스로 종료되었습니다: {reason}',
  'rehearsal.failed': '리허설을 시작할 수 없습니다: {reason}',
  'rehearsal.terminals': '터미널에서 리허설 메시를 사용할 수 있음',
  'rehearsal.restart': '다시 시작',
  'log.show': '로그 표시',
  'command.failed': '{command} 실패: {reason}',
};
