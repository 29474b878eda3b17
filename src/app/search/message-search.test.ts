import { beforeEach, describe, expect, it } from 'vitest';
import type { WeirDatabase } from '../../persist/database.ts';
import { EditQueue } from '../../persist/edit-queue.ts';
import { RoomCache } from '../../persist/room-cache.ts';
import { openTestDatabase } from '../../persist/testing.ts';
import { SignatureMemo } from '../../river/signatures/memo.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { systemClock } from '../../shared/clock.ts';
import { systemRandom } from '../../shared/random.ts';
import type { Result } from '../../shared/result.ts';
import { changeEdit, deleteEdit, reactionEdit, textEdit } from '../state/message-edits.ts';
import { PeopleCore } from '../state/people-core.ts';
import type { SearchResults } from '../state/search-api.ts';
import { MessageSearch } from './message-search.ts';

const compose = { memo: new SignatureMemo(), clock: systemClock, random: systemRandom };

let db: WeirDatabase;
let people: PeopleCore;
let edits: EditQueue;
let search: MessageSearch;
let pauses: number;

beforeEach(async () => {
  db = await openTestDatabase();
  const { memo } = compose;
  const cache = new RoomCache(db, memo);
  people = new PeopleCore({
    db,
    cache,
    sync: { tell: () => {}, edited: () => {} },
    origin: 'http://localhost:7520',
    compose,
  });
  edits = new EditQueue({ db, cache, memo, clock: systemClock, committed: () => {} });
  pauses = 0;
  search = new MessageSearch(
    db,
    async () => void (pauses += 1),
    () => 0,
  );
});

function good<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const create = async (name: string, isPrivate = false): Promise<RoomKey> =>
  good(await people.createRoom({ name, nickname: 'Ana', isPrivate })).key;

const say = async (room: RoomKey, text: string): Promise<void> =>
  void good(await edits.submit(room, textEdit(compose, text)));

async function find(text: string, room?: RoomKey): Promise<SearchResults | undefined> {
  let last: SearchResults | undefined;
  for await (const results of search.run(text, room)) last = results;
  return last;
}

const texts = async (text: string, room?: RoomKey): Promise<readonly string[] | undefined> =>
  (await find(text, room))?.hits.map((hit) => hit.text);

/** The id of the one message that holds the words. */
async function idOf(words: string): Promise<bigint> {
  const [hit] = (await find(words))?.hits ?? [];
  if (hit?.where.type !== 'message') throw new Error('not found');
  return BigInt(hit.where.id);
}

describe('words', () => {
  it('are found in every room, the newest first, with author and room', async () => {
    const garden = await create('Garden');
    const boats = await create('Boats');
    await say(garden, 'The café opens at nine');
    await say(boats, 'Nothing about it');
    await say(boats, 'Coffee at the CAFÉ?');
    const found = await find('cafe');
    expect(found).toMatchObject({ total: 2, read: 2, of: 2 });
    expect(found?.hits.map(({ text, roomName }) => [text, roomName])).toEqual([
      ['Coffee at the CAFÉ?', 'Boats'],
      ['The café opens at nine', 'Garden'],
    ]);
    expect(found?.hits[0]).toMatchObject({ author: 'Ana', mine: true, room: boats });
    expect(await texts('cafe', garden)).toEqual(['The café opens at nine']);
    expect(await texts('cafe coffee')).toEqual(['Coffee at the CAFÉ?']);
    expect(await texts('from:ana nine')).toEqual(['The café opens at nine']);
    expect(await texts('from:bob nine')).toEqual([]);
  });

  it('are those of the newest edit, and of nothing that was deleted', async () => {
    const room = await create('Room');
    await say(room, 'a first draft');
    await say(room, 'to be deleted');
    good(await edits.submit(room, changeEdit(compose, await idOf('first draft'), 'the last word')));
    good(await edits.submit(room, deleteEdit(compose, await idOf('to be deleted'))));
    expect(await texts('first')).toEqual([]);
    expect(await texts('last word')).toEqual(['the last word']);
    expect(await texts('deleted')).toEqual([]);
  });

  it('of a private room are found too', async () => {
    const room = await create('Secret garden', true);
    await say(room, 'under the stone');
    expect(await texts('stone')).toEqual(['under the stone']);
  });

  it('of a room that was left are not', async () => {
    const room = await create('Left');
    await say(room, 'still here');
    expect(await texts('still')).toEqual(['still here']);
    good(await people.leave(room));
    expect(await texts('still')).toEqual([]);
  });

  it('are looked for nowhere when there are none', async () => {
    await create('Room');
    expect(await find('   ')).toBeUndefined();
  });
});

it('a room that has not changed is not read again, and of a changed one only what came', async () => {
  const room = await create('Room');
  for (let i = 0; i < 30; i++) await say(room, `message ${i}`);
  await find('message');
  const first = pauses;
  expect(first).toBeGreaterThan(0);
  await find('other');
  expect(pauses).toBe(first);
  await say(room, 'other words');
  good(await edits.submit(room, reactionEdit(compose, await idOf('other words'), '👍')));
  const before = pauses;
  expect(await texts('other')).toEqual(['other words']);
  expect(pauses).toBe(before + 1);
});
