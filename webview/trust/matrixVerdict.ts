// What the Matrix says of itself in a sentence or two: whether all classes can authenticate each other, drawn or not.
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import type { MatrixView } from '../../src/shared/trustViews.js';

/** In how many pairs something fails or is not known. */
export function matrixVerdict({ pairs: { broken, unknown } }: Pick<MatrixView, 'pairs'>): readonly Message[] {
  if (broken + unknown === 0) return [message('panel.matrix.whole')];
  return [
    ...(broken === 0 ? [] : [message('panel.matrix.broken', { count: broken })]),
    ...(unknown === 0 ? [] : [message('panel.matrix.unknownPairs', { count: unknown })]),
  ];
}
