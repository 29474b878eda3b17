import { codeHash } from '../../src/freenet/keys.ts';
import { decode, encode } from '../../src/river/cbor/codec.ts';
import { roomParameters } from '../../src/river/room-state/parameters.ts';
import { roomDelta, roomState, type RoomState } from '../../src/river/room-state/room-state.ts';
import { roomSummary } from '../../src/river/room-state/summary.ts';
import { summarize } from '../../src/river/room.ts';
import type { Dice } from '../../src/river/testing/dice.ts';
import { RandomRooms } from '../../src/river/testing/random-room.ts';
import { fromHex, toHex } from '../../src/shared/bytes.ts';
import type { TestNode } from '../conformance/node-socket.ts';
import { NodeSocket, startNode } from '../conformance/node-socket.ts';
import type { Answer } from '../conformance/room-over-websocket.ts';
import { RoomClient } from '../conformance/room-over-websocket.ts';
import type { Tally } from './tally.ts';

const STEPS = 8;

/** One who writes, one who reads what is new since the beginning, one who reads the whole state each time. */
type Clients = Readonly<Record<'writer' | 'reader of deltas' | 'reader of states', RoomClient>>;

/**
 * Two nodes, of which one runs River's compiled contract and the other Weir's rules of it. Their clients must be answered and
 * notified alike.
 */
export class TwoHosts {
  readonly #codeHash: Uint8Array;
  readonly #river: TestNode;
  readonly #weir: TestNode;

  private constructor(code: Uint8Array, river: TestNode, weir: TestNode) {
    this.#codeHash = code;
    this.#river = river;
    this.#weir = weir;
  }

  static async start(contractWasm: Uint8Array): Promise<TwoHosts> {
    return new TwoHosts(
      codeHash(contractWasm),
      await startNode({ contractWasm }),
      await startNode(),
    );
  }

  async close(): Promise<void> {
    await Promise.all([this.#river.close(), this.#weir.close()]);
  }

  /** One random room: put, updated with deltas and states good and bad, read, and its changes notified. */
  async check(dice: Dice, tally: Tally): Promise<void> {
    const mischief = dice.pick([0, 0.05]);
    const rooms = new RandomRooms(dice, {
      mischief,
      bans: 0.15,
      configuration: 0.1,
      singleWriter: true,
    });
    const params = encode(roomParameters, { owner: rooms.owner.key });
    const sockets: NodeSocket[] = [];
    const clientsOf = async ({ host }: TestNode): Promise<Clients> => {
      const client = async (): Promise<RoomClient> => {
        const socket = await NodeSocket.connect(host, undefined);
        sockets.push(socket);
        return new RoomClient(socket, this.#codeHash, params);
      };
      return {
        writer: await client(),
        'reader of deltas': await client(),
        'reader of states': await client(),
      };
    };
    const river = await clientsOf(this.#river);
    const weir = await clientsOf(this.#weir);

    const both = async (
      what: string,
      who: keyof Clients,
      ask: (client: RoomClient) => Promise<Answer>,
    ): Promise<Answer> => {
      const [theirs, ours] = await Promise.all([ask(river[who]), ask(weir[who])]);
      const outcome = theirs.error ?? 'ok';
      tally.compare(`host: ${what}`, textOf(theirs), textOf(ours), outcome);
      return theirs;
    };

    let state: RoomState = rooms.fresh();
    const summary = encode(roomSummary, summarize(state));
    await both('put', 'writer', (client) => client.put(encode(roomState, state)));
    await both('subscribe', 'reader of deltas', (client) => client.subscribe(summary));
    await both('subscribe', 'reader of states', (client) => client.subscribe());
    let held = encode(roomState, state);
    for (let step = 0; step < STEPS; step++) {
      if (dice.chance(0.8)) {
        const delta = encode(roomDelta, rooms.delta(state));
        await both('update', 'writer', (client) => client.update({ type: 'Delta', delta }));
      } else {
        const other = encode(roomState, rooms.fresh());
        await both('put again', 'writer', (client) => client.put(other));
      }
      const [theirs, ours] = await Promise.all([river.writer.state(), weir.writer.state()]);
      tally.compare('host: get', theirs, ours, 'ok');
      if (theirs === toHex(held) || theirs !== ours) continue;
      held = fromHex(theirs);
      const decoded = decode(roomState, held, 'room_state');
      if (!decoded.ok) throw decoded.error;
      state = decoded.value;
      await both('notified of a delta', 'reader of deltas', (client) => client.notified());
      await both('notified of a state', 'reader of states', (client) => client.notified());
    }
    for (const socket of sockets) socket.close();
  }
}

/** Refusals by their kind, answers byte for byte. */
const textOf = (answer: Answer): string =>
  answer.error ??
  JSON.stringify(answer.response, (_, value: unknown) =>
    value instanceof Uint8Array ? toHex(value) : value,
  );
