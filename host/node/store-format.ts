/**
 * The version of the store's layout, and how older ones are brought up to date: forward only, in one transaction, at opening.
 *
 * 1: a secret was one record, its key and its value.
 * 2: keys and values apart (`stored-secrets.ts`), in a store that may hold several people's: an older Weir, which would show all of
 *    them the same secrets, must not open it.
 */
import type { RootDatabase } from 'lmdb';
import { utf8 } from '../../src/shared/bytes.ts';
import { putSecret, type Bytes, type SecretTables } from './stored-secrets.ts';

/** The version this code writes. Each change of the layout raises it. */
export const STORE_FORMAT = 2;

export type Root = RootDatabase<Uint8Array, Uint8Array>;

export const BINARY = { encoding: 'binary', keyEncoding: 'binary' } as const;

const FORMAT_KEY = utf8('format');

/** The tables of secrets: the shared ones, and those of the people of a hosted node. */
export const sharedSecrets = (root: Root): SecretTables => tables(root, 'secrets');
export const userSecrets = (root: Root): SecretTables => tables(root, 'user-secrets');

const tables = (root: Root, name: string): SecretTables => ({
  names: root.openDB(`${name}-names`, BINARY),
  values: root.openDB(`${name}-values`, BINARY),
});

/**
 * Brings the store to this format; a new one is given it. A newer one is left as it is.
 *
 * Killed in the middle, it is as it was. LMDB spills what does not fit into memory.
 *
 * @returns the version that was found
 * @throws Error when the store holds what its version does not allow
 */
export function bringUpToDate(root: Root): number {
  const meta: Bytes = root.openDB('meta', BINARY);
  const stored = meta.get(FORMAT_KEY);
  const found = stored === undefined ? STORE_FORMAT : readFormat(stored);
  if (found > STORE_FORMAT || (stored !== undefined && found === STORE_FORMAT)) return found;
  // tables are made before: each takes a transaction of its own, and an empty one does no harm
  const parted = [
    { from: root.openDB('secrets', BINARY), to: sharedSecrets(root) },
    { from: root.openDB('user-secrets', BINARY), to: userSecrets(root) },
  ] as const;
  root.transactionSync(() => {
    if (found === 1) for (const { from, to } of parted) part(from, to);
    meta.putSync(FORMAT_KEY, utf8(String(STORE_FORMAT)));
  });
  return found;
}

/** Of a store that is only read. @throws Error when it says none that can be read */
export function formatOf(root: Root): number {
  const meta = root.openDB('meta', BINARY) as Bytes | undefined;
  const stored = meta?.get(FORMAT_KEY);
  if (stored === undefined) throw new Error('it says no format');
  return readFormat(stored);
}

function readFormat(stored: Uint8Array): number {
  const text = Buffer.from(stored).toString('utf8');
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error('its format version is not a number');
  return Number(text);
}

/** Format 1: place → u32 LE length of the secret's key, the key, the value. */
function part(from: Bytes, to: SecretTables): void {
  const places: Uint8Array[] = [];
  for (const place of from.getKeys()) places.push(place);
  for (const place of places) {
    const record = new Uint8Array(from.get(place) ?? []);
    const end = record.length < 4 ? Infinity : 4 + new DataView(record.buffer).getUint32(0, true);
    if (end > record.length) throw new Error('a secret of format 1 is cut short');
    putSecret(to, place, record.slice(4, end), record.slice(end));
    from.removeSync(place);
  }
}
