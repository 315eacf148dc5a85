// English texts of starting and stopping a rehearsal, and of the log.

export const rehearsalEn = {
  'rehearsal.chooseScene': 'Which mesh do you want to rehearse on?',
  'rehearsal.scene.istioDefault': 'Istio on GKE',
  'rehearsal.scene.istioDefault.detail': 'Istio 1.16, revision default, namespaces labelled istio-injection=enabled; one root for both clusters',
  'rehearsal.scene.asmCitadel': 'Anthos Service Mesh with Istio CA',
  'rehearsal.scene.asmCitadel.detail': 'ASM 1.16, namespaces labelled with its revision; each cluster with a root of its own',
  'rehearsal.chooseRevision': 'What is installed beside the old control plane at the start?',
  'rehearsal.revision.distributeRoot': '{revision} is installed already',
  'rehearsal.revision.distributeRoot.detail': 'Ready to migrate the first namespace: it hands out the Mesh CA root, Istio CA signs',
  'rehearsal.revision.none': 'Nothing: only the old control plane',
  'rehearsal.starting': 'Starting the rehearsal mesh…',
  'rehearsal.started': 'The rehearsal runs: {clusters#cluster|clusters} on this machine. Nothing you do here touches a real mesh.',
  'rehearsal.stopped': 'The rehearsal is stopped. Its clusters no longer take part.',
  'rehearsal.ended': 'The rehearsal ended by itself: {reason}',
  'rehearsal.failed': 'The rehearsal could not start: {reason}',
  'rehearsal.terminals': 'Terminals find the rehearsal mesh',
  'rehearsal.restart': 'Start Again',
  'log.show': 'Show Log',
  'command.failed': '{command} failed: {reason}',
} as const;
