import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { RIVER_CONTRACT_ID } from '../../host/serve.ts';
import { connectNode, type NodeConnection } from '../../src/freenet/client.ts';
import { delegateKey, idText } from '../../src/freenet/keys.ts';
import type { DelegateKey } from '../../src/freenet/types.ts';
import {
  answers,
  decodeDelegateResponse,
  encodeDelegateRequest,
  type DelegateRequest,
  type DelegateResponse,
} from '../../src/river/delegate-messages.ts';
import { fromBase58, utf8, utf8Text } from '../../src/shared/bytes.ts';
import type { LegacyDelegate } from '../../src/sync/migrate/legacy-delegates.ts';

const WASM = readFileSync(
  fileURLToPath(new URL('../../delegate/build/chat-delegate.wasm', import.meta.url)),
);
const NO_PARAMS = new Uint8Array();

/** The module with an empty section of its own: it does the same, under another key. */
const variant = (n: number): Uint8Array => Uint8Array.from([...WASM, 0, 2, 1, 97 + n]);

/** An earlier delegate, as the registry names it, whether a node has it or not. */
export function earlier(n: number): LegacyDelegate {
  return { version: `V${n}`, key: delegateKey(variant(n), NO_PARAMS) };
}

/** Installs an earlier delegate on a node and stores these values in it, as the River of then did. */
export async function installEarlier(
  url: string,
  n: number,
  values: Readonly<Record<string, Uint8Array>>,
): Promise<void> {
  const connection = await connect(url);
  const { key } = earlier(n);
  const registered = await connection.register({ code: variant(n), params: NO_PARAMS, key });
  if (!registered.ok) throw new Error(registered.error.type);
  for (const [name, value] of Object.entries(values)) {
    await ask(connection, key, { type: 'StoreRequest', key: utf8(name), value });
  }
  connection.close();
}

/** Everything that an earlier delegate holds. */
export async function heldByEarlier(url: string, n: number): Promise<Map<string, Uint8Array>> {
  const connection = await connect(url);
  const { key } = earlier(n);
  const listed = await ask(connection, key, { type: 'ListRequest' });
  const held = new Map<string, Uint8Array>();
  for (const name of listed.type === 'ListResponse' ? listed.keys : []) {
    const got = await ask(connection, key, { type: 'GetRequest', key: name });
    if (got.type === 'GetResponse' && got.value) held.set(utf8Text(name), got.value);
  }
  connection.close();
  return held;
}

async function connect(url: string): Promise<NodeConnection> {
  const contract = idText(fromBase58(RIVER_CONTRACT_ID));
  const response = await fetch(`${url}/v1/contract/web/${contract}/`);
  const [, token] = /^Bearer (\S+)$/.exec(response.headers.get('authorization') ?? '') ?? [];
  const at = new URL('/v1/contract/command', url);
  at.protocol = 'ws:';
  at.searchParams.set('authToken', token ?? '');
  const openSocket = (to: string): WebSocket => new WebSocket(to);
  const connected = await connectNode({ url: at.href, openSocket });
  if (!connected.ok) throw new Error(connected.error.type);
  return connected.value;
}

async function ask(
  connection: NodeConnection,
  key: DelegateKey,
  request: DelegateRequest,
): Promise<DelegateResponse> {
  let response: DelegateResponse | undefined;
  const answered = await connection.askDelegate({
    key,
    params: NO_PARAMS,
    payloads: [encodeDelegateRequest(request, 'ints')],
    changesState: false,
    accepts: ([bytes]) => {
      const decoded = decodeDelegateResponse(bytes ?? new Uint8Array());
      if (!decoded.ok || !answers(request, decoded.value)) return false;
      response = decoded.value;
      return true;
    },
  });
  if (!answered.ok || !response) throw new Error(`${request.type} has no answer`);
  return response;
}

/** An earlier delegate whose module a node takes and cannot run: it lacks all that a delegate has. */
export async function installUnrunnable(url: string): Promise<LegacyDelegate> {
  const code = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  const key = delegateKey(code, NO_PARAMS);
  const connection = await connect(url);
  const registered = await connection.register({ code, params: NO_PARAMS, key });
  if (!registered.ok) throw new Error(registered.error.type);
  connection.close();
  return { version: 'one that cannot run', key };
}
