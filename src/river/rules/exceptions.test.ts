import { describe, expect, it } from 'vitest';
import { toHex } from '../../shared/bytes.ts';
import { encode } from '../cbor/codec.ts';
import { messageId, signatureDigest, type MemberId } from '../ids.ts';
import { roomState, type RoomDelta, type RoomState } from '../room-state/room-state.ts';
import { applyDelta, delta, merge, summarize, verifyRoom } from '../room.ts';
import { signSecretCopy } from '../edits/secrets.ts';
import { orderKeyOf } from '../room-state/messages.ts';
import { SignatureMemo } from '../signatures/memo.ts';
import {
  banned,
  configured,
  fresh,
  invited,
  named,
  owner,
  params,
  person,
  pointed,
  purged,
  said,
  update,
  versioned,
  whispered,
} from '../testing/small-room.ts';
import { idOfMember } from './members.ts';

// Where River's merging is odd, Weir must be odd in the same way: a node runs River's rules. Each of these was seen with River's own
// contract (scripts/river-check.ts compares many more).

const memo = new SignatureMemo();
const [alice, bob, carol, dave] = [person(2), person(3), person(4), person(5)] as const;

const apply = (state: RoomState, change: Partial<RoomDelta>): string => {
  const applied = applyDelta(state, params, update(change), memo);
  return applied.ok ? 'ok' : applied.error.reason;
};

const mergeOf = (to: RoomState, from: RoomState): string => {
  const merged = merge(to, params, from, memo);
  return merged.ok ? 'ok' : merged.error.reason;
};

const copy = (state: RoomState): RoomState => ({ ...state });
const hex = (state: RoomState): string => toHex(encode(roomState, state));
const ids = (state: RoomState): readonly MemberId[] => state.members.map(idOfMember);

/** A room in which these people were invited by the owner and have said something. */
function roomOf(...people: (typeof alice)[]): RoomState {
  const state = fresh();
  const result = apply(state, {
    members: people.map((each) => invited(each, owner)),
    recentMessages: people.map((each, i) => said(each, 10 + i)),
  });
  expect(result).toBe('ok');
  return state;
}

describe('what never comes together', () => {
  it('two configurations of one version: each replica keeps its own', () => {
    const [a, b] = [fresh(), fresh()];
    apply(a, { configuration: configured({ configurationVersion: 2, maxMembers: 3 }) });
    apply(b, { configuration: configured({ configurationVersion: 2, maxMembers: 4 }) });
    expect([mergeOf(a, b), mergeOf(b, a)]).toEqual(['ok', 'ok']);
    expect(a.configuration.configuration.maxMembers).toBe(3);
    expect(b.configuration.configuration.maxMembers).toBe(4);
  });

  it('two upgrades of one version; and a raw delta takes a pointer back', () => {
    const [a, b] = [fresh(), fresh()];
    apply(a, { upgrade: pointed(2, 1) });
    apply(b, { upgrade: pointed(2, 2) });
    mergeOf(a, b);
    expect(a.upgrade?.upgrade.newChatroomAddress[0]).toBe(1);
    expect(apply(a, { upgrade: pointed(1, 3) })).toBe('ok');
    expect(a.upgrade?.upgrade.version).toBe(1);
  });

  it('one key invited by two people: the first record stays', () => {
    const a = roomOf(alice, bob);
    const b = copy(a);
    apply(a, { members: [invited(carol, alice)], recentMessages: [said(carol, 20)] });
    apply(b, { members: [invited(carol, bob)], recentMessages: [said(carol, 20)] });
    expect([mergeOf(a, b), mergeOf(b, a)]).toEqual(['ok', 'ok']);
    const inviterIn = (state: RoomState) =>
      state.members.find((each) => idOfMember(each) === carol.id)?.member.invitedBy;
    expect([inviterIn(a), inviterIn(b)]).toEqual([alice.id, bob.id]);
  });

  it('two records of one secret version', () => {
    const [a, b] = [fresh(), fresh()];
    const first = (secs: number) => ({
      currentVersion: null,
      newVersions: [versioned(0, secs)],
      newEncryptedSecrets: [],
    });
    apply(a, { secrets: first(1) });
    apply(b, { secrets: first(2) });
    expect(mergeOf(a, b)).toBe('ok');
    expect(a.secrets.versions[0]?.record.createdAt.secsSinceEpoch).toBe(1n);
  });

  it('two lists of purged messages of one version, or a later one that lacks a token', () => {
    const a = roomOf(alice, bob);
    const dms = [whispered(alice, bob, 1), whispered(alice, bob, 2)];
    apply(a, { directMessages: { newMessages: dms, advancedPurges: [] } });
    const [first, second] = dms.map((each) => signatureDigest(each.senderSignature));
    if (!first || !second) throw new Error('no tokens');
    const b = copy(a);
    apply(a, { directMessages: { newMessages: [], advancedPurges: [purged(bob, 1, [first])] } });
    apply(b, { directMessages: { newMessages: [], advancedPurges: [purged(bob, 2, [second])] } });
    expect(mergeOf(a, b)).toBe('ok');
    expect(a.directMessages.purges[0]?.state.version).toBe(1n);
    // and it is offered again and again
    expect(delta(b, summarize(a))?.directMessages?.advancedPurges.length).toBe(1);
  });

  it('what one delta holds twice: kept, valid, and not visible to others', () => {
    const a = roomOf(alice);
    const twice = said(alice, 20);
    const ban = banned(owner, { id: 7n }, 5);
    expect(apply(a, { recentMessages: [twice, { ...twice }], bans: [ban, { ...ban }] })).toBe('ok');
    expect([a.recentMessages.length, a.bans.length]).toEqual([3, 2]);
    expect(verifyRoom(copy(a), params, memo)).toEqual({ ok: true });
    const b = roomOf(alice);
    apply(b, { recentMessages: [twice], bans: [ban] });
    expect(summarize(b)).toEqual(summarize(a));
    expect(hex(a)).not.toBe(hex(b));
  });
});

describe('what is refused as a whole', () => {
  it('a ban, a configuration or a secret version that is here already', () => {
    const a = roomOf(alice);
    const ban = banned(owner, { id: 7n }, 5);
    expect(apply(a, { bans: [ban] })).toBe('ok');
    expect(apply(a, { bans: [ban], recentMessages: [said(alice, 30)] })).toContain(
      'is here already',
    );
    expect(a.recentMessages.length).toBe(1);
    expect(apply(a, { configuration: a.configuration })).toContain('is not above');
  });

  it("a sender's bans that name one of theirs as banned banner of one of ours; in two steps they pass", () => {
    // alice bans dave; the sender has alice, and a ban against her that has no effect; the receiver has dave, but not alice
    const both = roomOf(alice, bob, dave);
    const sender = copy(both);
    expect(apply(sender, { bans: [banned(bob, alice, 5)] })).toBe('ok');
    expect(apply(sender, { bans: [banned(alice, dave, 6)] })).toBe('ok');
    expect(ids(sender)).toContain(alice.id);
    const receiver = fresh();
    const known = {
      members: [invited(bob, owner), invited(dave, owner)],
      recentMessages: [said(bob, 11), said(dave, 12)],
    };
    expect(apply(receiver, known)).toBe('ok');
    const before = hex(receiver);
    expect(mergeOf(receiver, sender)).toContain('who is no member and is banned too');
    expect(hex(receiver) === before).toBe(true);
    const news = delta(sender, summarize(receiver));
    if (!news) throw new Error('nothing to send');
    expect(apply(receiver, { ...news, bans: null })).toBe('ok');
    expect(apply(receiver, { bans: news.bans })).toBe('ok');
    expect(hex(receiver) === hex(sender)).toBe(true);
  });

  it('a nickname over a limit that was lowered after it was taken', () => {
    const a = roomOf(alice);
    apply(a, { memberInfo: [named(alice, 1, 'long name')] });
    apply(a, { configuration: configured({ configurationVersion: 2, maxNicknameSize: 3 }) });
    expect(verifyRoom(copy(a), params, memo)).toEqual({ ok: true });
    expect(mergeOf(fresh(), a)).toContain('a nickname of 9 bytes');
  });

  it('public messages from before a room became private', () => {
    const a = roomOf(alice);
    const sealed = {
      type: 'Private',
      ciphertext: new Uint8Array(3),
      nonce: new Uint8Array(12),
      secretVersion: 0,
      declaredLenBytes: 3,
    } as const;
    const display = { name: sealed, description: null };
    apply(a, {
      configuration: configured({ configurationVersion: 2, privacyMode: 'Private', display }),
    });
    expect(verifyRoom(copy(a), params, memo)).toEqual({ ok: true });
    expect(mergeOf(fresh(), a)).toContain('not sealed, in a private room');
  });

  it('a member whose inviter is not known; a message alone of someone who was dropped is passed over instead', () => {
    const a = roomOf(alice);
    expect(apply(a, { members: [invited(carol, bob)] })).toContain('is not here');
    expect(apply(a, { recentMessages: [said(bob, 40)] })).toBe('ok');
    expect(a.recentMessages.length).toBe(1);
  });
});

describe('what takes more than one step', () => {
  it('someone kept only by a direct message whose other party is banned: gone with the next delta', () => {
    const a = fresh();
    apply(a, {
      members: [invited(alice, owner), invited(bob, owner)],
      directMessages: { newMessages: [whispered(alice, bob, 1)], advancedPurges: [] },
    });
    expect(ids(a).length).toBe(2);
    apply(a, { bans: [banned(owner, alice, 5)] });
    expect([ids(a), a.directMessages.messages]).toEqual([[bob.id], []]);
    apply(a, {});
    expect(ids(a)).toEqual([]);
  });

  it('a replica with older secrets offers an empty delta each time', () => {
    const a = fresh();
    const rotate = (version: number) => ({
      currentVersion: version === 0 ? null : version,
      newVersions: [versioned(version, 1)],
      newEncryptedSecrets: [],
    });
    apply(a, { secrets: rotate(0) });
    const b = copy(a);
    apply(b, { secrets: rotate(1) });
    const offered = delta(a, summarize(b));
    expect(offered?.secrets).toEqual({
      currentVersion: null,
      newVersions: [],
      newEncryptedSecrets: [],
    });
    expect(apply(b, offered ?? {})).toBe('ok');
  });

  it('messages that the receiver has no room for any more are offered only if they would stay', () => {
    const a = roomOf(alice);
    apply(a, { configuration: configured({ configurationVersion: 2, maxRecentMessages: 2 }) });
    const b = copy(a);
    apply(a, { recentMessages: [said(alice, 50), said(alice, 51)] });
    apply(b, { recentMessages: [said(alice, 20)] });
    expect(delta(b, summarize(a))).toBeNull();
  });

  it('a ban that takes a full window away: whoever merged in the other order has kept older messages', () => {
    // a: bob has filled the window; b: the ban of bob; c: something older by alice
    const start = fresh({ maxRecentMessages: 3 });
    const people = { members: [invited(alice, owner), invited(bob, owner)] };
    const a = copy(start);
    apply(a, { ...people, recentMessages: [20, 21, 22].map((secs) => said(bob, secs)) });
    const older = { members: [invited(alice, owner)], recentMessages: [said(alice, 10)] };
    const c = copy(start);
    apply(c, older);
    const bc = copy(c);
    expect(apply(bc, { bans: [banned(owner, bob, 30)] })).toBe('ok');
    const [ab, ba] = [copy(a), copy(bc)];
    expect([mergeOf(ab, bc), mergeOf(ba, a)]).toEqual(['ok', 'ok']);
    // a's window was closed to what is older when it asked
    expect([ab.recentMessages.length, ba.recentMessages.length]).toEqual([0, 1]);
    // nor is it associative: the same ban first, the older message then
    const b = copy(start);
    apply(b, { bans: [banned(owner, bob, 30)] });
    const abThenC = copy(a);
    expect([mergeOf(abThenC, b), mergeOf(abThenC, c)]).toEqual(['ok', 'ok']);
    expect(abThenC.recentMessages.length).toBe(1);
    // the next exchange brings them together
    expect([mergeOf(ab, ba), mergeOf(ba, ab), mergeOf(abThenC, ba)]).toEqual(['ok', 'ok', 'ok']);
    expect(hex(ab)).toBe(hex(ba));
    expect(hex(abThenC)).toBe(hex(ba));
  });

  it('bans over the cap that come in another order: one was enforced before it was driven out', () => {
    const both = roomOf(alice, carol);
    // a deputy's ban counts in the clean-up only, when there may be no room for it any more
    apply(both, { memberInfo: [named(owner, 1, 'owner', [carol.id])] });
    const first = { bans: [banned(carol, alice, 5)] };
    const others = { bans: [6, 7, 8].map((secs) => banned(owner, { id: BigInt(secs) }, secs)) };
    const [a, b] = [copy(both), copy(both)];
    expect([apply(a, first), apply(a, others)]).toEqual(['ok', 'ok']);
    expect([apply(b, others), apply(b, first)]).toEqual(['ok', 'ok']);
    expect(a.bans).toEqual(b.bans);
    expect([ids(a).includes(alice.id), ids(b).includes(alice.id)]).toEqual([false, true]);
    expect([mergeOf(a, b), mergeOf(b, a)]).toEqual(['ok', 'ok']);
    expect(hex(a)).toBe(hex(b));
  });

  it('a member without a reason to stay is offered at every exchange, and passed over each time', () => {
    const receiver = roomOf(alice);
    const sender: RoomState = { ...receiver, members: [...receiver.members, invited(bob, owner)] };
    expect(verifyRoom(copy(sender), params, memo)).toEqual({ ok: true });
    const before = hex(receiver);
    for (let i = 0; i < 3; i++) {
      expect(delta(sender, summarize(receiver))?.members?.length).toBe(1);
      expect(mergeOf(receiver, sender)).toBe('ok');
      expect(hex(receiver)).toBe(before);
    }
    // until the sender has cleaned up
    expect(apply(sender, {})).toBe('ok');
    expect(delta(sender, summarize(receiver))).toBeNull();
  });

  it('limits lowered and raised again do not bring back what they dropped', () => {
    const a = roomOf(alice);
    apply(a, { recentMessages: [said(alice, 20), said(alice, 21)] });
    apply(a, { configuration: configured({ configurationVersion: 2, maxRecentMessages: 1 }) });
    apply(a, { configuration: configured({ configurationVersion: 3, maxRecentMessages: 10 }) });
    expect(a.recentMessages.map(messageId)).toEqual([messageId(said(alice, 21))]);
  });

  it('a flood of bans against nobody drives out the real ones', () => {
    const a = roomOf(alice, bob);
    apply(a, { bans: [banned(owner, bob, 5)] });
    expect(ids(a)).toEqual([alice.id]);
    const flood = [1n, 2n, 3n].map((id, i) => banned(alice, { id }, 100 + i));
    expect(apply(a, { bans: flood })).toBe('ok');
    expect(a.bans.every(({ bannedBy }) => bannedBy === alice.id)).toBe(true);
    // and bob may come back
    apply(a, { members: [invited(bob, owner)], recentMessages: [said(bob, 200)] });
    expect(ids(a)).toContain(bob.id);
  });

  it("a deputy's ban lapses when the deputy is dismissed, and the banned may return", () => {
    const a = roomOf(alice, bob, carol);
    apply(a, { memberInfo: [named(owner, 1, 'owner', [alice.id])] });
    apply(a, { bans: [banned(alice, bob, 5)] });
    expect(ids(a)).not.toContain(bob.id);
    const back = { members: [invited(bob, owner)], recentMessages: [said(bob, 60)] };
    apply(a, back);
    expect(ids(a)).not.toContain(bob.id);
    apply(a, { memberInfo: [named(owner, 2, 'owner')] });
    apply(a, back);
    expect(ids(a)).toContain(bob.id);
    expect(a.bans.length).toBe(1);
  });
});

describe('who goes when there are too many', () => {
  it('bans without effect before those with one, however old', () => {
    const a = roomOf(alice, bob, carol);
    // neither has authority over the other
    const inert = banned(alice, bob, 100);
    const genuine = [banned(owner, { id: 1n }, 1), banned(owner, { id: 2n }, 2)];
    expect(apply(a, { bans: [inert, ...genuine] })).toBe('ok');
    expect(apply(a, { bans: [banned(owner, { id: 3n }, 3)] })).toBe('ok');
    expect(a.bans.map(({ ban }) => ban.bannedUser)).toEqual([1n, 2n, 3n]);
    expect(apply(a, { bans: [banned(owner, { id: 4n }, 4)] })).toBe('ok');
    expect(a.bans.map(({ ban }) => ban.bannedUser)).toEqual([2n, 3n, 4n]);
  });

  it('members with the longest chains, of equal ones those with the highest ids', () => {
    const people = [alice, bob, carol].sort((a, b) => (a.id < b.id ? -1 : 1));
    const [low, middle, high] = people as [typeof alice, typeof alice, typeof alice];
    const capped = (members: RoomState['members']): readonly MemberId[] => {
      const state = fresh({ maxMembers: 2 });
      expect(apply(state, { members, recentMessages: people.map((each) => said(each, 5)) })).toBe(
        'ok',
      );
      return ids(state);
    };
    expect(capped(people.map((each) => invited(each, owner)))).toEqual([low.id, middle.id]);
    const chained = [invited(high, owner), invited(middle, owner), invited(low, high)];
    expect(capped(chained)).toEqual([middle.id, high.id]);
  });

  it('copies of a secret for people who are gone, but only with the next change of secrets', () => {
    const a = roomOf(alice, bob);
    const copyFor = (who: typeof alice, version: number) => {
      const signed = signSecretCopy(who, version, new Uint8Array(32), owner);
      if (!signed) throw new Error('not sealed');
      return signed;
    };
    const newVersions = [versioned(0, 1)];
    const both = [copyFor(alice, 0), copyFor(bob, 0)];
    apply(a, { secrets: { currentVersion: null, newVersions, newEncryptedSecrets: both } });
    apply(a, { bans: [banned(owner, bob, 5)] });
    const recipients = () => a.secrets.encryptedSecrets.map(({ secret }) => secret.memberId);
    expect(recipients()).toContain(bob.id);
    const own = [copyFor(owner, 0)];
    apply(a, { secrets: { currentVersion: null, newVersions: [], newEncryptedSecrets: own } });
    expect(new Set(recipients())).toEqual(new Set([owner.id, alice.id]));
  });
});

it('what lies at or below a horizon is not offered, whether the other holds it or not', () => {
  const a = roomOf(alice);
  apply(a, { recentMessages: [said(alice, 20), said(alice, 30)] });
  const dms = [whispered(alice, owner, 1), whispered(alice, owner, 2)];
  apply(a, { directMessages: { newMessages: dms, advancedPurges: [] } });
  const key = orderKeyOf(said(alice, 20));
  const [dm] = a.directMessages.messages;
  if (!dm) throw new Error('no direct message');
  const dmKey = { timestamp: 1n, signature: dm.senderSignature };
  const empty = summarize(fresh());
  const offered = (change: Partial<typeof empty>) => {
    const news = delta(a, { ...empty, ...change });
    return [news?.recentMessages?.length ?? 0, news?.directMessages?.newMessages.length ?? 0];
  };
  const messages = (horizon: typeof empty.recentMessages.horizon) => ({ messageIds: [], horizon });
  const direct = (change: Partial<typeof empty.directMessages>) => ({
    ...empty.directMessages,
    ...change,
  });
  expect(offered({})).toEqual([3, 2]);
  expect(offered({ recentMessages: messages({ type: 'OldestRetained', key }) })).toEqual([1, 2]);
  expect(offered({ recentMessages: messages({ type: 'Closed' }) })).toEqual([0, 2]);
  const global = { globalHorizon: { type: 'OldestRetained', key: dmKey } } as const;
  expect(offered({ directMessages: direct(global) })).toEqual([3, 1]);
  const pair = { sender: alice.id, recipient: owner.id, oldestRetained: dmKey };
  expect(offered({ directMessages: direct({ pairHorizons: [pair] }) })).toEqual([3, 1]);
  // of two horizons for one pair the last one counts
  const lower = { ...pair, oldestRetained: { ...dmKey, timestamp: 0n } };
  expect(offered({ directMessages: direct({ pairHorizons: [pair, lower] }) })).toEqual([3, 2]);
});
