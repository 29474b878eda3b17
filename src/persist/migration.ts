import type { RoomKey } from '../shared/brand.ts';
import type { ReadTx, WriteTx } from './database.ts';
import { isDurable } from './receipts.ts';
import { delegateKeyOfRoom } from './room-keys.ts';
import { laneIn } from './lanes.ts';
import { ROOMS_META } from './list-preferences.ts';
import type { FoundValue, GenerationRow, Verdict } from './earlier-rows.ts';
import type { Failure, Path } from './schema.ts';

/** A migration: to one target, from one registry of earlier delegates. */
export interface MigrationScope {
  readonly target: string;
  readonly fingerprint: string;
}

const SCOPE = 'migration';

const FINAL: ReadonlySet<Verdict> = new Set(['empty', 'imported', 'superseded']);

export const isFinal = ({ verdict }: Pick<GenerationRow, 'verdict'>): boolean => FINAL.has(verdict);

/**
 * Whether nothing is left to migrate. Never stored: it follows from the rows, and these follow from answers and receipts.
 * Without rows nothing has been decided, and so nothing is sealed.
 */
export const isSealed = (rows: readonly GenerationRow[]): boolean =>
  rows.length > 0 && rows.every(isFinal);

/** The migration that is shown and worked on; undefined before the delegate in use was loaded for the first time. */
export async function scopeIn(tx: ReadTx | WriteTx): Promise<MigrationScope | undefined> {
  const stored = await tx.objectStore('settings').get(SCOPE);
  const [, fingerprint, target] = /^(\S+) (.+)$/.exec(stored ?? '') ?? [];
  return fingerprint === undefined || target === undefined ? undefined : { fingerprint, target };
}

export const putScope = async (
  tx: WriteTx,
  { fingerprint, target }: MigrationScope,
): Promise<void> => {
  await tx.objectStore('settings').put(`${fingerprint} ${target}`, SCOPE);
};

/** Newest first: what a newer delegate holds decides, so that older copies change less. */
export async function generationsIn(
  tx: ReadTx | WriteTx,
  scope: MigrationScope,
): Promise<GenerationRow[]> {
  const of: [string, string] = [scope.target, scope.fingerprint];
  const rows = await tx
    .objectStore('generations')
    .getAll(IDBKeyRange.bound([...of], [...of, []] as const));
  return rows.sort((a, b) => b.rank - a.rank);
}

/** The generations of the migration that is shown and worked on, newest first; none before it was begun. */
export async function presentGenerationsIn(tx: ReadTx | WriteTx): Promise<GenerationRow[]> {
  const scope = await scopeIn(tx);
  return scope ? generationsIn(tx, scope) : [];
}

/** Everything that earlier delegates have ever given of one room for a target, whichever registry named them. */
export async function foundOfRoom(
  tx: ReadTx | WriteTx,
  target: string,
  room: RoomKey,
): Promise<FoundValue[]> {
  const rows = await tx
    .objectStore('generations')
    .getAll(IDBKeyRange.bound([target], [target, []] as const));
  return rows.flatMap(({ found }) => found.filter((value) => value.room === room));
}

/** Replaces what is recorded of one value. @throws when the generation has no row */
export async function recordFound(
  tx: WriteTx,
  key: [target: string, fingerprint: string, delegate: string],
  value: FoundValue,
): Promise<void> {
  const generations = tx.objectStore('generations');
  const row = await generations.get(key);
  if (!row) throw new Error(`no generation ${key[2]}`);
  const found = [...row.found.filter((each) => each.key !== value.key), value];
  await generations.put({ ...row, found });
}

/**
 * Gives the verdict `imported` to every generation whose values are all proved to be on the target: durable receipts cover each.
 *
 * @returns whether any verdict has changed
 */
export async function settleImported(
  tx: WriteTx,
  scope: MigrationScope,
  now: number,
): Promise<boolean> {
  let settled = false;
  for (const row of await generationsIn(tx, scope)) {
    if (row.verdict !== 'imported-local') continue;
    if ((await uncovered(tx, row)).length > 0) continue;
    const { reason: _reason, nextTryAt: _nextTryAt, ...rest } = row;
    await tx.objectStore('generations').put({ ...rest, verdict: 'imported', at: now });
    settled = true;
  }
  return settled;
}

/** The values of a generation that nothing proves to be on the target yet. */
export async function uncovered(tx: ReadTx | WriteTx, row: GenerationRow): Promise<FoundValue[]> {
  const open: FoundValue[] = [];
  for (const value of row.found) {
    if (value.fate === 'noted') continue;
    if (value.fate === 'imported' && (await isCovered(tx, row.target, value))) continue;
    open.push(value);
  }
  return open;
}

/** Key of the one value that held all rooms and their list, before each room had a key of its own. */
export const ROOMS_DATA = 'rooms_data';

/** Under what an imported value was marked, and its receipts are: its room, the list of rooms, or all direct messages. */
function markedUnder({ key, room }: Pick<FoundValue, 'key' | 'room'>): [Path, string] {
  if (room !== undefined) return ['rooms', delegateKeyOfRoom(room)];
  return isOfList(key) ? ['rooms', ROOMS_META] : ['outbound-dms', key];
}

const isOfList = (key: string): boolean => key === ROOMS_META || key === ROOMS_DATA;

async function isCovered(
  tx: ReadTx | WriteTx,
  target: string,
  value: FoundValue,
): Promise<boolean> {
  const { seq } = value;
  if (seq === undefined) return false;
  const marked = markedUnder(value);
  const range = IDBKeyRange.bound([...marked], [...marked, []]);
  const receipts = await tx.objectStore('receipts').getAll(range);
  return receipts.some(
    (receipt) => receipt.target === target && receipt.coverage >= seq && isDurable(receipt),
  );
}

/** What was imported and is not proved to be on the target. */
export interface Undelivered {
  readonly what:
    | { readonly type: 'room'; readonly name: string }
    /** All of them, or what was decided about the list of rooms. */
    | { readonly type: 'direct-messages' | 'list' };
  /** The node's words, where it has refused it. */
  readonly refusal?: string;
}

/** What is shown of a migration. */
export interface Migration {
  readonly rows: readonly GenerationRow[];
  /** Why the node could not be asked, when it could not. */
  readonly failure?: Failure;
  readonly undelivered: readonly Undelivered[];
}

/** Stores: `settings`, `generations`, `lanes`, `dirty`, `rooms`. */
export async function migrationIn(tx: ReadTx): Promise<Migration> {
  const rows = await presentGenerationsIn(tx);
  const { failure } = await laneIn(tx, 'migrate');
  const imported = rows
    .filter(({ verdict }) => verdict === 'imported-local')
    .flatMap(({ found }) => found.filter(({ fate }) => fate === 'imported'));
  const undelivered: Undelivered[] = [];
  const each = new Map(imported.map((value) => [markedUnder(value).join(' '), value]));
  for (const value of each.values()) {
    const marker = await tx.objectStore('dirty').get(markedUnder(value));
    if (!marker) continue;
    const refusal = marker.failure?.sentence;
    undelivered.push({ what: await whatIs(tx, value), ...(refusal !== undefined && { refusal }) });
  }
  return { rows, undelivered, ...(failure && { failure }) };
}

async function whatIs(tx: ReadTx, { key, room }: FoundValue): Promise<Undelivered['what']> {
  if (room === undefined) return { type: isOfList(key) ? 'list' : 'direct-messages' };
  const row = await tx.objectStore('rooms').get(room);
  return { type: 'room', name: row?.listing.name ?? room };
}
