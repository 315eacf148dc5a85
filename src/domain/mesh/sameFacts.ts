// Compares facts by what they say, so that a list read again does not look like a change.

/** Whether two values of plain data are equal through and through. */
export function sameFacts(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every((key) => key in other && sameFacts((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]));
}
