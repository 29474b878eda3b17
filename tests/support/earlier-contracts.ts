import { WebSocket } from 'ws';
import {
  riverRules,
  ROOM_CONTRACT_CODE_HASH,
  type BuiltInRules,
} from '../../host/node/river-rules.ts';
import { connectNode, type NodeConnection } from '../../src/freenet/client.ts';
import { contractKeyOf, wasmContract } from '../../src/freenet/keys.ts';
import type { ContractKey } from '../../src/freenet/types.ts';
import { decode, encode } from '../../src/river/cbor/codec.ts';
import { EARLIER_ROOM_CONTRACT_CODE_HASHES } from '../../src/river/room-contracts.ts';
import { roomParameters } from '../../src/river/room-state/parameters.ts';
import { roomState, type RoomState } from '../../src/river/room-state/room-state.ts';
import { fromBase58, fromHex, toHex } from '../../src/shared/bytes.ts';
import { orThrow } from '../../src/shared/testing/or-throw.ts';

/** A room contract that no registry knows: a newer one, say. */
export const UNKNOWN_CODE = new Uint8Array(32).fill(7);

/** A node on which every room contract there was has River's rules of now, and one that nobody has heard of. */
export function everyRoomContract(rules: BuiltInRules = riverRules()): BuiltInRules {
  const earlier = new Set([...EARLIER_ROOM_CONTRACT_CODE_HASHES, toHex(UNKNOWN_CODE)]);
  return (codeHash) => rules(earlier.has(toHex(codeHash)) ? ROOM_CONTRACT_CODE_HASH : codeHash);
}

/** @param version as the registry counts, from 1 */
export const codeOf = (version: number): Uint8Array =>
  fromHex(EARLIER_ROOM_CONTRACT_CODE_HASHES[version - 1] ?? '');

export const keyUnder = (room: string, code: Uint8Array): ContractKey =>
  contractKeyOf(code, encode(roomParameters, { owner: fromBase58(room) }));

/** A client of the node that speaks to contracts of any generation. */
export class EarlierClient {
  readonly #connection: NodeConnection;

  private constructor(connection: NodeConnection) {
    this.#connection = connection;
  }

  static async connect(url: string): Promise<EarlierClient> {
    const connected = await connectNode({
      url: `${url.replace('http', 'ws')}/v1/contract/command`,
      openSocket: (at) => new WebSocket(at),
    });
    return new EarlierClient(orThrow(connected));
  }

  async put(room: string, code: Uint8Array, state: RoomState): Promise<void> {
    const params = encode(roomParameters, { owner: fromBase58(room) });
    const contract = wasmContract(new Uint8Array(), params, keyUnder(room, code));
    orThrow(await this.#connection.put({ contract, state: encode(roomState, state) }));
  }

  /** What the room's contract under that code holds; undefined when it is not there. */
  async held(room: string, code: Uint8Array): Promise<RoomState | undefined> {
    const got = orThrow(await this.#connection.get({ instance: keyUnder(room, code).instance }));
    return got.type === 'Found' ? orThrow(decode(roomState, got.state)) : undefined;
  }

  close(): void {
    this.#connection.close();
  }
}
