// The smallest things that long-lived objects need: something to subscribe to, and something to be rid of.

export interface Disposable {
  dispose(): void;
}

/** Calls its listeners in the order in which they came; one that throws does not keep the others from hearing. */
export class Emitter<Value> implements Disposable {
  readonly #listeners = new Set<{ readonly hear: (value: Value) => void }>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  readonly event = (listener: (value: Value) => void): Disposable => {
    const entry = { hear: listener };
    this.#listeners.add(entry);
    return {
      dispose: () => {
        this.#listeners.delete(entry);
      },
    };
  };

  fire(value: Value): void {
    for (const { hear } of [...this.#listeners]) {
      try {
        hear(value);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

/** Owns disposables; what is added after it was disposed of is disposed of at once. */
export class DisposableStore implements Disposable {
  readonly #owned = new Set<Disposable>();
  #disposed = false;

  add<Owned extends Disposable>(owned: Owned): Owned {
    if (this.#disposed) owned.dispose();
    else this.#owned.add(owned);
    return owned;
  }

  dispose(): void {
    this.#disposed = true;
    for (const owned of [...this.#owned].reverse()) owned.dispose();
    this.#owned.clear();
  }
}
