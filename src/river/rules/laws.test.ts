import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../shared/bytes.ts';
import { decode, encode } from '../cbor/codec.ts';
import { compareIds, messageId } from '../ids.ts';
import type { RoomParameters } from '../room-state/parameters.ts';
import {
  EMPTY_DELTA,
  roomDelta,
  roomState,
  type RoomDelta,
  type RoomState,
} from '../room-state/room-state.ts';
import { roomSummary } from '../room-state/summary.ts';
import {
  applyDelta,
  delta,
  merge,
  preverify,
  preverifyDelta,
  summarize,
  verifyRoom,
} from '../room.ts';
import { SignatureMemo } from '../signatures/memo.ts';
import { chooseVerifier } from '../signatures/verifier.ts';
import { Dice } from '../testing/dice.ts';
import { damaged, reworded } from '../testing/mutate.ts';
import { HONEST, RandomRooms, type Habits } from '../testing/random-room.ts';
import { effectiveMaxDirectMessages } from '../room-state/configuration.ts';
import { advance, afterDelta } from './apply.ts';
import { bannedIds } from './ban-authority.ts';
import { compareBans } from './bans.ts';
import { membersById, ruleContext } from './context.ts';
import { compareMembers, idOfMember } from './members.ts';
import { compareMessages } from '../room-state/messages.ts';
import { deltaForSummary } from './delta.ts';

const verifier = await chooseVerifier(crypto.subtle);

interface Scene {
  readonly dice: Dice;
  readonly rooms: RandomRooms;
  readonly params: RoomParameters;
  readonly memo: SignatureMemo;
  readonly state: RoomState;
}

function scene(seed: number, habits: Habits): Scene {
  const dice = new Dice(seed);
  const rooms = new RandomRooms(dice, habits);
  const params = { owner: rooms.owner.key };
  return { dice, rooms, params, memo: new SignatureMemo(verifier), state: rooms.fresh() };
}

const hex = (state: RoomState): string => toHex(encode(roomState, state));
const copy = (state: RoomState): RoomState => ({ ...state });

const MISCHIEVOUS: Habits = { mischief: 0.03, bans: 0.3, configuration: 0.2, singleWriter: true };

async function apply({ params, memo }: Scene, state: RoomState, update: RoomDelta) {
  await preverifyDelta(update, state, params, memo);
  return applyDelta(state, params, update, memo);
}

async function mergeInto(room: Scene, state: RoomState, other: RoomState) {
  const news = delta(other, summarize(state));
  if (news) await preverifyDelta(news, state, room.params, room.memo);
  return merge(state, room.params, other, room.memo);
}

const seeds = fc.integer({ min: 0, max: 1 << 30 });

/** Runs a property on scenes that a few random updates have gone over. */
function law(habits: Habits, check: (room: Scene) => Promise<void>, numRuns = 12) {
  return fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const room = scene(seed, habits);
      await preverify(room.state, room.params, room.memo);
      for (let i = 0; i < 5; i++) await apply(room, room.state, room.rooms.delta(room.state));
      await check(room);
    }),
    { numRuns },
  );
}

describe('whatever people do', { timeout: 60_000 }, () => {
  it('a state merged with itself, or with what it has, stays as it is', () =>
    law(MISCHIEVOUS, async (room) => {
      const before = hex(room.state);
      const other = decode(roomState, encode(roomState, room.state));
      if (!other.ok) throw other.error;
      expect(delta(room.state, summarize(room.state))).toBeNull();
      const merged = await mergeInto(room, room.state, other.value);
      expect(merged.ok && merged.value.fields.size).toBe(0);
      expect(hex(room.state)).toBe(before);
    }));

  it('a summary does not depend on the order of what is summarized', () =>
    law(MISCHIEVOUS, async ({ dice, state }) => {
      const shuffled: RoomState = {
        ...state,
        bans: dice.shuffled(state.bans),
        members: dice.shuffled(state.members),
        memberInfo: dice.shuffled(state.memberInfo),
        recentMessages: dice.shuffled(state.recentMessages),
        directMessages: {
          messages: dice.shuffled(state.directMessages.messages),
          purges: dice.shuffled(state.directMessages.purges),
        },
      };
      const summary = toHex(encode(roomSummary, summarize(state)));
      expect(toHex(encode(roomSummary, summarize(shuffled)))).toBe(summary);
    }));

  it('what an update leaves is valid, in order, within its caps, and without the banned', () =>
    law(MISCHIEVOUS, async (room) => {
      const { state, params, memo } = room;
      const applied = await apply(room, state, room.rooms.delta(state));
      if (!applied.ok) return;
      expect(verifyRoom(copy(state), params, memo)).toEqual({ ok: true });
      const { configuration } = state.configuration;
      expect(state.bans).toEqual([...state.bans].sort(compareBans));
      expect(state.members).toEqual([...state.members].sort(compareMembers));
      expect(state.recentMessages).toEqual([...state.recentMessages].sort(compareMessages));
      expect(state.bans.length).toBeLessThanOrEqual(configuration.maxUserBans);
      expect(state.members.length).toBeLessThanOrEqual(configuration.maxMembers);
      expect(state.recentMessages.length).toBeLessThanOrEqual(configuration.maxRecentMessages);
      expect(state.directMessages.messages.length).toBeLessThanOrEqual(
        effectiveMaxDirectMessages(configuration),
      );
      const infos = state.memberInfo.map(({ memberInfo }) => memberInfo.memberId);
      expect(new Set(infos).size).toBe(infos.length);
      const banned = bannedIds(
        ruleContext(params, memo),
        membersById(state.members),
        state.memberInfo,
        state.bans,
      );
      expect(state.members.filter((each) => banned.has(idOfMember(each)))).toEqual([]);
    }));

  it('a refused update leaves the state as it was, to the object', () =>
    law({ ...MISCHIEVOUS, mischief: 0.4 }, async (room) => {
      const before = copy(room.state);
      const applied = await apply(room, room.state, room.rooms.delta(room.state));
      if (applied.ok) return;
      for (const field of Object.keys(before) as (keyof RoomState)[]) {
        expect(room.state[field]).toBe(before[field]);
      }
    }));

  it('an update tells exactly what it has changed', () =>
    law(MISCHIEVOUS, async (room) => {
      const before = copy(room.state);
      const applied = await apply(room, room.state, room.rooms.delta(room.state));
      if (!applied.ok) return;
      const { fields, messagesAdded, messagesRemoved } = applied.value;
      for (const field of Object.keys(before) as (keyof RoomState)[]) {
        if (!fields.has(field)) expect(room.state[field]).toBe(before[field]);
      }
      const names = (messages: RoomState['recentMessages']) =>
        messages.map(messageId).sort(compareIds);
      const [gone, came] = [names(messagesRemoved), names(messagesAdded)];
      const all = [...names(before.recentMessages), ...came].sort(compareIds);
      expect(all).toEqual([...names(room.state.recentMessages), ...gone].sort(compareIds));
    }));

  it('messages alone are applied to the same result as if the whole room was looked at', async () => {
    let settled = 0;
    await law({ ...MISCHIEVOUS, mischief: 0.02 }, async (room) => {
      const { params, memo, state, rooms } = room;
      const whole = (update: RoomDelta): string => {
        try {
          return hex(afterDelta(state, params, update, memo));
        } catch (error) {
          return String(error);
        }
      };
      for (let i = 0; i < 8; i++) {
        const { recentMessages } = rooms.delta(state);
        const update: RoomDelta = { ...EMPTY_DELTA, recentMessages };
        await preverifyDelta(update, state, params, memo);
        settled += Number(advance(state, params, EMPTY_DELTA, memo, false).isSettled);
        const expected = whole(update);
        if ((await apply(room, state, update)).ok) expect(hex(state)).toBe(expected);
      }
    });
    expect(settled).toBeGreaterThan(20);
  });

  it('merging never lowers a version, a purge list or a member info', () =>
    law(MISCHIEVOUS, async (room) => {
      const other = copy(room.state);
      for (let i = 0; i < 3; i++) await apply(room, other, room.rooms.delta(other));
      const before = copy(room.state);
      if (!(await mergeInto(room, room.state, other)).ok) return;
      const after = room.state;
      const version = (state: RoomState): number =>
        state.configuration.configuration.configurationVersion;
      expect(version(after)).toBeGreaterThanOrEqual(version(before));
      expect(after.secrets.currentVersion).toBeGreaterThanOrEqual(before.secrets.currentVersion);
      expect(after.upgrade?.upgrade.version ?? -1).toBeGreaterThanOrEqual(
        before.upgrade?.upgrade.version ?? -1,
      );
      expect(after.version).toBe(before.version);
      for (const { memberInfo } of after.memberInfo) {
        const held = before.memberInfo.find(
          (each) => each.memberInfo.memberId === memberInfo.memberId,
        );
        if (held) expect(memberInfo.version).toBeGreaterThanOrEqual(held.memberInfo.version);
      }
    }));

  it('nothing that is not rightly signed ever stays in a state', () =>
    law({ ...MISCHIEVOUS, mischief: 0.3 }, async (room) => {
      // a memo of its own: nothing that the applying memo believes is believed here
      const fresh = decode(roomState, encode(roomState, room.state));
      if (!fresh.ok) throw fresh.error;
      const memo = new SignatureMemo(verifier);
      await preverify(fresh.value, room.params, memo);
      const initial = verifyRoom(fresh.value, room.params, memo);
      expect(initial.ok ? '' : initial.error.reason).toBe('');
    }));

  it('what is encoded in other words is read to the same bytes, or refused', () =>
    law(MISCHIEVOUS, async ({ dice, state, rooms }) => {
      const bytes = encode(roomState, state);
      for (let i = 0; i < 4; i++) {
        const other = decode(roomState, reworded(dice, bytes, 0.004));
        if (other.ok) {
          const once = encode(roomState, other.value);
          const twice = decode(roomState, once);
          expect(twice.ok && toHex(encode(roomState, twice.value))).toBe(toHex(once));
        }
        decode(roomState, damaged(dice, bytes));
        decode(roomDelta, damaged(dice, encode(roomDelta, rooms.delta(state))));
        decode(roomSummary, damaged(dice, encode(roomSummary, summarize(state))));
      }
    }));
});

describe('honest people', { timeout: 60_000 }, () => {
  it('converge to the same bytes by merging in any order', () =>
    fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const room = scene(seed, HONEST);
        const { dice, rooms } = room;
        await preverify(room.state, room.params, room.memo);
        const replicas = [copy(room.state), copy(room.state), copy(room.state)];
        for (let i = 0; i < 12; i++) {
          const at = dice.pick(replicas);
          if (dice.chance(0.6)) await apply(room, at, rooms.delta(at));
          else expect((await mergeInto(room, at, dice.pick(replicas))).ok).toBe(true);
        }
        for (let round = 0; round < 4; round++) {
          for (const to of replicas) {
            for (const from of dice.shuffled(replicas)) await mergeInto(room, to, from);
          }
        }
        const [a, b, c] = replicas.map(hex);
        expect(b).toBe(a);
        expect(c).toBe(a);
      }),
      { numRuns: 12 },
    ));

  it('who send a message, member, member info or direct message again change nothing', () =>
    law(HONEST, async (room) => {
      const update = room.rooms.delta(room.state);
      if (!(await apply(room, room.state, update)).ok) return;
      // once more for what a first clean-up leaves to a second
      await apply(room, room.state, update);
      const before = hex(room.state);
      await apply(room, room.state, update);
      expect(hex(room.state)).toBe(before);
    }));

  it('offer nothing of messages to a full room once it has merged theirs', () =>
    law(HONEST, async (room) => {
      const other = copy(room.state);
      for (let i = 0; i < 3; i++) await apply(room, other, room.rooms.delta(other));
      const before = room.state.members;
      if (!(await mergeInto(room, room.state, other)).ok) return;
      if (room.state.members !== before) return; // members came or went with their messages
      const again = deltaForSummary(other, summarize(room.state));
      expect(again?.recentMessages ?? null).toBeNull();
    }));
});
