// Something that is loaded when it is first needed.

/** Loads at the first call; a load that failed is tried again at the next. */
export function once<Value>(load: () => Promise<Value>): () => Promise<Value> {
  const loaded: { value: Promise<Value> | undefined } = { value: undefined };
  return () => {
    loaded.value ??= load().catch((error: unknown) => {
      loaded.value = undefined;
      throw error;
    });
    return loaded.value;
  };
}
