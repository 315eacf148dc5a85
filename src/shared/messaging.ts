// Derives unions and handler records from a set of messages, so that names stand once.

/** A message set: name to payload. */
type MessageSet = object;

/** Any message of the set, tagged with its name. */
export type AnyMessage<Set extends MessageSet> = {
  [Name in keyof Set]: { readonly type: Name; readonly payload: Set[Name] };
}[keyof Set];

/** One handler for each message of the set: a missing one does not compile. */
export type MessageHandlers<Set extends MessageSet> = { readonly [Name in keyof Set]: (payload: Set[Name]) => void };

export type SendMessage<Set extends MessageSet> = <Name extends keyof Set>(type: Name, payload: Set[Name]) => void;

/** Gives an incoming value to its handler. False for what is no message of the set. */
export function dispatchMessage<Set extends MessageSet>(handlers: MessageHandlers<Set>, incoming: unknown): boolean {
  if (typeof incoming !== 'object' || incoming === null || !('type' in incoming) || !('payload' in incoming)) return false;
  const { type, payload } = incoming;
  if (typeof type !== 'string' || !Object.hasOwn(handlers, type)) return false;
  (handlers[type as keyof Set] as (payload: unknown) => void)(payload);
  return true;
}
