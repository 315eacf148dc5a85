// Two streams tied together: what is written to one is read from the other (Node's own duplexPair came after 20.9).
import { Duplex } from 'node:stream';

class PairedDuplex extends Duplex {
  #other: PairedDuplex | undefined;
  #resume: (() => void) | undefined;

  tie(other: PairedDuplex): void {
    this.#other = other;
  }

  override _read(): void {
    const resume = this.#resume;
    this.#resume = undefined;
    resume?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const other = this.#other;
    // What is written to a closed connection is lost; the end of the stream has said so already.
    if (other === undefined || other.destroyed || other.push(chunk)) done();
    // The writer waits until the reader wants more.
    else other.#resume = done;
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#other?.destroyed === false) this.#other.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const other = this.#other;
    const resume = this.#resume;
    this.#resume = undefined;
    resume?.();
    // After an orderly end the other side still reads what is on its way.
    if (!this.writableFinished) process.nextTick(() => other?.destroy());
    done(error);
  }
}

/** The two ends of one connection. Destroying one ends the other. */
export function createDuplexPair(): readonly [Duplex, Duplex] {
  const [near, far] = [new PairedDuplex(), new PairedDuplex()];
  near.tie(far);
  far.tie(near);
  return [near, far];
}
