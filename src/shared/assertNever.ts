// The end of an exhaustive switch: a case that was forgotten does not compile.

/** Called where no value can arrive. Throws when one does, naming it. */
export function assertNever(value: never): never {
  throw new Error(`Not a case: ${JSON.stringify(value)}`);
}
