// A gate's verdict for people, for programs, and for CI servers that show JUnit reports.
import { clusterNames } from '../app/report/reportInput.js';
import type { GateItem, GateVerdict } from '../domain/gates/gate.js';
import type { MeshSituation } from '../domain/procedure/procedureStep.js';
import { assertNever } from '../shared/assertNever.js';
import { message } from '../shared/text/message.js';
import type { RenderText } from '../shared/text/render.js';

export type GateStyle = 'text' | 'json' | 'junit';

/** The whole of stdout. */
export function renderGate(verdict: GateVerdict, situation: MeshSituation, style: GateStyle, render: RenderText): string {
  const nameOf = clusterNames(situation);
  switch (style) {
    case 'text':
      return gateText(verdict, nameOf, render);
    case 'json':
      return `${JSON.stringify(gateJson(verdict, nameOf, render), null, 2)}\n`;
    case 'junit':
      return gateJunit(verdict, nameOf, render);
    default:
      return assertNever(style);
  }
}

type NameOf = (key: string) => string;

function gateText({ gate, state, evidence, items }: GateVerdict, nameOf: NameOf, render: RenderText): string {
  const lines = [
    `${render(message(`report.gate.${gate}`))}: ${render(message(`report.gateState.${state}`, { count: items.length }))}`,
    ...evidence.map((text) => `  ${render(text)}`),
    ...items.map((item) => `${item.unknown ? '?' : '✕'} ${placeOf(item, nameOf)}: ${render(item.problem)}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** In one language but for the sentences. */
function gateJson({ gate, state, evidence, items }: GateVerdict, nameOf: NameOf, render: RenderText): object {
  return {
    gate,
    state,
    evidence: evidence.map(render),
    items: items.map(({ cluster, subject, problem, unknown, waivable, remedy }) => ({
      cluster: cluster === undefined ? undefined : nameOf(cluster),
      subject,
      problem: render(problem),
      unknown,
      waivable,
      remedy: remedy?.step,
    })),
  };
}

/** Each thing in the way is a failed test, each unknown one an error; an open gate is one test that passed. */
function gateJunit({ gate, evidence, items }: GateVerdict, nameOf: NameOf, render: RenderText): string {
  const failures = items.filter(({ unknown }) => !unknown).length;
  const cases = items.map((item) => {
    const element = item.unknown ? 'error' : 'failure';
    const problem = escapeXml(render(item.problem));
    return `    <testcase classname="${escapeXml(gate)}" name="${escapeXml(placeOf(item, nameOf))}"><${element} message="${problem}">${problem}</${element}></testcase>`;
  });
  const open = `    <testcase classname="${escapeXml(gate)}" name="open"/>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="mesh-ca gate ${escapeXml(gate)}" tests="${Math.max(items.length, 1)}" failures="${failures}" errors="${items.length - failures}">`,
    ...(cases.length === 0 ? [open] : cases),
    `    <system-out>${evidence.map((text) => escapeXml(render(text))).join('\n')}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function placeOf({ cluster, subject }: GateItem, nameOf: NameOf): string {
  const name = cluster === undefined ? '' : nameOf(cluster);
  return [name, subject === name || subject === cluster ? '' : subject].filter((part) => part !== '').join(' ') || '–';
}

/** XML 1.0 has no way to write control characters. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\P{Cc}\t\n\r]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
