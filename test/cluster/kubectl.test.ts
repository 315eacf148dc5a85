// Real kubectls against a rehearsal, or against any cluster that a kubeconfig names: what they print and how they exit.
// The newest found runs every check; the others those in which versions differ, all of them with MESH_CA_EVERY_KUBECTL=1.
import { describeProcedure } from './checks/procedure.js';
import { describeApplying, describeDeleting, describePermissions, describeReading, describeWriting } from './checks/requests.js';
import { describeStreams } from './checks/streams.js';
import { openCluster } from './support/clusterUnderTest.js';
import type { ClusterUnderTest } from './support/clusterUnderTest.js';
import { Session } from './support/session.js';
import { foundKubectls } from '../workbench/setup/kubectl.js';

const isEveryCheckWanted = process.env.MESH_CA_EVERY_KUBECTL === '1';

describe('kubectl', function () {
  // A cold kubectl reads the whole discovery before its first answer; on a real cluster an image may have to be fetched.
  this.timeout(120_000);
  let cluster: ClusterUnderTest;

  before(async () => {
    cluster = await openCluster();
    process.stdout.write(`    against ${cluster.isRehearsal ? 'a rehearsal' : `context ${cluster.context} of ${cluster.kubeconfig}`}\n`);
  });
  after(() => cluster.close());

  for (const [position, kubectl] of foundKubectls().entries()) {
    const isFull = position === 0 || isEveryCheckWanted;
    describe(`${kubectl.version} (${isFull ? 'all checks' : 'where versions differ'})`, () => {
      const session = new Session(kubectl);
      before(() => session.open(cluster));
      after(() => session.close());

      if (isFull) {
        describeReading(session);
        describeProcedure(session);
      }
      // Protobuf bodies, apply, waiting for deletions, access reviews and transports have changed between versions.
      describeWriting(session);
      describeApplying(session);
      if (isFull) describeDeleting(session);
      describePermissions(session);
      describeStreams(session);
    });
  }
});
