import type { WeirDatabase } from '../../persist/database.ts';
import type { RoomRow } from '../../persist/schema.ts';
import type { MemberId } from '../../river/ids.ts';
import type { RoomKey } from '../../shared/brand.ts';
import {
  MAX_HITS,
  type SearchApi,
  type SearchHit,
  type SearchResults,
} from '../state/search-api.ts';
import { excerptOf } from './excerpt.ts';
import { fold } from './fold.ts';
import { millisOf } from './place.ts';
import { parseQuery, type SearchQuery } from './query.ts';
import { RoomReader, type ReadRoom, type SaidDirectly } from './room-reader.ts';
import type { Found } from './room-texts.ts';

/** Results that are still growing are not shown more often than this. */
const REDRAW_MS = 150;
/** Rooms that were read before are looked through for so long before a key press has its turn. */
const WORK_MS = 8;

type Hit = { readonly row: RoomRow; readonly read: ReadRoom; readonly at: number } & (
  | { readonly type: 'message'; readonly found: Found }
  | { readonly type: 'dm'; readonly said: SaidDirectly }
);

/**
 * Finds words in everything that this browser stores. Rooms are read when they are first searched, the newest first, and then only
 * what has come since; their words stay in memory as long as the page does.
 */
export class MessageSearch implements SearchApi {
  readonly #db: WeirDatabase;
  readonly #reader: RoomReader;
  readonly #pause: () => Promise<void>;
  readonly #now: () => number;

  /**
   * @param pause lets the page draw
   * @param now milliseconds, for the pace of results
   */
  constructor(db: WeirDatabase, pause: () => Promise<void>, now: () => number) {
    this.#db = db;
    this.#reader = new RoomReader(db, pause);
    this.#pause = pause;
    this.#now = now;
  }

  async *run(text: string, room?: RoomKey): AsyncGenerator<SearchResults> {
    const query = parseQuery(text);
    if (!query) return;
    const rows = await this.#rows(room);
    const of = rows.length;
    let hits: readonly Hit[] = [];
    let total = 0;
    let drawnAt = this.#now();
    let restedAt = drawnAt;
    for (const [i, row] of rows.entries()) {
      if (this.#now() - restedAt > WORK_MS) {
        await this.#pause();
        restedAt = this.#now();
      }
      const room = await this.#reader.read(row);
      const found = room ? findIn(room, row, query) : [];
      total += found.length;
      if (found.length > 0) hits = [...hits, ...found].sort(byTime).slice(0, MAX_HITS);
      if (i === of - 1 || this.#now() - drawnAt < REDRAW_MS) continue;
      yield { hits: await this.#shown(hits, query), total, read: i + 1, of };
      drawnAt = this.#now();
    }
    yield { hits: await this.#shown(hits, query), total, read: of, of };
  }

  async #rows(room: RoomKey | undefined): Promise<readonly RoomRow[]> {
    const rows = await this.#db.read(['rooms'], (tx) => tx.objectStore('rooms').getAll());
    return rows
      .filter((row) => row.status === 'present' && (room === undefined || row.room === room))
      .sort(byNews);
  }

  async #shown(hits: readonly Hit[], { terms }: SearchQuery): Promise<SearchHit[]> {
    const shown = await Promise.all(hits.map((hit) => this.#shownOne(hit, terms)));
    return shown.filter((hit) => hit !== undefined);
  }

  async #shownOne(hit: Hit, terms: readonly string[]): Promise<SearchHit | undefined> {
    const { row, read, at } = hit;
    const nameOf = (id: MemberId): string => read.names.get(id) ?? UNKNOWN;
    const base = { room: row.room, roomName: row.listing.name, at };
    if (hit.type === 'dm') {
      const { peer, mine, text } = hit.said;
      return {
        ...base,
        ...excerptOf(text, terms),
        where: { type: 'dm', peer: String(peer), peerName: nameOf(peer) },
        author: mine && read.selfId !== undefined ? nameOf(read.selfId) : nameOf(peer),
        mine,
      };
    }
    const { id, author, words } = hit.found;
    const text = await this.#reader.words(read, row.room, words);
    if (text === undefined) return undefined;
    return {
      ...base,
      ...excerptOf(text, terms),
      where: { type: 'message', id: String(id) },
      author: nameOf(author),
      mine: author === read.selfId,
    };
  }
}

function findIn(read: ReadRoom, row: RoomRow, query: SearchQuery): readonly Hit[] {
  const { from, terms } = query;
  const isFrom = (id: MemberId | undefined): boolean =>
    (id === undefined || !read.muted.has(id)) &&
    (from === undefined ||
      (id !== undefined && fold(read.names.get(id) ?? UNKNOWN).includes(from)));
  const hits: Hit[] = [];
  for (const found of read.texts.find(query, isFrom)) {
    hits.push({ type: 'message', row, read, at: millisOf(found.place), found });
  }
  for (const said of read.dms.values()) {
    // a muted person's conversation is not shown at all, whoever wrote
    if (read.muted.has(said.peer) || !isFrom(said.mine ? read.selfId : said.peer)) continue;
    if (!terms.every((term) => said.folded.includes(term))) continue;
    hits.push({ type: 'dm', row, read, at: said.at, said });
  }
  return hits;
}

/** As the conversation calls one who has no name in the room. */
const UNKNOWN = 'Unknown';

const byTime = (a: Hit, b: Hit): number => b.at - a.at;

const byNews = (a: RoomRow, b: RoomRow): number =>
  (b.listing.lastMessage?.at ?? 0) - (a.listing.lastMessage?.at ?? 0);
