/**
 * How River's web client saves: the list of all rooms as one value under one key of the delegate, kept whole in memory
 * (freenet/river, issues 246 and 311). The delegate, the node and the connection are real; the list's encoding is not River's.
 */
import { encode as encodeCbor, decode as decodeCbor } from 'cbor-x';
import { connectNode, type NodeConnection } from '../../../src/freenet/client.ts';
import { delegateKey } from '../../../src/freenet/keys.ts';
import type { DelegateKey } from '../../../src/freenet/types.ts';
import {
  answers,
  decodeDelegateResponse,
  encodeDelegateRequest,
  type DelegateRequest,
  type DelegateResponse,
} from '../../../src/river/delegate-messages.ts';
import { utf8 } from '../../../src/shared/bytes.ts';
import type { Message } from '../messages.ts';
import type { Peer } from '../peer.ts';

const KEY = utf8('rooms_data');
const NO_PARAMS = new Uint8Array();
/** A list of ten rooms takes the node a second on a busy machine, and saves wait for each other. */
const PATIENCE_MS = 600_000;

type List = Message[][];

/** Stores the list as it is at the call. */
export type Save = () => Promise<void>;

/** @param saving makes of a save what is called at every edit */
export function riverPeer(saving: (save: Save) => Save): Peer {
  const list: List = [];
  let node: NodeConnection;
  let delegate: DelegateKey;

  const add = (message: Message): void => void (list[message.room] ??= []).push(message);
  const save = async (): Promise<void> => {
    const value = Uint8Array.from(encodeCbor(structuredClone(list)));
    const { type } = await ask(node, delegate, { type: 'StoreRequest', key: KEY, value });
    if (type !== 'StoreResponse') throw new Error(`the delegate said ${type}`);
  };
  const saved = saving(save);

  return {
    async open() {
      const {
        host = '',
        token = '',
        wasm = '',
      } = Object.fromEntries(new URLSearchParams(location.search));
      const code = new Uint8Array(await (await fetch(wasm)).arrayBuffer());
      delegate = delegateKey(code, NO_PARAMS);
      const connected = await connectNode({
        url: `${host.replace('http', 'ws')}/v1/contract/command?authToken=${token}`,
        openSocket: (url) => new WebSocket(url),
      });
      if (!connected.ok) throw new Error(`the node said ${connected.error.type}`);
      node = connected.value;
      await node.register({ code, params: NO_PARAMS, key: delegate });
      const response = await ask(node, delegate, { type: 'GetRequest', key: KEY });
      if (response.type !== 'GetResponse') throw new Error(`the delegate said ${response.type}`);
      if (response.value) list.push(...(decodeCbor(response.value) as List));
    },
    async seed(messages) {
      for (const message of messages) add(message);
      await save();
    },
    async edit(messages, stored) {
      await Promise.all(
        messages.map(async (message) => {
          add(message);
          await saved();
          stored(message.id);
        }),
      );
    },
    newest: async (room) => list[room]?.at(-1),
    ids: async () => list.flat().map(({ id }) => id),
  };
}

async function ask(
  node: NodeConnection,
  key: DelegateKey,
  request: DelegateRequest,
): Promise<DelegateResponse> {
  let answer: DelegateResponse | undefined;
  const asked = await node.askDelegate({
    key,
    params: NO_PARAMS,
    payloads: [encodeDelegateRequest(request, 'ints')],
    changesState: false,
    timeoutMs: PATIENCE_MS,
    accepts: ([bytes]) => {
      const response = bytes && decodeDelegateResponse(bytes);
      if (!response?.ok || !answers(request, response.value)) return false;
      answer = response.value;
      return true;
    },
  });
  if (!asked.ok || !answer) throw new Error(`${request.type}: ${JSON.stringify(asked)}`);
  return answer;
}
