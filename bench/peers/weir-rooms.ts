/** The same rooms as Weir has them: of one person, rightly signed, on a node. */
import { createPrivateKey, sign } from 'node:crypto';
import { WebSocket } from 'ws';
import { ROOM_CONTRACT_CODE_HASH } from '../../host/node/river-rules.ts';
import { DelegateClient } from '../../host/seed/delegate-client.ts';
import { RIVER_CONTRACT_ID } from '../../host/serve.ts';
import { connectNode } from '../../src/freenet/client.ts';
import { contractKeyOf, wasmContract } from '../../src/freenet/keys.ts';
import { encode } from '../../src/river/cbor/codec.ts';
import { encodeContent } from '../../src/river/content.ts';
import { createRoom } from '../../src/river/edits/create-room.ts';
import { memberId, messageId } from '../../src/river/ids.ts';
import { roomSlot, type RoomData } from '../../src/river/room-data.ts';
import { configuration } from '../../src/river/room-state/configuration.ts';
import {
  compareMessages,
  message as messageCodec,
  type AuthorizedMessage,
} from '../../src/river/room-state/messages.ts';
import { roomParameters } from '../../src/river/room-state/parameters.ts';
import { roomState } from '../../src/river/room-state/room-state.ts';
import { timeFromMillis } from '../../src/river/system-time.ts';
import { Dice } from '../../src/river/testing/dice.ts';
import { concatBytes, fromBase58, fromHex, toBase58, utf8 } from '../../src/shared/bytes.ts';
import { orThrow } from '../../src/shared/testing/or-throw.ts';
import { seeded } from './messages.ts';

/** River's encoding writes a text's bytes as numbers, two bytes each: its message takes some `MESSAGE_BYTES`. */
export const TEXT_BYTES = 328;

const START_MS = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;
/** Room for all that is written while measuring. */
const KEPT_MESSAGES = 20_000;
const SEED = 11;
/** RFC 8410: a private key of Ed25519, before its 32 bytes. */
const PKCS8 = fromHex('302e020100300506032b657004220420');

/** Rooms with the messages of `seeded`. */
export function weirRooms(count: number, perRoom: number): readonly RoomData[] {
  const random = new Dice(SEED);
  const rooms = Array.from({ length: count }, (_, i) => {
    const made = createRoom(
      {
        name: `Room ${i}`,
        description: null,
        nickname: 'Ada',
        isPrivate: false,
        contractCodeHash: ROOM_CONTRACT_CODE_HASH,
        createdAt: timeFromMillis(START_MS),
      },
      random,
    );
    return orThrow(made);
  });
  const said: AuthorizedMessage[][] = rooms.map(() => []);
  const signers = rooms.map((room) => signerOf(room));
  for (const { room, at, text } of seeded(count, perRoom, TEXT_BYTES)) {
    const [data, signed] = [rooms[room], signers[room]];
    if (!data || !signed) throw new Error(`there is no room ${room}`);
    const message = {
      roomOwner: memberId(data.ownerVk),
      author: memberId(data.ownerVk),
      time: timeFromMillis(START_MS + at * MINUTE_MS),
      content: {
        type: 'Public',
        contentType: 1,
        contentVersion: 1,
        data: encodeContent({ type: 'text', text }),
      },
    } as const;
    said[room]?.push({ message, signature: signed(encode(messageCodec, message)) });
  }
  return rooms.map((data, i) => {
    const recentMessages = (said[i] ?? []).sort(compareMessages);
    const settings = {
      ...data.roomState.configuration.configuration,
      configurationVersion: 2,
      maxRecentMessages: KEPT_MESSAGES,
    };
    const signature = signers[i]?.(encode(configuration, settings));
    const last = recentMessages.at(-1);
    if (!signature || !last) throw new Error('a room needs a message');
    return {
      ...data,
      roomState: {
        ...data.roomState,
        configuration: { configuration: settings, signature },
        recentMessages,
      },
      lastReadMessageId: messageId(last),
    };
  });
}

function signerOf({ selfSk }: RoomData): (bytes: Uint8Array) => Uint8Array {
  if (!selfSk) throw new Error("the room is not the person's own");
  const key = Buffer.from(concatBytes([PKCS8, selfSk]));
  const native = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  return (bytes) => new Uint8Array(sign(null, bytes, native));
}

/** Puts rooms into the delegate and their contracts onto the node of a running host. @returns their keys */
export async function putRooms(
  url: string,
  rooms: readonly RoomData[],
): Promise<readonly string[]> {
  const delegate = await DelegateClient.connect(new URL(url), fromBase58(RIVER_CONTRACT_ID));
  const node = orThrow(
    await connectNode({
      url: `${url.replace('http', 'ws')}/v1/contract/command`,
      openSocket: (at) => new WebSocket(at),
    }),
  );
  for (const room of rooms) {
    const key = utf8(`room:${toBase58(room.ownerVk)}`);
    const value = encode(roomSlot, { type: 'Present', room });
    await delegate.ask({ type: 'CasStoreRequest', key, value, expectedGeneration: 0n });
    const params = encode(roomParameters, { owner: room.ownerVk });
    const code = contractKeyOf(ROOM_CONTRACT_CODE_HASH, params);
    const contract = wasmContract(new Uint8Array(), params, code);
    orThrow(await node.put({ contract, state: encode(roomState, room.roomState) }));
  }
  delegate.close();
  node.close();
  return rooms.map(({ ownerVk }) => toBase58(ownerVk));
}
