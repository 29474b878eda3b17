import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../shared/bytes.ts';
import { decode, encode } from '../cbor/codec.ts';
import type { RoomParameters } from '../room-state/parameters.ts';
import { roomDelta, roomState, type RoomDelta, type RoomState } from '../room-state/room-state.ts';
import { roomSummary } from '../room-state/summary.ts';
import { applyDelta, delta, preverify, preverifyDelta, summarize, verifyRoom } from '../room.ts';
import { SignatureMemo } from '../signatures/memo.ts';
import { chooseVerifier } from '../signatures/verifier.ts';
import { Dice } from '../testing/dice.ts';
import { HONEST, RandomRooms } from '../testing/random-room.ts';

const verifier = await chooseVerifier(crypto.subtle);

/** Reads what another device has sent: everything travels as bytes. */
function received<T>(codec: Parameters<typeof decode<T>>[0], bytes: Uint8Array): T {
  const value = decode(codec, bytes);
  if (!value.ok) throw value.error;
  return value.value;
}

/** A device that has one room. */
class Replica {
  readonly state: RoomState;
  readonly #params: RoomParameters;
  readonly #memo: SignatureMemo;

  /** @param memo may be shared: who has verified a signature does not matter here */
  constructor(params: RoomParameters, state: Uint8Array, memo: SignatureMemo) {
    this.#params = params;
    this.#memo = memo;
    this.state = received(roomState, state);
  }

  /** @returns whether the room's rules have let it in */
  async take(bytes: Uint8Array): Promise<boolean> {
    const update: RoomDelta = received(roomDelta, bytes);
    await preverifyDelta(update, this.state, this.#params, this.#memo);
    return applyDelta(this.state, this.#params, update, this.#memo).ok;
  }

  /** What it has for a device with that summary; zero bytes when nothing. */
  tell(summary: Uint8Array): Uint8Array {
    const news = delta(this.state, received(roomSummary, summary));
    return news === null ? new Uint8Array() : encode(roomDelta, news);
  }

  get summary(): Uint8Array {
    return encode(roomSummary, summarize(this.state));
  }

  get hex(): string {
    return toHex(encode(roomState, this.state));
  }

  async isValid(): Promise<boolean> {
    const state: RoomState = received(roomState, encode(roomState, this.state));
    const memo = new SignatureMemo(verifier);
    await preverify(state, this.#params, memo);
    return verifyRoom(state, this.#params, memo).ok;
  }
}

/** Takes what the other has and it lacks. */
async function pull(to: Replica, from: Replica): Promise<void> {
  const news = from.tell(to.summary);
  if (news.length > 0) expect(await to.take(news)).toBe(true);
}

interface Sent {
  readonly to: number;
  readonly bytes: Uint8Array;
}

/** How unreliable the way between devices is. */
interface Network {
  readonly twice: number;
  readonly lost: number;
  /** Devices that hear nobody of the others until everything is written. */
  readonly cutOff: number;
}

const DEVICES = 4;

/** People write on several devices; what they write goes to all others over a bad network, in any order. */
async function talk(dice: Dice, { twice, lost, cutOff }: Network): Promise<readonly Replica[]> {
  const rooms = new RandomRooms(dice, HONEST);
  const params = { owner: rooms.owner.key };
  const fresh = encode(roomState, rooms.fresh());
  const memo = new SignatureMemo(verifier);
  const replicas = dice.list(DEVICES, () => new Replica(params, fresh, memo));
  const under: Sent[] = [];
  const isApart = (a: number, b: number): boolean => a < cutOff !== b < cutOff;
  for (let i = 0; i < 16; i++) {
    const at = dice.below(DEVICES);
    const author = replicas[at] as Replica;
    const written = encode(roomDelta, rooms.delta(author.state));
    if (await author.take(written)) {
      for (let to = 0; to < DEVICES; to++) {
        if (to === at || isApart(to, at) || dice.chance(lost)) continue;
        under.push({ to, bytes: written });
        if (dice.chance(twice)) under.push({ to, bytes: written });
      }
    }
    while (under.length > 0 && dice.chance(0.6)) await deliver(dice, replicas, under);
  }
  while (under.length > 0) await deliver(dice, replicas, under);
  return replicas;
}

/** Any of those on the way, whatever was sent first. It may lack what came before it, and then be refused. */
async function deliver(dice: Dice, replicas: readonly Replica[], under: Sent[]): Promise<void> {
  const [sent] = under.splice(dice.below(under.length), 1);
  if (sent) await replicas[sent.to]?.take(sent.bytes);
}

async function converge(dice: Dice, replicas: readonly Replica[]): Promise<void> {
  for (let round = 0; round < 3; round++) {
    for (const to of dice.shuffled(replicas)) {
      for (const from of dice.shuffled(replicas)) if (from !== to) await pull(to, from);
    }
  }
  const [first, ...others] = replicas;
  expect(await first?.isValid()).toBe(true);
  for (const other of others) expect(other.hex).toBe(first?.hex);
}

const seeds = fc.integer({ min: 0, max: 1 << 30 });

describe('what honest people write comes to the same bytes everywhere', { timeout: 60_000 }, () => {
  const networks: readonly (readonly [string, Network])[] = [
    ['in any order of delivery', { twice: 0, lost: 0, cutOff: 0 }],
    ['when everything may come twice', { twice: 0.5, lost: 0, cutOff: 0 }],
    ['when a third is lost', { twice: 0.2, lost: 0.35, cutOff: 0 }],
    ['after a partition in the middle', { twice: 0.2, lost: 0.1, cutOff: 2 }],
    ['when one was offline all the time', { twice: 0, lost: 0, cutOff: 1 }],
  ];
  for (const [name, network] of networks) {
    it(name, () =>
      fc.assert(
        fc.asyncProperty(seeds, async (seed) => {
          const dice = new Dice(seed);
          await converge(dice, await talk(dice, network));
        }),
        { numRuns: 3 },
      ),
    );
  }
});

describe('merging what honest people wrote apart', { timeout: 60_000 }, () => {
  /** Three devices, no two of which have heard of each other. */
  const apart = (check: (make: (at: number) => Replica) => Promise<void>): Promise<void> =>
    fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const dice = new Dice(seed);
        const rooms = new RandomRooms(dice, HONEST);
        const params = { owner: rooms.owner.key };
        const fresh = encode(roomState, rooms.fresh());
        const memo = new SignatureMemo(verifier);
        const states: Uint8Array[] = [];
        for (let i = 0; i < 3; i++) {
          const replica = new Replica(params, fresh, memo);
          for (let k = 0; k < 4; k++) {
            await replica.take(encode(roomDelta, rooms.delta(replica.state)));
          }
          states.push(encode(roomState, replica.state));
        }
        await check((at) => new Replica(params, states[at] as Uint8Array, memo));
      }),
      { numRuns: 5 },
    );

  it('is commutative', () =>
    apart(async (make) => {
      const [left, right] = [make(0), make(1)];
      await pull(left, make(1));
      await pull(right, make(0));
      expect(left.hex).toBe(right.hex);
    }));

  it('is idempotent', () =>
    apart(async (make) => {
      const once = make(0);
      await pull(once, make(1));
      const before = once.hex;
      await pull(once, make(1));
      await pull(once, once);
      expect(once.hex).toBe(before);
    }));

  // members who go in between take their member infos and direct messages along: exceptions.test.ts
  it('is associative, once the results have met', () =>
    apart(async (make) => {
      const left = make(0);
      await pull(left, make(1));
      await pull(left, make(2));
      const inner = make(1);
      await pull(inner, make(2));
      const right = make(0);
      await pull(right, inner);
      for (const each of [left, right]) for (const i of [0, 1, 2]) await pull(each, make(i));
      await pull(left, right);
      await pull(right, left);
      expect(left.hex).toBe(right.hex);
    }));
});
