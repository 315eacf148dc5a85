// What a handler gives back: a code and a body that the server writes, or the promise that it writes the response itself.

export interface Answer {
  readonly code: number;
  /** A string is sent as it is, anything else as JSON. */
  readonly body: unknown;
  readonly contentType?: string;
}

export function ok(body: unknown): Answer {
  return { code: 200, body };
}

export function created(body: unknown): Answer {
  return { code: 201, body };
}

export function plainText(body: string): Answer {
  return { code: 200, body, contentType: 'text/plain; charset=utf-8' };
}
