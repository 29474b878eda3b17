import { beforeEach, describe, expect, it } from 'vitest';
import { encode } from '../river/cbor/codec.ts';
import { roomState, type RoomDelta, type RoomState } from '../river/room-state/room-state.ts';
import { SignatureMemo } from '../river/signatures/memo.ts';
import { javascriptVerifier, type SignatureVerifier } from '../river/signatures/verifier.ts';
import {
  banned,
  fresh,
  invited,
  owner,
  params,
  person,
  said,
  update,
} from '../river/testing/small-room.ts';
import { preverify, verifyRoom } from '../river/room.ts';
import type { RoomKey } from '../shared/brand.ts';
import { systemClock } from '../shared/clock.ts';
import { toBase58, toHex } from '../shared/bytes.ts';
import { ok } from '../shared/result.ts';
import { awaitingRoom } from './awaiting-room.ts';
import type { WeirDatabase } from './database.ts';
import { loadRoom } from './loaded-room.ts';
import { mergeNews, type NewsOutcome } from './merge-news.ts';
import { RoomCache } from './room-cache.ts';
import { openTestDatabase } from './testing.ts';
import { changeWholeRoom } from './whole-room.ts';

const [alice, bob] = [person(2), person(3)];
const room = toBase58(owner.key) as RoomKey;

/** Counts the signatures that are really verified. */
class CountingVerifier implements SignatureVerifier {
  readonly kind = 'javascript';
  verified = 0;

  verifySync(...args: Parameters<SignatureVerifier['verifySync']>): boolean {
    this.verified += 1;
    return javascriptVerifier.verifySync(...args);
  }

  async verify(...args: Parameters<SignatureVerifier['verify']>): Promise<boolean> {
    return this.verifySync(...args);
  }
}

let db: WeirDatabase;
beforeEach(async () => {
  db = await openTestDatabase();
});

/** A room of three messages at most, with these in it. */
const roomWith = (recentMessages: RoomState['recentMessages']): RoomState => ({
  ...fresh({ maxRecentMessages: 3 }),
  members: [invited(alice, owner), invited(bob, owner)],
  recentMessages,
});

async function store(state: RoomState): Promise<void> {
  const memo = new SignatureMemo();
  await preverify(state, params, memo);
  expect(verifyRoom(state, params, memo)).toEqual({ ok: true });
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
}

/** A tab that has just been opened: what it is told of the room. */
function tab(memo = new SignatureMemo()) {
  const deps = { db, cache: new RoomCache(db, memo), memo, clock: systemClock };
  return (change: Partial<RoomDelta>): Promise<NewsOutcome> =>
    mergeNews(deps, room, { type: 'delta', delta: update(change) });
}

const hex = (state: RoomState): string => toHex(encode(roomState, state));

async function stored(): Promise<RoomState> {
  const loaded = await loadRoom(db, room, new SignatureMemo());
  if (!loaded.ok || !loaded.value) throw new Error('not stored');
  return loaded.value.state;
}

async function mustBeStored(outcome: NewsOutcome): Promise<RoomState> {
  if (outcome.type !== 'merged') throw new Error(JSON.stringify(outcome));
  expect(hex(await stored())).toBe(hex(outcome.room.state));
  return outcome.room.state;
}

describe('a message that a hostile state holds twice', () => {
  const twice = said(alice, 1);
  const messages = [twice, { ...twice }, said(bob, 2)];

  it('is stored twice, and of two copies only as many go as the rules drop', async () => {
    await store(roomWith(messages));
    const hear = tab();
    const one = await mustBeStored(await hear({ recentMessages: [said(bob, 3)] }));
    expect(one.recentMessages.map(({ message }) => Number(message.time.secsSinceEpoch))).toEqual([
      1, 2, 3,
    ]);
    const none = await mustBeStored(await hear({ recentMessages: [said(alice, 4)] }));
    expect(none.recentMessages.length).toBe(3);
    expect(none.recentMessages.some(({ signature }) => signature === twice.signature)).toBe(false);
  });

  it('goes with all its copies when its author is banned', async () => {
    await store(roomWith(messages));
    const hear = tab();
    const left = await mustBeStored(await hear({ bans: [banned(owner, alice, 9)] }));
    expect(left.recentMessages.length).toBe(1);
  });

  it('comes in twice with one update, as in River', async () => {
    await store(roomWith([said(bob, 1)]));
    const late = said(alice, 5);
    const hear = tab();
    const both = await mustBeStored(await hear({ recentMessages: [late, { ...late }] }));
    expect(both.recentMessages.length).toBe(3);
  });
});

describe('what is stored was verified', () => {
  it('and is not verified again after a restart, when it is read or told again', async () => {
    const messages = [said(alice, 1), said(bob, 2)];
    await store(roomWith(messages));
    const verifier = new CountingVerifier();
    const hear = tab(new SignatureMemo(verifier));
    expect(await hear({ recentMessages: messages.map((each) => ({ ...each })) })).toMatchObject({
      changed: false,
    });
    expect(verifier.verified).toBe(0);
    await mustBeStored(await hear({ recentMessages: [said(bob, 3), ...messages] }));
    expect(verifier.verified).toBe(1);
  });
});
