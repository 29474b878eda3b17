import { ROOMS_META } from '../../persist/list-preferences.ts';
import { ROOMS_DATA } from '../../persist/migration.ts';
import { OUTBOUND_KEY, decodeOutbound } from '../../persist/outbound-rows.ts';
import { preferencesOf } from '../../persist/preferences-value.ts';
import { roomOfKey } from '../../persist/room-keys.ts';
import type { FoundValue, GenerationRow } from '../../persist/earlier-rows.ts';
import { decode } from '../../river/cbor/codec.ts';
import { roomSlot } from '../../river/room-data.ts';
import { roomsBlob, type RoomsBlob } from '../../river/rooms-blob.ts';
import { roomsMeta, type RoomsMeta } from '../../river/rooms-meta.ts';
import type { DelegateKey } from '../../freenet/types.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { toBase58 } from '../../shared/bytes.ts';
import { ok, type Result } from '../../shared/result.ts';
import { valueHash } from '../value-hash.ts';
import { importLegacyDms } from './import-legacy-dms.ts';
import { importLegacyPreferences } from './import-legacy-preferences.ts';
import { importLegacyRoom, type LegacyImportDeps } from './import-legacy-room.ts';
import type { LegacyLink, Unanswered } from './legacy-link.ts';
import { keep, note } from './record-value.ts';
import type { Ending } from './verdicts.ts';

/** Values that are asked for, and in memory, at once. */
const READ_WAVE = 8;

/** More rooms than anybody has; each costs a read and a row's place. */
const MAX_LISTED = 4_096;

/** A room in the one blob is older than one under its own key in the same delegate. */
const BLOB_IS_OLDER = 0.5;

/**
 * Reads all of one earlier delegate, and takes each value in as it comes: what was taken in by an earlier try is not taken in again.
 * One generation at a time: what becomes of a room depends on what others have given of it.
 *
 * @param listed the keys that it lists; it may hold values that it does not list
 */
export async function readGeneration(
  deps: LegacyImportDeps,
  link: LegacyLink,
  delegate: DelegateKey,
  row: GenerationRow,
  listed: readonly string[],
): Promise<Ending> {
  const keys = listed.filter((key) => roomOfKey(key) !== undefined || key === ROOMS_META);
  if (keys.length > MAX_LISTED) {
    const reason = `it lists ${keys.length} rooms, and at most ${MAX_LISTED} can be taken over`;
    return { type: 'broke-off', reason };
  }
  const reader = new Reader(deps, link, delegate, row);
  const read = await reader.values([...new Set([ROOMS_DATA, OUTBOUND_KEY, ...keys])]);
  return read.ok ? { type: 'answered' } : { type: 'broke-off', reason: read.error.reason };
}

/**
 * The one old value with all rooms, in the delegate in use. It is read though the list may not name it, and it is never written.
 */
export async function readCurrentBlob(
  deps: LegacyImportDeps,
  link: LegacyLink,
  row: GenerationRow,
): Promise<Ending> {
  const read = await new Reader(deps, link, link.current, row).values([ROOMS_DATA]);
  return read.ok ? { type: 'answered' } : { type: 'silent', reason: read.error.reason };
}

class Reader {
  readonly #deps: LegacyImportDeps;
  readonly #link: LegacyLink;
  readonly #delegate: DelegateKey;
  readonly #row: GenerationRow;

  constructor(deps: LegacyImportDeps, link: LegacyLink, delegate: DelegateKey, row: GenerationRow) {
    this.#deps = deps;
    this.#link = link;
    this.#delegate = delegate;
    this.#row = row;
  }

  async values(keys: readonly string[]): Promise<Result<undefined, Unanswered>> {
    for (let i = 0; i < keys.length; i += READ_WAVE) {
      const wave = keys.slice(i, i + READ_WAVE);
      const got = await this.#link.get(this.#delegate, wave);
      if (!got.ok) return got;
      for (const [j, value] of got.value.entries()) {
        if (value !== undefined) await this.#take(wave[j] as string, value);
      }
    }
    return ok(undefined);
  }

  async #take(key: string, bytes: Uint8Array): Promise<void> {
    const hash = await valueHash(bytes);
    if (key === ROOMS_DATA) return this.#takeBlob(bytes, hash);
    if (this.#isTaken(key, hash)) return;
    if (key === ROOMS_META) return this.#takeMeta(key, bytes, hash);
    if (key === OUTBOUND_KEY) return this.#takeDms(key, bytes, hash);
    const slot = decode(roomSlot, bytes, 'room_slot');
    if (!slot.ok) return this.#invalid(key, bytes, hash, slot.error);
    const room = roomOfKey(key) as RoomKey;
    const data = slot.value.type === 'Tombstone' ? null : slot.value.room;
    const { rank } = this.#row;
    await importLegacyRoom(this.#deps, { row: this.#row, key, room, hash, rank, data });
  }

  async #takeBlob(bytes: Uint8Array, hash: string): Promise<void> {
    const decoded = decode(roomsBlob, bytes, ROOMS_DATA);
    if (!decoded.ok) return this.#invalid(ROOMS_DATA, bytes, hash, decoded.error);
    const blob = decoded.value;
    const rank = this.#row.rank - BLOB_IS_OLDER;
    for (const owner of blob.removedRooms) await this.#takeOfBlob(owner, hash, rank, null);
    for (const [owner, data] of blob.map) await this.#takeOfBlob(owner, hash, rank, data);
    if (!this.#isTaken(ROOMS_DATA, hash)) await this.#takePreferences(ROOMS_DATA, blob, hash);
  }

  async #takeOfBlob(
    owner: Uint8Array,
    hash: string,
    rank: number,
    data: RoomsBlob['map'][number][1] | null,
  ): Promise<void> {
    const room = toBase58(owner) as RoomKey;
    const key = `${ROOMS_DATA}/${data === null ? 'left' : 'room'}:${room}`;
    if (this.#isTaken(key, hash)) return;
    await importLegacyRoom(this.#deps, { row: this.#row, key, room, hash, rank, data });
  }

  async #takeMeta(key: string, bytes: Uint8Array, hash: string): Promise<void> {
    const meta = decode(roomsMeta, bytes, key);
    if (!meta.ok) return this.#invalid(key, bytes, hash, meta.error);
    await this.#takePreferences(key, meta.value, hash);
  }

  /** Which room was open is never taken over: nobody wants to be moved by an old version. */
  async #takePreferences(
    key: string,
    { notificationModes, roomOrder }: Pick<RoomsMeta, 'notificationModes' | 'roomOrder'>,
    hash: string,
  ): Promise<void> {
    if (notificationModes.length === 0 && roomOrder.length === 0) return this.#note(key, hash);
    const meta = { currentRoomKey: null, notificationModes, roomOrder, unknown: [] };
    const rank = this.#row.rank - (key === ROOMS_DATA ? BLOB_IS_OLDER : 0);
    const value = { ...this.#value(key, hash), rank };
    await importLegacyPreferences(this.#deps, this.#row, value, preferencesOf(meta));
  }

  async #takeDms(key: string, bytes: Uint8Array, hash: string): Promise<void> {
    const store = decodeOutbound(bytes);
    if (!store.ok) return this.#invalid(key, bytes, hash, store.error);
    const { entries, hiddenThreads } = store.value;
    if (entries.length === 0 && hiddenThreads.length === 0) return this.#note(key, hash);
    await importLegacyDms(this.#deps, this.#row, this.#value(key, hash), store.value);
  }

  /** What is set aside is tried again: this version may know better than the one that could not read it. */
  #isTaken(key: string, hash: string): boolean {
    const before = this.#row.found.find((value) => value.key === key);
    return before !== undefined && before.hash === hash && before.fate !== 'set-aside';
  }

  #value(key: string, hash: string): Omit<FoundValue, 'fate'> {
    return { key, hash, held: 'other', rank: this.#row.rank };
  }

  #note(key: string, hash: string): Promise<void> {
    return note(this.#deps, this.#row, { ...this.#value(key, hash), fate: 'noted' });
  }

  #invalid(
    key: string,
    bytes: Uint8Array,
    hash: string,
    { path, reason }: { readonly path: string; readonly reason: string },
  ): Promise<void> {
    const why = `${path}: ${reason}`;
    const value = this.#value(key, hash);
    return keep(this.#deps, this.#row, bytes, { ...value, fate: 'set-aside', reason: why });
  }
}
