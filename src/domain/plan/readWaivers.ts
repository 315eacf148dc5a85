// Reads the waivers of the plan: what is waived, why, until when. One that has run out is said and left out.
import { message } from '../../shared/text/message.js';
import { holdsOn, isCalendarDate } from './calendarDate.js';
import type { Waiver } from './migrationPlan.js';
import type { PlanNode } from './planDocument.js';
import type { PlanFieldReader } from './planFieldReader.js';
import { WAIVER_PATTERN } from './planFields.js';

/** Only those that hold today. `clusters` are the names by which subjects name the plan's clusters. */
export function readWaivers(node: PlanNode | undefined, fields: PlanFieldReader, clusters: readonly string[], today: string): readonly Waiver[] {
  return (fields.list(node) ?? []).flatMap((item) => readWaiver(item, fields, clusters, today) ?? []);
}

function readWaiver(node: PlanNode, fields: PlanFieldReader, clusters: readonly string[], today: string): Waiver | undefined {
  const object = fields.object(node, 'waiver');
  if (object === undefined) return undefined;
  const what = readWhat(object.what, fields);
  const subject = readSubject(object.subject, what, fields, clusters);
  const reason = fields.text(object.reason);
  const until = readUntil(object.until, fields, today);
  if (subject === undefined || what === undefined || reason === undefined || until === undefined) return undefined;
  return { subject, what, reason, until };
}

function readWhat(node: PlanNode | undefined, fields: PlanFieldReader): string | undefined {
  const what = fields.text(node);
  if (node === undefined || what === undefined || new RegExp(WAIVER_PATTERN).test(what)) return what;
  fields.reportShape(node, message('plan.waiver.what', { what }));
  return undefined;
}

/** `cluster`, `cluster/namespace` or `cluster/namespace/Kind/name`; a membership is of a cluster that the plan lacks. */
function readSubject(
  node: PlanNode | undefined,
  what: string | undefined,
  fields: PlanFieldReader,
  clusters: readonly string[],
): string | undefined {
  const subject = fields.text(node);
  if (node === undefined || subject === undefined) return undefined;
  // The fleet, or a cluster of it under any of its names, a membership's own among them.
  if (what === 'membership') return subject;
  const [cluster = '', ...rest] = subject.split('/');
  if (![0, 1, 3].includes(rest.length) || rest.includes('')) {
    fields.report(node, message('plan.waiver.subject'));
    return undefined;
  }
  if (clusters.includes(cluster)) return subject;
  fields.report(node, message('plan.cluster.unknown', { cluster, clusters: clusters.join(', ') }));
  return undefined;
}

function readUntil(node: PlanNode | undefined, fields: PlanFieldReader, today: string): string | undefined {
  const until = fields.text(node);
  if (node === undefined || until === undefined) return undefined;
  if (!isCalendarDate(until)) {
    fields.reportShape(node, message('plan.waiver.date', { until }));
    return undefined;
  }
  if (holdsOn(until, today)) return until;
  fields.report(node, message('plan.waiver.expired', { until }), 'warning');
  return undefined;
}
