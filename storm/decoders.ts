/** What counts as a save, told from the head of what a page or worker sends. */
import { messageNames } from './message-names.ts';
import type { Sent } from './hook.ts';

/** A plug-in is a module whose default export is one of these. */
export interface SaveDecoder {
  readonly name: string;
  /** One line for the report: what it counts. */
  readonly counts: string;
  /** @param head the first bytes, at most `HEAD_BYTES` */
  isSave(sent: Sent, head: Uint8Array): boolean;
}

/** Requests to a Freenet delegate that store something, as River and Weir send them to their chat delegate. */
const freenet: SaveDecoder = {
  name: 'freenet',
  counts: 'delegate requests with StoreRequest or CasStoreRequest in them',
  isSave: ({ kind }, head) =>
    kind === 'socket' &&
    messageNames(head).some((name) => name === 'StoreRequest' || name === 'CasStoreRequest'),
};

const http: SaveDecoder = {
  name: 'http',
  counts: 'HTTP requests that are neither GET nor HEAD',
  isSave: ({ kind }) => kind === 'request',
};

const sockets: SaveDecoder = {
  name: 'sockets',
  counts: 'messages sent over WebSockets',
  isSave: ({ kind }) => kind === 'socket',
};

export const DECODERS: readonly SaveDecoder[] = [freenet, http, sockets];

/** One of those above by its name, or the module at a path. @throws Error in words */
export async function decoderNamed(
  name: string,
  load: (path: string) => Promise<{ readonly default?: unknown }>,
): Promise<SaveDecoder> {
  const known = DECODERS.find((each) => each.name === name);
  if (known) return known;
  const { default: decoder } = await load(name);
  if (!isDecoder(decoder)) {
    throw new Error(
      `${name}: its default export is no decoder: { name, counts, isSave(sent, head) } is wanted`,
    );
  }
  return decoder;
}

const isDecoder = (value: unknown): value is SaveDecoder =>
  typeof value === 'object' &&
  value !== null &&
  'isSave' in value &&
  typeof value.isSave === 'function' &&
  'name' in value &&
  typeof value.name === 'string' &&
  'counts' in value &&
  typeof value.counts === 'string';
