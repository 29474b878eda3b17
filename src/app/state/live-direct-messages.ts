import type { WeirDatabase } from '../../persist/database.ts';
import type { DmThreadRow, MemberNoteRow, RoomRow } from '../../persist/schema.ts';
import { shownName } from '../../river/names/display-name.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { LiveValue } from '../../shared/live-query.ts';
import type { Result } from '../../shared/result.ts';
import type { EditError, Edited } from './api.ts';
import type { DmOverviewItem, DmsApi, DmsHandle } from './dm-api.ts';
import { timesOf } from './dm-times.ts';
import { openLater } from './live-handle.ts';
import { Rereader } from './rereader.ts';
import type { RoomCore } from './room-core.ts';
import type { SyncController } from './sync-controller.ts';

/**
 * Direct messages: the list over all rooms straight from its rows, conversations through the core, which is fetched when it is
 * first asked for.
 */
export class LiveDirectMessages implements DmsApi {
  readonly overview = new LiveValue<readonly DmOverviewItem[]>();
  readonly #core: () => Promise<RoomCore>;
  readonly #db: WeirDatabase;
  readonly #reader = new Rereader(() => this.#read());

  constructor(
    core: () => Promise<RoomCore>,
    { db, sync }: { readonly db: WeirDatabase; readonly sync: Pick<SyncController, 'listen'> },
  ) {
    this.#core = core;
    this.#db = db;
    sync.listen(({ type }) => {
      if (type === 'rooms-changed' || type === 'loaded') void this.#reader.refresh();
    });
    void this.#reader.refresh();
  }

  open(room: RoomKey, peer?: string): DmsHandle {
    return openLater(this.#core(), ({ dms }) => {
      const opened = dms.open(room, peer);
      return { live: opened.live, close: () => dms.close(opened) };
    });
  }

  async send(room: RoomKey, peer: string, text: string): Edited {
    return (await this.#core()).dms.send(room, peer, text);
  }

  async invite(room: RoomKey, peer: string, to: RoomKey, note: string): Edited {
    return (await this.#core()).dms.invite(room, peer, to, note);
  }

  async hide(room: RoomKey, peer: string): Promise<Result<undefined, EditError>> {
    return (await this.#core()).dms.hide(room, peer);
  }

  async show(room: RoomKey, peer: string): Promise<Result<undefined, EditError>> {
    return (await this.#core()).dms.show(room, peer);
  }

  async purge(room: RoomKey, peer: string): Edited {
    return (await this.#core()).dms.purge(room, peer);
  }

  async #read(): Promise<void> {
    const stores = ['rooms', 'dm_threads', 'member_notes'] as const;
    const { rooms, threads, notes } = await this.#db.read(stores, async (tx) => ({
      rooms: await tx.objectStore('rooms').getAll(),
      threads: await tx.objectStore('dm_threads').getAll(),
      notes: await tx.objectStore('member_notes').getAll(),
    }));
    this.overview.set(overviewOf(withoutMuted(rooms, notes), threads));
  }
}

/** The rows without conversations with people of whom nothing is shown. */
export function withoutMuted(
  rooms: readonly RoomRow[],
  notes: readonly MemberNoteRow[],
): readonly RoomRow[] {
  const muted = new Set(
    notes.flatMap((note) => (note.mutedAt === undefined ? [] : [`${note.room} ${note.member}`])),
  );
  if (muted.size === 0) return rooms;
  return rooms.map((row) => {
    const dms = row.listing.dms?.filter(({ peer }) => !muted.has(`${row.room} ${peer}`));
    return dms ? { ...row, listing: { ...row.listing, dms } } : row;
  });
}

/** All conversations, in the order of the list: unread, then newest, then by room and person. */
export function overviewOf(
  rooms: readonly RoomRow[],
  threads: readonly DmThreadRow[],
): readonly DmOverviewItem[] {
  const decided = new Map(threads.map((row) => [`${row.room} ${row.peer}`, row]));
  return rooms
    .filter(({ status }) => status === 'present')
    .flatMap(({ room, listing }) =>
      (listing.dms ?? []).map(({ peer, name, inbound, answered }): DmOverviewItem => {
        const pair = { inbound, answered };
        const times = timesOf(pair, decided.get(`${room} ${peer}`));
        const last = times.newestInbound > answered ? times.newestInbound : answered;
        return {
          room,
          roomName: listing.name,
          peer,
          name: shownName(name),
          unread: times.unread,
          isHidden: times.isHidden,
          lastAt: Number(last) * 1000,
        };
      }),
    )
    .sort(
      (a, b) =>
        b.unread - a.unread ||
        (b.lastAt ?? 0) - (a.lastAt ?? 0) ||
        (`${a.room} ${a.peer}` < `${b.room} ${b.peer}` ? -1 : 1),
    );
}
