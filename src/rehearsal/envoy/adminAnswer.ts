// One answer of Envoy's admin interface.

export interface AdminAnswer {
  readonly status: number;
  readonly contentType: 'application/json' | 'text/plain; charset=UTF-8';
  readonly body: string;
}

export function text(status: number, body: string): AdminAnswer {
  return { status, contentType: 'text/plain; charset=UTF-8', body };
}
