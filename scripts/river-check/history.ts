import { decode, encode } from '../../src/river/cbor/codec.ts';
import { roomParameters } from '../../src/river/room-state/parameters.ts';
import { roomDelta, roomState, type RoomState } from '../../src/river/room-state/room-state.ts';
import type { Dice } from '../../src/river/testing/dice.ts';
import { disordered } from '../../src/river/testing/disorder.ts';
import { RandomRooms } from '../../src/river/testing/random-room.ts';
import { both, type Answer, type Contract, type Update } from './contracts.ts';
import type { Tally } from './tally.ts';

/** Encoded values that a history met, for `checkEncodings`. */
export interface Met {
  readonly params: Uint8Array;
  readonly state: Uint8Array;
  readonly delta: Uint8Array;
  readonly summary: Uint8Array;
}

const STEPS = 10;

/**
 * Three replicas of one room get updates and exchange deltas and states in random order; every answer of the contract must be
 * the same from both.
 */
export async function checkHistory(
  dice: Dice,
  river: Contract,
  weir: Contract,
  tally: Tally,
): Promise<Met> {
  const rooms = new RandomRooms(dice, {
    mischief: dice.pick([0, 0, 0.02, 0.02, 0.05, 0.15]),
    bans: dice.pick([0, 0.15, 0.4]),
    configuration: dice.pick([0.05, 0.3]),
    singleWriter: true,
  });
  const params = encode(roomParameters, { owner: rooms.owner.key });
  const compare = tally.compare.bind(tally);
  const fresh = encode(roomState, rooms.fresh());
  const replicas = [fresh, fresh, fresh];
  let delta: Uint8Array = new Uint8Array([0xa0]);
  let summary: Uint8Array = new Uint8Array();

  const change = async (what: string, at: number, update: Update): Promise<void> => {
    const state = replicas[at] as Uint8Array;
    const next = await both(what, river, weir, (c) => c.update(params, state, [update]), compare);
    if (next.bytes === undefined) return;
    const after = next.bytes;
    const verdict = await both(
      'validate',
      river,
      weir,
      (contract) => contract.validate(params, after),
      compare,
    );
    // a node keeps only what is valid; states that are not are looked at all the same, now and then
    if (verdict.outcome === 'ok' || dice.chance(0.1)) replicas[at] = after;
  };

  for (let step = 0; step < STEPS; step++) {
    const at = dice.below(3);
    const state = decoded(replicas[at] as Uint8Array);
    switch (dice.below(6)) {
      case 0:
      case 1:
      case 2:
        delta = encode(roomDelta, rooms.delta(state));
        await change('update with a delta', at, { kind: 'delta', data: delta });
        break;
      case 3:
        await change('update with a state', at, {
          kind: 'state',
          data: replicas[dice.below(3)] as Uint8Array,
        });
        break;
      case 4: {
        const from = replicas[dice.below(3)] as Uint8Array;
        const to = replicas[at] as Uint8Array;
        const held = await ask('summarize', (contract) => contract.summarize(params, to));
        summary = held.bytes as Uint8Array;
        const news = await ask('delta', (contract) => contract.delta(params, from, summary));
        if (news.bytes === undefined || news.bytes.length === 0) break;
        delta = news.bytes;
        await change('update with their delta', at, { kind: 'delta', data: delta });
        break;
      }
      default: {
        const odd = encode(roomState, disordered(dice, state));
        await ask('validate a disordered state', (contract) => contract.validate(params, odd));
        await ask('summarize a disordered state', (contract) => contract.summarize(params, odd));
        const data = Uint8Array.of(0xa0);
        const cleanUp = { kind: 'delta', data } as const;
        await ask('clean up a disordered state', (c) => c.update(params, odd, [cleanUp]));
        if (dice.chance(0.3))
          await change('update with a disordered state', at, { kind: 'state', data: odd });
      }
    }
  }

  function ask(what: string, question: (contract: Contract) => Promise<Answer>): Promise<Answer> {
    return both(what, river, weir, question, compare);
  }

  if (summary.length === 0) {
    const held = await ask('summarize', (c) => c.summarize(params, replicas[0] as Uint8Array));
    summary = held.bytes as Uint8Array;
  }
  return { params, state: dice.pick(replicas), delta, summary };
}

function decoded(bytes: Uint8Array): RoomState {
  const state = decode(roomState, bytes, 'room_state');
  if (!state.ok) throw state.error;
  return state.value;
}
