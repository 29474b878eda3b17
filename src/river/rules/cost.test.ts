import { beforeEach, describe, expect, it } from 'vitest';
import type { AuthorizedMessage } from '../room-state/messages.ts';
import type { RoomState } from '../room-state/room-state.ts';
import { applyDelta, preverifyDelta, trustRoom, type RoomChanges } from '../room.ts';
import { SignatureMemo } from '../signatures/memo.ts';
import { javascriptVerifier } from '../signatures/verifier.ts';
import { fresh, invited, owner, params, person, said, update } from '../testing/small-room.ts';

const SIZE = 10_000;
const people = Array.from({ length: 40 }, (_, i) => person(i + 2));
const [alice] = people as [(typeof people)[0]];
/** A time after all messages of the room. */
const LATER = 10 * SIZE;

class Counted {
  looks = 0;
  verified = 0;

  readonly memo = new SignatureMemo({
    ...javascriptVerifier,
    verify: (...args) => {
      this.verified += 1;
      return javascriptVerifier.verify(...args);
    },
    verifySync: (...args) => {
      this.verified += 1;
      return javascriptVerifier.verifySync(...args);
    },
  });

  /** The same record; whoever reads anything of it is counted. */
  watched<T extends object>(record: T): T {
    return new Proxy(record, {
      get: (target, name, receiver) => {
        this.looks += 1;
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
  }

  async apply(state: RoomState, messages: readonly AuthorizedMessage[]): Promise<RoomChanges> {
    const news = update({ recentMessages: messages });
    await preverifyDelta(news, state, params, this.memo);
    const applied = applyDelta(state, params, news, this.memo);
    if (!applied.ok) throw new Error(applied.error.reason);
    return applied.value;
  }
}

/** A verified room of 10,000 messages, one every ten seconds, that watches who looks at its records. */
async function bigRoom(): Promise<{ state: RoomState; counted: Counted }> {
  const counted = new Counted();
  const template = said(alice, 1);
  const recentMessages = Array.from({ length: SIZE }, (_, i) => {
    const signature = new Uint8Array(64);
    new DataView(signature.buffer).setUint32(0, i);
    const time = { secsSinceEpoch: BigInt(10 * i), nanosSinceEpoch: 0 };
    const author = people[i % people.length] ?? alice;
    return counted.watched({
      message: { ...template.message, author: author.id, time },
      signature,
    });
  });
  const state: RoomState = {
    ...fresh({ maxRecentMessages: SIZE, maxMembers: 100 }),
    members: people.map((each) => counted.watched(invited(each, owner))),
    recentMessages,
  };
  // stands for a room read back from the database: the signatures themselves are made up
  trustRoom(state, params, counted.memo);
  // the first updates put the room in order, find it so, and learn what the later ones need
  for (let i = 0; i < 3; i++) await counted.apply(state, [said(alice, LATER + i)]);
  return { state, counted };
}

const { state, counted } = await bigRoom();
let now = LATER + 10;

beforeEach(() => {
  now += 10;
  counted.looks = 0;
  counted.verified = 0;
});

describe('a message, in a room of 10,000', () => {
  it('has its signature verified and a handful of the others looked at', async () => {
    const news = said(alice, now);
    const { messagesAdded, messagesRemoved } = await counted.apply(state, [news]);
    expect(messagesAdded).toEqual([news]);
    expect(messagesRemoved.length).toBe(1);
    expect(state.recentMessages.length).toBe(SIZE);
    expect(state.recentMessages.at(-1)).toBe(news);
    expect(counted.verified).toBe(1);
    expect(counted.looks).toBeLessThan(20);
  });

  it('finds its place in the middle by halving', async () => {
    const news = said(alice, 50_005);
    await counted.apply(state, [news]);
    expect(state.recentMessages.indexOf(news)).toBeGreaterThan(4_990);
    expect(counted.verified).toBe(1);
    expect(counted.looks).toBeLessThan(80);
  });

  it('that is there already, or too old to stay, has nobody looked at', async () => {
    const held = state.recentMessages;
    const last = held.at(-1) as AuthorizedMessage;
    const changes = await counted.apply(state, [last, said(alice, 0)]);
    expect(changes.fields.size).toBe(0);
    expect(state.recentMessages).toBe(held);
    expect(counted.looks).toBeLessThan(60);
  });

  it('costs the same every time', async () => {
    for (let i = 0; i < 100; i++) await counted.apply(state, [said(alice, now++)]);
    expect(counted.verified).toBe(100);
    expect(counted.looks).toBeLessThan(2_000);
  });

  it('leaves everything else the same object: there is no copy of the room', async () => {
    const before = { ...state };
    const { fields } = await counted.apply(state, [said(alice, now)]);
    expect([...fields]).toEqual(['recentMessages']);
    for (const field of Object.keys(before) as (keyof RoomState)[]) {
      if (field !== 'recentMessages') expect(state[field]).toBe(before[field]);
    }
    const stayed = new Set(state.recentMessages);
    expect(before.recentMessages.filter((each) => stayed.has(each)).length).toBe(SIZE - 1);
  });

  it('that is forged is refused, and leaves the room as it was, with nothing to learn anew but ids', async () => {
    const before = { ...state };
    const forged = { ...said(alice, now), signature: new Uint8Array(64).fill(9) };
    const news = update({ recentMessages: [forged] });
    await preverifyDelta(news, state, params, counted.memo);
    const applied = applyDelta(state, params, news, counted.memo);
    expect(applied.ok ? '' : applied.error.reason).toContain(`recent_messages[${SIZE - 1}]`);
    expect(state).toEqual(before);
    counted.looks = 0;
    await counted.apply(state, [said(alice, now + 1)]);
    expect(counted.looks).toBeLessThan(20);
  });
});

it('another update verifies what is new in it, however large the room', async () => {
  const joining = person(99);
  const news = update({
    members: [invited(joining, owner)],
    recentMessages: [said(joining, now)],
  });
  await preverifyDelta(news, state, params, counted.memo);
  expect(applyDelta(state, params, news, counted.memo).ok).toBe(true);
  expect(state.members.length).toBe(people.length + 1);
  expect(counted.verified).toBe(2);
});
