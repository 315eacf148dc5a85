// What a gate answers in words for people: its obstacles as items with a way past each, and what was looked at.
import type { GateId, GateSubject, GateVerdict } from './gate.js';
import { gateEvidence } from './gateEvidence.js';
import type { GateFacts } from './gateFacts.js';
import { gateItem } from './gateItem.js';
import { gateObstacles } from './gateObstacles.js';

/** Judges the mesh as it was read; ask again right before a command starts. `isGateOpen` is the cheap form without words. */
export function judgeGate(gate: GateId, facts: GateFacts, subject: GateSubject): GateVerdict {
  const items = [...gateObstacles(gate, facts, subject)].map((obstacle) => gateItem(gate, obstacle, facts));
  const isKnown = items.some(({ unknown }) => !unknown);
  const state = items.length === 0 ? 'open' : isKnown ? 'shut' : 'unknown';
  return { gate, state, items, evidence: gateEvidence(facts) };
}
