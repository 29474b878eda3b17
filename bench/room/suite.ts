import { nativeVerifier } from '../../host/node/ed25519-verifier.ts';
import { riverRules, ROOM_CONTRACT_CODE_HASH } from '../../host/node/river-rules.ts';
import type { UpdateData } from '../../src/freenet/types.ts';
import { decode, encode } from '../../src/river/cbor/codec.ts';
import * as contract from '../../src/river/contract.ts';
import { roomSlot } from '../../src/river/room-data.ts';
import { assembleRoomSlot, splitRoomSlot } from '../../src/river/room-parts.ts';
import { EMPTY_DELTA, roomState } from '../../src/river/room-state/room-state.ts';
import {
  applyDelta,
  delta,
  preverify,
  preverifyDelta,
  summarize,
  trustRoom,
  verifyRoom,
} from '../../src/river/room.ts';
import { collectSignatures } from '../../src/river/signatures/collect.ts';
import { SignatureMemo } from '../../src/river/signatures/memo.ts';
import {
  chooseVerifier,
  javascriptVerifier,
  type SignatureVerifier,
} from '../../src/river/signatures/verifier.ts';
import { equalBytes } from '../../src/shared/bytes.ts';
import { orThrow } from '../../src/shared/testing/or-throw.ts';
import type { Operation, Row, Suite } from '../operation.ts';
import type { RiverContract } from './river.ts';
import {
  deltaBytes,
  forgetKeys,
  loadBigRoom,
  stateBytes,
  updated,
  Writers,
  type BigRoom,
} from './rooms.ts';

/** New messages on each side of the merge. */
const DIVERGED_BY = 40;

interface Bench {
  readonly room: BigRoom;
  readonly river: RiverContract | undefined;
  readonly verifier: SignatureVerifier;
  readonly writers: Writers;
}

const timed = (call: string, run: () => unknown): Operation => ({ call, prepare: () => run });

/** Both must give these bytes. */
async function mustAgree(river: Uint8Array, weir: Promise<Uint8Array>): Promise<void> {
  if (!equalBytes(river, await weir)) throw new Error("Weir's result is not River's");
}

function verifyRows({ room, river, verifier }: Bench): Row[] {
  const { params, state, parameters } = room;
  const group = 'verify the full room';
  const weirCall = (by: SignatureVerifier) => async () =>
    orThrow(await contract.validateState(params, state, new SignatureMemo(by)));
  const sameCall = river && timed('validate_state', () => river.validate(params, state));
  return [
    {
      group,
      what: 'the contract call, nothing remembered',
      ...(sameCall && { river: sameCall }),
      weir: {
        call: `validateState, signatures by ${verifier.kind}`,
        single: true,
        prepare: () => {
          forgetKeys();
          return async () => weirCall(await chooseVerifier(globalThis.crypto.subtle))();
        },
      },
    },
    {
      group,
      what: 'the contract call, members seen before',
      ...(sameCall && { river: sameCall }),
      weir: timed(`validateState, signatures by ${verifier.kind}`, weirCall(verifier)),
    },
    {
      group,
      what: "the contract call, signatures as Weir's node verifies them",
      ...(sameCall && { river: sameCall }),
      weir: timed('validateState, signatures by node:crypto', weirCall(nativeVerifier())),
    },
    {
      group,
      what: 'the contract call, in an engine without Ed25519',
      ...(sameCall && { river: sameCall }),
      weir: {
        ...timed('validateState, signatures in JavaScript', weirCall(javascriptVerifier)),
        single: true,
      },
    },
    {
      group,
      what: 'in memory, no signature known',
      weir: {
        call: 'preverify and verifyRoom',
        prepare: () => {
          const fresh = orThrow(decode(roomState, state));
          return async () => {
            const memo = new SignatureMemo(verifier);
            await preverify(fresh, parameters, memo);
            orThrow(verifyRoom(fresh, parameters, memo));
          };
        },
      },
    },
  ];
}

/** `update_state`, alone and with the `validate_state` of its result, which is how a node takes an update. */
function updateRows(
  { room, river, verifier }: Bench,
  group: string,
  state: Uint8Array,
  update: contract.ContractUpdate & { readonly data: Uint8Array },
): Row[] {
  const { params } = room;
  const data: UpdateData =
    update.kind === 'state'
      ? { type: 'State', state: update.data }
      : { type: 'Delta', delta: update.data };
  const weirUpdate = async (): Promise<Uint8Array> =>
    orThrow(await contract.updateState(params, state, [update], new SignatureMemo(verifier)));
  const weirBoth = async (): Promise<void> => {
    const after = await weirUpdate();
    orThrow(await contract.validateState(params, after, new SignatureMemo(verifier)));
  };
  return [
    {
      group,
      what: 'the contract call',
      ...(river && {
        river: timed('update_state', () => river.update(params, state, [data])),
        check: () => mustAgree(river.update(params, state, [data]), weirUpdate()),
      }),
      weir: timed('updateState', weirUpdate),
    },
    {
      group,
      what: 'the contract call, and the one that verifies the result',
      ...(river && {
        river: timed('update_state, validate_state', () =>
          river.validate(params, river.update(params, state, [data])),
        ),
      }),
      weir: timed('updateState, validateState', weirBoth),
    },
  ];
}

/** Weir's own node keeps its rooms decoded: a new message each time, update and validation. */
function nodeRow({ room, river }: Bench, group: string, data: Uint8Array): Row {
  const { params } = room;
  const rules = riverRules()(ROOM_CONTRACT_CODE_HASH);
  if (!rules) throw new Error("Weir's node does not know River's room contract");
  const writers = new Writers(room);
  let { state } = room;
  return {
    group,
    what: "the same two calls of Weir's node, which keeps the room decoded",
    ...(river && {
      river: timed('update_state, validate_state', () =>
        river.validate(params, river.update(params, room.state, [{ type: 'Delta', delta: data }])),
      ),
    }),
    weir: {
      call: 'update and validate of the node',
      prepare: () => {
        const delta = deltaBytes(writers.delta());
        return () => {
          const { newState } = orThrow(rules.update(params, state, [{ type: 'Delta', delta }]));
          if (newState === undefined) throw new Error('no state');
          orThrow(rules.validate(params, newState, []));
          state = newState;
        };
      },
    },
  };
}

function applyRows(bench: Bench): Row[] {
  const { room, verifier, writers } = bench;
  const { parameters } = room;
  const group = 'apply one message';
  const update = { kind: 'delta', data: deltaBytes(writers.delta()) } as const;
  const held = updated(room, EMPTY_DELTA);
  const memo = new SignatureMemo(verifier);
  trustRoom(held, parameters, memo);
  const queue = new Writers(room);
  return [
    ...updateRows(bench, group, room.state, update),
    nodeRow(bench, group, update.data),
    {
      group,
      what: 'in memory, to a room that is verified; its signature is not known',
      weir: {
        call: 'preverifyDelta and applyDelta',
        prepare: () => {
          const news = queue.delta();
          return async () => {
            await preverifyDelta(news, held, parameters, memo);
            orThrow(applyDelta(held, parameters, news, memo));
          };
        },
      },
    },
  ];
}

function mergeRows(bench: Bench): Row[] {
  const { room, verifier, writers } = bench;
  const { parameters } = room;
  const group = `merge two rooms that differ by ${DIVERGED_BY} messages each`;
  const mine = updated(room, writers.delta(DIVERGED_BY));
  const theirs = stateBytes(updated(room, writers.delta(DIVERGED_BY)));
  return [
    ...updateRows(bench, group, stateBytes(mine), { kind: 'state', data: theirs }),
    {
      group,
      what: 'in memory, into a room that is verified; of the other no signature is known',
      weir: {
        call: 'delta, preverifyDelta and applyDelta',
        prepare: () => {
          const held = { ...mine };
          const memo = new SignatureMemo(verifier);
          trustRoom(held, parameters, memo);
          const other = orThrow(decode(roomState, theirs));
          return async () => {
            const news = delta(other, summarize(held));
            if (news === null) throw new Error('nothing to merge');
            await preverifyDelta(news, held, parameters, memo);
            orThrow(applyDelta(held, parameters, news, memo));
          };
        },
      },
    },
  ];
}

function encodeRows({ room, river, verifier }: Bench): Row[] {
  const { params, state, slot } = room;
  const group = "encode the delegate's blob";
  const present = orThrow(decode(roomSlot, slot));
  const pieces = orThrow(splitRoomSlot(slot));
  if (pieces === 'Tombstone') throw new Error('a tombstone');
  const weirUpdate = async (): Promise<Uint8Array> =>
    orThrow(await contract.updateState(params, state, [], new SignatureMemo(verifier)));
  return [
    {
      group,
      what: 'the contract call that only reads and writes the state',
      ...(river && {
        river: timed('update_state without update', () => river.update(params, state, [])),
        check: () => mustAgree(river.update(params, state, []), weirUpdate()),
      }),
      weir: timed('updateState without update', weirUpdate),
    },
    {
      group,
      what: 'the blob from a room in memory',
      weir: timed('encode(roomSlot)', () => encode(roomSlot, present)),
    },
    {
      group,
      what: 'the blob from stored pieces, as a save does it',
      weir: timed('assembleRoomSlot', () => assembleRoomSlot(pieces)),
    },
  ];
}

function tellRows({ room, river, writers }: Bench): Row[] {
  const { params, state } = room;
  const theirs = stateBytes(updated(room, writers.delta(DIVERGED_BY)));
  const summary = orThrow(contract.summarizeState(params, theirs));
  const told = (): Uint8Array => orThrow(contract.getStateDelta(params, state, summary));
  const summarized = (): Uint8Array => orThrow(contract.summarizeState(params, state));
  return [
    {
      group: 'summarize the full room',
      what: 'the contract call',
      ...(river && {
        river: timed('summarize_state', () => river.summarize(params, state)),
        check: () => mustAgree(river.summarize(params, state), Promise.resolve(summarized())),
      }),
      weir: timed('summarizeState', summarized),
    },
    {
      group: 'tell what another replica lacks',
      what: 'the contract call',
      ...(river && {
        river: timed('get_state_delta', () => river.delta(params, state, summary)),
        check: () => mustAgree(river.delta(params, state, summary), Promise.resolve(told())),
      }),
      weir: timed('getStateDelta', told),
    },
  ];
}

/** What a room costs, beside River's own contract where there is one. */
export async function roomSuite(river: RiverContract | undefined): Promise<Suite> {
  const room = loadBigRoom();
  const verifier = await chooseVerifier(globalThis.crypto.subtle);
  const bench = { room, river, verifier, writers: new Writers(room) };
  const { members, recentMessages, directMessages } = room.data.roomState;
  const signatures = collectSignatures(room.data.roomState, room.parameters).length;
  const about =
    `a room at its limits: ${room.state.length} bytes, ${members.length} members, ` +
    `${recentMessages.length} messages, ${directMessages.messages.length} direct messages, ${signatures} signatures`;
  const rows = [verifyRows, applyRows, mergeRows, encodeRows, tellRows].flatMap((of) => of(bench));
  return { name: 'room', about, rows };
}
