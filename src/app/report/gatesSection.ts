// The part of the report about gates: which are open, on what evidence, and what stands in the way of the others.
import type { GateItem, GateVerdict } from '../../domain/gates/gate.js';
import { message } from '../../shared/text/message.js';
import type { ReportBlock, ReportCell } from './reportDocument.js';
import { heading, paragraph } from './reportDocument.js';
import type { ReportInput } from './reportInput.js';
import { clusterNames } from './reportInput.js';

export function gatesSection({ gates, situation }: ReportInput): readonly ReportBlock[] {
  const nameOf = clusterNames(situation);
  return [heading(2, message('report.gates')), ...gates.flatMap((gate) => gateBlocks(gate, nameOf))];
}

function gateBlocks({ gate, state, evidence, items }: GateVerdict, nameOf: (key: string) => string): readonly ReportBlock[] {
  return [
    heading(3, message(`report.gate.${gate}`)),
    paragraph(message(`report.gateState.${state}`, { count: items.length })),
    ...(evidence.length === 0 ? [] : [{ kind: 'list' as const, items: evidence }]),
    ...(items.length === 0
      ? []
      : [
          {
            kind: 'table' as const,
            head: [message('report.column.cluster'), message('report.column.subject'), message('report.column.inTheWay'), message('report.column.known')],
            rows: items.map((item) => itemRow(item, nameOf)),
          },
        ]),
  ];
}

function itemRow({ cluster, subject, problem, unknown, waivable }: GateItem, nameOf: (key: string) => string): readonly ReportCell[] {
  const known = message(unknown ? 'report.item.unknown' : 'report.item.known');
  return [cluster === undefined ? '' : nameOf(cluster), subject, problem, waivable ? [known, message('report.item.waivable')] : known];
}
