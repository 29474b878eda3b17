/** Rooms of a person's own, of a given size, as they lie on a node before the storm. */
import { WebSocket } from 'ws';
import { ROOM_CONTRACT_CODE_HASH } from '../../host/node/river-rules.ts';
import { DelegateClient } from '../../host/seed/delegate-client.ts';
import { RIVER_CONTRACT_ID } from '../../host/serve.ts';
import { connectNode } from '../../src/freenet/client.ts';
import { contractKeyOf, wasmContract } from '../../src/freenet/keys.ts';
import { encode } from '../../src/river/cbor/codec.ts';
import { editRoom } from '../../src/river/edits/author.ts';
import { composeConfiguration } from '../../src/river/edits/configuration.ts';
import { createRoom } from '../../src/river/edits/create-room.ts';
import { composeText } from '../../src/river/edits/messages.ts';
import { roomSlot, type RoomData } from '../../src/river/room-data.ts';
import { roomParameters } from '../../src/river/room-state/parameters.ts';
import { roomState } from '../../src/river/room-state/room-state.ts';
import { applyDelta } from '../../src/river/room.ts';
import { SignatureMemo } from '../../src/river/signatures/memo.ts';
import { timeFromMillis } from '../../src/river/system-time.ts';
import { fromBase58, toBase58, utf8 } from '../../src/shared/bytes.ts';
import type { Random } from '../../src/shared/random.ts';
import { orThrow } from '../../src/shared/testing/or-throw.ts';

/** Of River's own limit: such a message takes some 2.3 KB. */
const TEXT_BYTES = 990;
/** Room for all that a storm writes. */
const KEPT_MESSAGES = 20_000;
const START_MS = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;

export interface SeededRoom {
  /** Base58 of the owner's key. */
  readonly key: string;
  readonly bytes: number;
}

/** Puts `count` rooms into the delegate and their contracts onto the node of a running host. */
export async function seedRooms(
  url: string,
  {
    count,
    bytes,
    random,
  }: { readonly count: number; readonly bytes: number; readonly random: Random },
  progress: (done: number) => void,
): Promise<readonly SeededRoom[]> {
  const delegate = await DelegateClient.connect(new URL(url), fromBase58(RIVER_CONTRACT_ID));
  const node = orThrow(
    await connectNode({
      url: `${url.replace('http', 'ws')}/v1/contract/command`,
      openSocket: (at) => new WebSocket(at),
    }),
  );
  const seeded: SeededRoom[] = [];
  for (let i = 0; i < count; i++) {
    const room = roomOf(`Room ${i + 1}`, bytes, random);
    const key = toBase58(room.ownerVk);
    const value = encode(roomSlot, { type: 'Present', room });
    const { response } = await delegate.ask({
      type: 'CasStoreRequest',
      key: utf8(`room:${key}`),
      value,
      expectedGeneration: 0n,
    });
    if (response.type !== 'CasStoreResponse') throw new Error(`the delegate said ${response.type}`);
    const params = encode(roomParameters, { owner: room.ownerVk });
    const contract = wasmContract(
      new Uint8Array(),
      params,
      contractKeyOf(ROOM_CONTRACT_CODE_HASH, params),
    );
    orThrow(await node.put({ contract, state: encode(roomState, room.roomState) }));
    seeded.push({ key, bytes: value.length });
    progress(i + 1);
  }
  delegate.close();
  node.close();
  return seeded;
}

/** A room whose owner has written until it is as large as it shall be. */
function roomOf(name: string, bytes: number, random: Random): RoomData {
  const memo = new SignatureMemo();
  const room = orThrow(
    createRoom(
      {
        name,
        description: null,
        nickname: 'Ada',
        isPrivate: false,
        contractCodeHash: ROOM_CONTRACT_CODE_HASH,
        createdAt: timeFromMillis(START_MS),
      },
      random,
    ),
  );
  const { roomState: state, ...own } = room;
  const params = { owner: room.ownerVk };
  const edit = (): Parameters<typeof composeText>[0] => orThrow(editRoom(state, own, memo));
  const limits = { maxRecentMessages: KEPT_MESSAGES };
  const configured = orThrow(composeConfiguration(edit(), { limits }, random));
  orThrow(applyDelta(state, params, configured.delta, memo));
  let size = encode(roomSlot, { type: 'Present', room }).length;
  for (let i = 0; size < bytes; i++) {
    const time = timeFromMillis(START_MS + i * MINUTE_MS);
    const text = wordsOf(i, TEXT_BYTES);
    const said = orThrow(composeText(edit(), text, { time, random }));
    orThrow(applyDelta(state, params, said.delta, memo));
    size += MESSAGE_OVERHEAD + 2 * text.length;
  }
  return room;
}

/** Bytes of a message beside its text, whose characters take two each. */
const MESSAGE_OVERHEAD = 306;

const WORDS =
  'the water stands behind the wall until somebody opens it and then it leaves as one even sheet'.split(
    ' ',
  );

function wordsOf(index: number, length: number): string {
  let text = `${index}`;
  for (let i = index; text.length < length; i++) text += ` ${WORDS[i % WORDS.length] ?? ''}`;
  return text.slice(0, length).trim();
}
