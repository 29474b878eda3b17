import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode } from '../river/cbor/codec.ts';
import { encodeContent, type Content } from '../river/content.ts';
import { messageId, type MessageId } from '../river/ids.ts';
import { sign } from '../river/keys.ts';
import type { OwnRoomData } from '../river/room-data.ts';
import { message as messageCodec, type AuthorizedMessage } from '../river/room-state/messages.ts';
import { RoomView } from '../river/room-view.ts';
import { trustRoom } from '../river/room.ts';
import { SignatureMemo } from '../river/signatures/memo.ts';
import type { Person } from '../river/testing/random-room.ts';
import { fresh, invited, owner, params, person, update } from '../river/testing/small-room.ts';
import type { RoomKey } from '../shared/brand.ts';
import { toBase58 } from '../shared/bytes.ts';
import { systemClock } from '../shared/clock.ts';
import { ok } from '../shared/result.ts';
import { awaitingRoom } from './awaiting-room.ts';
import type { WeirDatabase } from './database.ts';
import { loadRoom } from './loaded-room.ts';
import { mergeNews } from './merge-news.ts';
import { RoomCache } from './room-cache.ts';
import { RoomHistory } from './room-history.ts';
import { openTestDatabase } from './testing.ts';
import { changeWholeRoom } from './whole-room.ts';

const [alice, bob] = [person(2), person(3)];
const people = [owner, alice, bob];
const room = toBase58(owner.key) as RoomKey;
const LIMIT = 10_000;

function says(author: Person, secs: number, content: Content): AuthorizedMessage {
  const types = { text: 1, reply: 3, join: 4 } as const;
  const contentType = content.type in types ? types[content.type as keyof typeof types] : 2;
  const body = {
    type: 'Public',
    contentType,
    contentVersion: 1,
    data: encodeContent(content),
  } as const;
  const time = { secsSinceEpoch: BigInt(secs), nanosSinceEpoch: 0 };
  const message = { roomOwner: owner.id, author: author.id, time, content: body };
  return { message, signature: sign(encode(messageCodec, message), author.seed) };
}

const words = (author: Person, secs: number, text = `at ${secs}`): AuthorizedMessage =>
  says(author, secs, { type: 'text', text });

const byOrder = (a: AuthorizedMessage, b: AuthorizedMessage): number =>
  Number(a.message.time.secsSinceEpoch - b.message.time.secsSinceEpoch) ||
  (messageId(a) < messageId(b) ? -1 : 1);

async function stored(
  messages: readonly AuthorizedMessage[],
  maxRecentMessages = LIMIT,
): Promise<WeirDatabase> {
  const db = await openTestDatabase();
  const memo = new SignatureMemo();
  const state = {
    ...fresh({ maxRecentMessages }),
    members: [invited(alice, owner), invited(bob, owner)],
    recentMessages: messages.toSorted(byOrder),
  };
  trustRoom(state, params, memo);
  const own = awaitingRoom({
    owner: owner.key,
    selfSk: alice.seed,
    authorizedMember: invited(alice, owner),
    inviteChain: [],
    memberInfo: null,
    nickname: 'Alice',
    secrets: [],
    contractCodeHash: new Uint8Array(32),
  });
  const data = { ...own, roomState: state };
  const deps = { db, memo, clock: systemClock, committed: () => {} };
  const done = await changeWholeRoom(deps, room, () => ok({ type: 'store', data, joined: true }));
  expect(done.ok).toBe(true);
  return db;
}

/** Another tab that hears of news. */
function hears(db: WeirDatabase) {
  const memo = new SignatureMemo();
  const deps = { db, cache: new RoomCache(db, memo), memo, clock: systemClock };
  return async (...recentMessages: AuthorizedMessage[]): Promise<void> => {
    const outcome = await mergeNews(deps, room, {
      type: 'delta',
      delta: update({ recentMessages }),
    });
    expect(outcome.type).toBe('merged');
  };
}

async function opened(db: WeirDatabase): Promise<RoomHistory> {
  const history = new RoomHistory(db, room);
  expect((await history.refresh()).type).toBe('changed');
  return history;
}

async function scanAll(history: RoomHistory): Promise<void> {
  while (await history.scan());
}

/** What is drawn of a room: of the whole, or of a window. */
function drawn(
  { state, own }: { state: ConstructorParameters<typeof RoomView>[0]; own: OwnRoomData },
  only: (id: MessageId) => boolean = () => true,
) {
  return new RoomView(state, own)
    .messages()
    .filter(({ id }) => only(id))
    .map(({ id, text, isEdited, reactions, replyTo }) => ({
      id,
      text,
      isEdited,
      reactions,
      replyTo,
    }));
}

function drawnOf(history: RoomHistory) {
  const { loaded, shownIds } = history;
  if (!loaded) throw new Error('not stored');
  return drawn(loaded, (id) => shownIds.has(id));
}

async function whole(db: WeirDatabase) {
  const loaded = await loadRoom(db, room, new SignatureMemo());
  if (!loaded.ok || !loaded.value) throw new Error('not stored');
  return drawn(loaded.value);
}

const lines: AuthorizedMessage[] = [];

const many = (count: number): AuthorizedMessage[] => {
  for (let i = lines.length; i < count; i++) lines.push(words(i % 2 ? alice : bob, 1_000 + i));
  return lines.slice(0, count);
};

describe('a room that is opened', () => {
  it('is read from its end: a few rows of many', async () => {
    const db = await stored(many(1_000));
    const history = await opened(db);
    expect(drawnOf(history).map(({ text }) => text)).toEqual(
      Array.from({ length: 14 }, (_, i) => `at ${1_986 + i}`),
    );
    expect(history.rowsRead).toBe(48);
  });

  it('shows what the whole room would show, wherever the window is', async () => {
    const action = fc.record({
      by: fc.nat(2),
      on: fc.nat(59),
      late: fc.integer({ min: -30, max: 30 }),
      type: fc.constantFrom('edit', 'delete', 'react', 'unreact', 'reply'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { maxLength: 60 }),
        fc.nat(59),
        fc.integer({ min: 1, max: 40 }),
        async (actions, at, count) => {
          const base = many(60);
          const made = actions.map(({ by, on, late, type }, i) => {
            const target = messageId(base[on] as AuthorizedMessage);
            const content: Content =
              type === 'edit'
                ? { type, target, newText: `edit ${i}` }
                : type === 'delete'
                  ? { type, target }
                  : type === 'reply'
                    ? {
                        type,
                        text: `reply ${i}`,
                        targetMessageId: target,
                        targetAuthorName: '',
                        targetContentPreview: '',
                      }
                    : { type, target, emoji: '👍' };
            return says(people[by] as Person, 1_000 + on + late, content);
          });
          const unique = new Map([...base, ...made].map((each) => [messageId(each), each]));
          const db = await stored([...unique.values()]);
          const all = await whole(db);
          const history = await opened(db);
          await scanAll(history);
          const index = Math.min(at, Math.max(0, all.length - 1));
          await history.showAround(history.outline.indexOfShown(index), 5, count);
          const { before, after, exact } = history.around;
          const shown = drawnOf(history);
          expect(exact).toBe(true);
          expect(before + shown.length + after).toBe(all.length);
          expect(shown).toEqual(all.slice(before, all.length - after));
          expect(before).toBe(Math.max(0, index - 5));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('knows edits and deletions that claim to be older than their message when all of it was looked through', async () => {
    const target = words(alice, 5_000, 'old');
    const gone = words(alice, 5_001, 'gone');
    const db = await stored([
      says(alice, 10, { type: 'edit', target: messageId(target), newText: 'new' }),
      says(bob, 11, { type: 'delete', target: messageId(target) }),
      says(alice, 12, { type: 'delete', target: messageId(gone) }),
      ...many(300),
      target,
      gone,
    ]);
    const history = await opened(db);
    expect(drawnOf(history).at(-1)?.text).toBe('gone');
    await scanAll(history);
    expect(drawnOf(history).at(-1)?.text).toBe('new');
    expect(drawnOf(history)).toHaveLength(13);
    expect(history.around).toMatchObject({ after: 0, exact: true, before: 300 - 12 });
  });
});

describe('when a message came', () => {
  it('is kept with what comes as news, and of nothing that came with the room', async () => {
    const db = await stored([words(alice, 10)]);
    const before = systemClock.now();
    await hears(db)(words(bob, 20));
    const after = systemClock.now();
    const history = await opened(db);
    const [there, news] = drawnOf(history);
    const came = history.firstSeen.get(news?.id ?? 0n) ?? 0;
    expect(came).toBeGreaterThanOrEqual(before);
    expect(came).toBeLessThanOrEqual(after);
    expect(history.firstSeen.has(there?.id ?? 0n)).toBe(false);
  });
});

describe('what comes while a room is open', () => {
  it('costs its own rows, however long the room is', async () => {
    const db = await stored(many(1_000));
    const history = await opened(db);
    await scanAll(history);
    const before = history.rowsRead;
    const hear = hears(db);
    await hear(words(bob, 9_000, 'news'));
    expect(await history.refresh()).toEqual({ type: 'changed', wroteOwn: false });
    await hear(words(bob, 9_001, 'more'), words(alice, 1_500, 'late'));
    await history.refresh();
    expect(history.rowsRead - before).toBe(3);
    expect(
      drawnOf(history)
        .map(({ text }) => text)
        .slice(-2),
    ).toEqual(['news', 'more']);
    expect(history.outline.shown).toBe(1_003);
  });

  it('is nothing when the room is as it was', async () => {
    const db = await stored(many(100));
    const history = await opened(db);
    const before = history.rowsRead;
    expect(await history.refresh()).toEqual({ type: 'same', wroteOwn: false });
    expect(history.rowsRead).toBe(before);
  });

  it('and pushes the oldest out of a full room leaves the outline as the room is', async () => {
    const db = await stored(many(200), 200);
    const history = await opened(db);
    await scanAll(history);
    const hear = hears(db);
    await hear(words(bob, 9_000), words(bob, 9_001));
    await history.refresh();
    const deletes = messageId(words(bob, 9_001));
    await hear(says(bob, 9_002, { type: 'delete', target: deletes }));
    await history.refresh();
    const all = await whole(db);
    expect(history.outline.shown).toBe(all.length);
    await history.showAround(0, 0, LIMIT);
    expect(drawnOf(history)).toEqual(all);
  });

  it('is found when more has come than the room’s row tells', async () => {
    const db = await stored(many(100));
    const history = await opened(db);
    await scanAll(history);
    await history.showAround(10, 0, 20);
    const before = drawnOf(history);
    const hear = hears(db);
    for (let i = 0; i < 12; i++) await hear(words(bob, 9_000 + i));
    await history.refresh();
    await scanAll(history);
    expect(history.outline.shown).toBe(112);
    expect(drawnOf(history).slice(0, before.length)).toEqual(before);
  });

  it('does not move a window that is elsewhere', async () => {
    const db = await stored(many(300));
    const history = await opened(db);
    await scanAll(history);
    await history.showAround(100, 10, 20);
    const before = drawnOf(history);
    await hears(db)(words(bob, 1_050, 'late'), words(bob, 9_000));
    await history.refresh();
    expect(drawnOf(history)).toEqual(before);
    expect(history.around).toMatchObject({ before: 91, after: 302 - 91 - 30 });
  });
});

describe('a window', () => {
  it('moves through a long room and never holds more than it may', async () => {
    const db = await stored(many(700));
    const history = await opened(db);
    for (let i = 0; i < 20; i++) {
      await history.grow('older', 40, 120);
      expect(drawnOf(history).length).toBeLessThanOrEqual(120);
    }
    expect(drawnOf(history)[0]?.text).toBe('at 1000');
    for (let i = 0; i < 20; i++) await history.grow('newer', 40, 120);
    expect(drawnOf(history).at(-1)?.text).toBe('at 1699');
    expect(drawnOf(history)).toHaveLength(120);
    expect(history.reachesEnd).toBe(true);
  });

  it('is found around a message that is far away', async () => {
    const db = await stored(many(700));
    const history = await opened(db);
    const index = await history.indexOf(messageId(words(bob, 1_100)));
    await history.showAround(index ?? -1, 10, 20);
    expect(drawnOf(history).map(({ text }) => text)[10]).toBe('at 1100');
    expect(await history.indexOf(1n)).toBeUndefined();
  });
});
