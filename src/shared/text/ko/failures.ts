// Korean texts of what can go wrong.
import type { failuresEn } from '../en/failures.js';

export const failuresKo: Readonly<Record<keyof typeof failuresEn, string>> = {
  'failure.kubeconfigUnreadable': 'kubeconfig {path}을(를) 읽을 수 없음: {reason}',
  'failure.contextMissing': 'kubeconfig {path}에 컨텍스트 {context}이(가) 없음',
  'failure.clusterUnreachable': '연결할 수 없음: {reason}',
  'failure.unauthenticated': '클러스터가 사용자 인증 정보를 받아들이지 않음: {reason}',
  'failure.forbidden': '권한 없음: {reason}',
  'failure.apiError': 'API 서버 응답 {status}: {reason}',
  'failure.timedOut': '{seconds}초 안에 응답 없음',
  'failure.processNotReady': '{seconds}초 안에 준비되지 않음. 마지막 출력: {output}',
  'failure.cancelled': '취소됨',
  'failure.proxyNotRunning': '프록시가 실행 중이 아님: {state}',
  'failure.proxyUnreachable': '프록시에 연결할 수 없음: {reason}',
  'failure.proxyAnswerUnreadable': '프록시의 응답을 읽을 수 없음: {reason}',
  'failure.certificateUnreadable': '인증서를 읽을 수 없음: {reason}',
  'failure.toolMissing': 'PATH에 {tool}이(가) 없음',
  'failure.toolTooOld': '{tool} {version} 버전은 너무 오래됨: {needed} 이상 필요',
  'failure.probeUnproven': '프로브 포드의 프록시로 증명할 수 없음: {why}',
  'failure.baselineIncomplete': '기록하지 않았습니다. {proxies}이(가) 누구를 인증할 수 있는지 알 수 없습니다. 읽을 수 있게 하거나 계획에서 면제하세요.',
  'failure.extensionBroken': '이 확장의 일부를 불러올 수 없습니다. 창을 다시 로드하고, 그래도 안 되면 확장을 다시 설치하세요: {reason}',
  'failure.unexpected': '예기치 않은 오류: {reason}',
};
