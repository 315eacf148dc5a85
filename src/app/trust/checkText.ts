// Turns a report into text: `script` is byte for byte what Google's migrate_ca of 2021 prints, `docs` what the guide shows.
// These lines are never translated; what they cannot say goes to stderr.
import { failureMessage } from '../../shared/failure.js';
import type { RenderText } from '../../shared/text/render.js';
import { message } from '../../shared/text/message.js';
import type { NamedRoot } from '../../domain/trust/proxyTrust.js';
import type { CheckName, CheckReport, ContextReport, ProxyFinding } from './checkReport.js';
import { caWord, unknownCount } from './checkReport.js';
import { missingProxies } from './proxyTargets.js';
import type { TextPieces, Work } from './stretches.js';
import { each, finish, inPieces } from './stretches.js';

export type TextStyle = 'script' | 'docs';

const HEADERS: Readonly<Record<CheckName, string>> = {
  'root-cert': 'Checking the root certificates loaded on each pod...',
  'workload-cert': 'Checking the mTLS certificates loaded on each pod...',
  trustdomain: 'Checking the trust domain configuration for each pod...',
};

/** The whole of stdout. A line `Context: NAME` stands before each block only when several contexts were asked about. */
export function renderText(report: CheckReport, style: TextStyle): string {
  return finish(textWork(report, style)).join('');
}

/** The same in stretches. */
export function* textWork(checked: CheckReport, style: TextStyle): Work<TextPieces> {
  const { check, contexts } = checked;
  const isScript = style === 'script';
  const several = namesContexts(checked);
  const pieces: string[] = [];
  for (const [index, report] of contexts.entries()) {
    const gap = isScript || index > 0 ? '\n' : '';
    const context = several ? `${gap}Context: ${report.context}\n` : '';
    const header = isScript ? `\n${HEADERS[check]}\n` : '';
    const block = yield* inPieces(yield* namespaceBlocks(check, report, style), `${context}${header}`, isScript ? '' : '\n', '');
    pieces.push(...block);
  }
  return pieces;
}

/** Where one of two could not be read, the other must not be taken for the whole. */
function namesContexts({ contexts, notices }: CheckReport): boolean {
  return contexts.length > 1 || missingProxies(notices).length > 0;
}

/** Each heading with its lines: one look at each finding, however many namespaces there are. */
function* namespaceBlocks(check: CheckName, { namespaces, findings }: ContextReport, style: TextStyle): Work<readonly string[]> {
  const lines = new Map(namespaces.map((namespace) => [namespace, [] as string[]] as const));
  yield* each(findings, (finding) => lines.get(finding.target.pod.namespace)?.push(...linesOf(check, finding, style).map((line) => `${line}\n`)));
  const gap = style === 'script' ? '\n' : '';
  return [...lines].map(([namespace, own]) => `${gap}Namespace: ${namespace}\n${own.join('')}`);
}

function linesOf(check: CheckName, finding: ProxyFinding, style: TextStyle): readonly string[] {
  const { verdict } = finding;
  const pod = podName(finding);
  const dash = style === 'script' ? ' - ' : '';
  if (verdict.kind !== 'known') return [`${dash}[WARNING] ${pod} cannot find certificate information`];
  const words = verdict.words.join(' ');
  switch (check) {
    case 'root-cert':
      return [`${dash}${pod} trusts [${words}]`];
    case 'workload-cert':
      return [`${dash}${pod} is using the mTLS certificate issued by [${words}]`];
    case 'trustdomain':
      return domainLines(pod, verdict.words);
  }
}

/** The script prints these without its dash. */
function domainLines(pod: string, words: readonly string[]): readonly string[] {
  const missing = ['MESHCA', 'CITADEL'].filter((word) => !words.includes(word));
  if (missing.length === 0) return [`${pod} trusts trust domains for [${words.join(' ')}]`];
  return missing.map((word) => `${pod} is MISSING trust domain for [${word}]`);
}

/** The whole of stderr: exact reasons and remarks, proxy by proxy, then notices and the count of what is not known. */
export function renderReasons(report: CheckReport, render: RenderText): string {
  const several = namesContexts(report);
  const lines = report.contexts.flatMap(({ context, findings }) =>
    findings.flatMap((finding) => {
      const reason = finding.verdict.kind === 'known' ? finding.remark : finding.verdict.why;
      return reason === undefined ? [] : [`${several ? `${context}: ` : ''}${podName(finding)}: ${render(reason)}`];
    }),
  );
  const guesses = [...guessedRoots(report)].map(([fingerprint, trustDomain]) =>
    render(message('check.notice.guessedRoot', { fingerprint, trustDomain })),
  );
  const unknown = unknownCount(report);
  const total = report.contexts.reduce((sum, { findings }) => sum + findings.length, 0);
  const count = unknown === 0 ? [] : [render(message('check.notice.unknownCount', { unknown, total }))];
  return [...lines, ...guesses, ...report.notices.map(render), ...count].map((line) => `${line}\n`).join('');
}

/** Roots printed as CITADEL for their form alone, to their trust domains. */
function guessedRoots({ contexts }: CheckReport): ReadonlyMap<string, string> {
  const roots = contexts.flatMap(({ findings }) => findings).flatMap(({ trust }) => (trust ? rootsOf(trust) : []));
  return new Map(roots.flatMap(({ fingerprint, name }) => (name.kind === 'unknownIstioCa' ? [[fingerprint, name.trustDomain]] : [])));
}

function rootsOf({ anchors, certificate }: NonNullable<ProxyFinding['trust']>): readonly NamedRoot[] {
  const signedBy = certificate.state === 'active' ? certificate.value.signedBy : undefined;
  return [...(anchors.state === 'active' ? anchors.value : []), ...(signedBy ? [signedBy] : [])];
}

function podName({ target }: ProxyFinding): string {
  return `${target.pod.name}.${target.pod.namespace}`;
}

/** One JSON document: everything that was found, with fingerprints and dates (ISO 8601). */
export function renderJson(report: CheckReport, render: RenderText): string {
  const contexts = report.contexts.map(({ context, findings }) => ({ context, proxies: findings.map((finding) => jsonProxy(finding, render)) }));
  return `${JSON.stringify({ check: report.check, contexts, notices: report.notices.map(render) }, null, 2)}\n`;
}

function jsonProxy({ target, verdict, remark, trust, domains }: ProxyFinding, render: RenderText): object {
  const reason = verdict.kind === 'known' ? remark : verdict.why;
  return {
    namespace: target.pod.namespace,
    pod: target.pod.name,
    role: target.pod.proxy?.role,
    revision: target.pod.proxy?.revision,
    state: verdict.kind,
    verdict: verdict.kind === 'known' ? verdict.words : undefined,
    reason: reason && render(reason),
    roots: trust && heldJson(trust.anchors, (roots) => roots.map(jsonRoot), render),
    certificate:
      trust &&
      heldJson(
        trust.certificate,
        ({ spiffeId, notBefore, notAfter, serial, fingerprint, signedBy }) => ({
          spiffeId,
          serial,
          fingerprint,
          notBefore: new Date(notBefore).toISOString(),
          notAfter: new Date(notAfter).toISOString(),
          signedBy: signedBy ? jsonRoot(signedBy) : null,
        }),
        render,
      ),
    trustDomains: domains && { accepted: domains.accepted ?? 'any', fromMeshConfig: domains.fromMeshConfig, undelivered: domains.undelivered },
  };
}

type HeldSecret<Value> =
  | { readonly state: 'active'; readonly value: Value }
  | { readonly state: 'warming' | 'notLoaded' }
  | { readonly state: 'unreadable'; readonly failure: Parameters<typeof failureMessage>[0] };

function heldJson<Value>(held: HeldSecret<Value>, show: (value: Value) => unknown, render: RenderText): unknown {
  if (held.state === 'active') return show(held.value);
  return held.state === 'unreadable' ? { state: held.state, reason: render(failureMessage(held.failure)) } : { state: held.state };
}

function jsonRoot(root: NamedRoot): object {
  const { name, fingerprint, subject, notAfter } = root;
  return { word: caWord(root), ...name, fingerprint, subject: subject.replaceAll('\n', ', '), notAfter: new Date(notAfter).toISOString() };
}
