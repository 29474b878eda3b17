import { selfIdOf, type OwnRoomData } from '../river/room-data.ts';
import { decodeOwn, decodePart, fieldOfPart, ROOM_PARTS } from '../river/room-parts.ts';
import type { RoomState } from '../river/room-state/room-state.ts';
import { readableSecrets } from '../river/secrets.ts';
import type { RoomKey } from '../shared/brand.ts';
import type { ReadTx } from './database.ts';
import type { DecodedPart, DecodedParts } from './decoded-parts.ts';
import type { Reader } from './room-outline.ts';
import type { PartName, PartRow } from './schema.ts';

/** What a room is besides its messages, read from its rows: people, settings, secrets, and whose room it is read as. */
export class ReadParts {
  readonly #room: RoomKey;
  readonly #decoded: DecodedParts;
  readonly #parts = new Map<PartName, DecodedPart>();
  #reader: Reader = { secrets: new Map(), selfId: undefined, muted: new Set() };

  constructor(room: RoomKey, decoded: DecodedParts) {
    this.#room = room;
    this.#decoded = decoded;
  }

  get reader(): Reader {
    return this.#reader;
  }

  get own(): OwnRoomData {
    return this.#parts.get('own')?.value as OwnRoomData;
  }

  /** The fields of the room's state, without its messages. */
  get fields(): Readonly<Record<string, unknown>> {
    const fields = ROOM_PARTS.map((part) => [fieldOfPart(part), this.#parts.get(part)?.value]);
    return Object.fromEntries(fields) as Record<string, unknown>;
  }

  /** @returns whether these are others than before */
  mute(muted: ReadonlySet<string>): boolean {
    const known = this.#reader.muted;
    if (muted.size === known.size && [...muted].every((id) => known.has(id))) return false;
    this.#reader = { ...this.#reader, muted };
    return true;
  }

  /** @param names absent: all */
  async rowsIn(tx: ReadTx, names?: ReadonlySet<PartName>): Promise<readonly PartRow[]> {
    const store = tx.objectStore('parts');
    if (!names) return store.getAll(IDBKeyRange.bound([this.#room], [this.#room, []]));
    const rows = await Promise.all([...names].map((name) => store.get([this.#room, name])));
    return rows.flatMap((row) => row ?? []);
  }

  /** @returns `no-room` when they are none; `opens-more`: more of what is sealed can be read than before */
  take(rows: readonly PartRow[]): 'no-room' | 'opens-more' | 'taken' {
    for (const { part, bytes } of rows) {
      let decoded = this.#decoded.get(this.#room, part, bytes);
      if (!decoded) {
        const value = part === 'own' ? decodeOwn(bytes) : decodePart(part, bytes);
        if (!value.ok) return 'no-room';
        decoded = { bytes, value: value.value };
        this.#decoded.set(this.#room, part, decoded);
      }
      this.#parts.set(part, decoded);
    }
    if (this.#parts.size < ROOM_PARTS.length + 1) return 'no-room';
    const { own } = this;
    const sealed = this.#parts.get('secrets')?.value as RoomState['secrets'];
    const before = this.#reader.secrets.size;
    this.#reader = {
      ...this.#reader,
      secrets: readableSecrets(sealed, own.selfSk, own.invitationSecrets),
      selfId: selfIdOf(own),
    };
    return this.#reader.secrets.size === before ? 'taken' : 'opens-more';
  }
}
