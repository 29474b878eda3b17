/** The chat delegate of a running host, as any program reaches it: by the node's own API and a token. */
import { WebSocket } from 'ws';
import type { NodeConnection } from '../../src/freenet/client.ts';
import { connectNode } from '../../src/freenet/client.ts';
import { delegateKey, idText } from '../../src/freenet/keys.ts';
import type { NodeError } from '../../src/freenet/node-error.ts';
import { describeNodeError } from '../../src/freenet/node-error.ts';
import type { DelegateKey } from '../../src/freenet/types.ts';
import type { DelegateRequest, DelegateResponse } from '../../src/river/delegate-messages.ts';
import {
  answers,
  decodeDelegateResponse,
  encodeDelegateRequest,
} from '../../src/river/delegate-messages.ts';
import type { Result } from '../../src/shared/result.ts';
import { failure } from '../commands/command-error.ts';

/** A host on this machine answers at once; a stopped one would keep us waiting for ever. */
const HTTP_TIMEOUT_MS = 10_000;

const NO_PARAMS = new Uint8Array(0);

export interface Answer {
  readonly response: DelegateResponse;
  readonly bytes: Uint8Array;
}

export class DelegateClient {
  readonly key: DelegateKey;
  readonly #connection: NodeConnection;

  private constructor(connection: NodeConnection, key: DelegateKey) {
    this.#connection = connection;
    this.key = key;
  }

  /**
   * Connects to the host's node as the web app `contractId`, and registers the host's delegate when it is not there yet.
   *
   * @param url of the host, http
   * @param userToken for whom, where the node serves several people
   * @throws CommandError when the host, its node or the delegate does not answer
   */
  static async connect(
    url: URL,
    contractId: Uint8Array,
    userToken?: string,
  ): Promise<DelegateClient> {
    const token = await mintToken(url, contractId);
    const wasm = await fetchDelegate(url);
    const key = delegateKey(wasm, NO_PARAMS);

    const socketUrl = new URL('/v1/contract/command', url);
    socketUrl.protocol = 'ws:';
    socketUrl.searchParams.set('authToken', token);
    const headers = userToken === undefined ? {} : { 'X-Freenet-User-Token': userToken };
    const connection = unwrap(
      await connectNode({
        url: socketUrl.href,
        openSocket: (at) => new WebSocket(at, { headers }),
      }),
    );
    const client = new DelegateClient(connection, key);
    const listed = await client.#ask({ type: 'ListRequest' });
    if (listed.ok) return client;
    if (listed.error.type !== 'EmptyValues') unwrap(listed);
    unwrap(await connection.register({ code: wasm, params: NO_PARAMS, key }));
    await client.ask({ type: 'ListRequest' }); // only an answer proves that it is there
    return client;
  }

  /**
   * @param recorded the request's bytes, where they are to be sent as they were recorded
   * @returns the delegate's answer to this very request
   * @throws CommandError
   */
  async ask(request: DelegateRequest, recorded?: Uint8Array): Promise<Answer> {
    return unwrap(await this.#ask(request, recorded));
  }

  close(): void {
    this.#connection.close();
  }

  async #ask(request: DelegateRequest, recorded?: Uint8Array): Promise<Result<Answer, NodeError>> {
    let answer: Answer | undefined;
    const result = await this.#connection.askDelegate({
      key: this.key,
      params: NO_PARAMS,
      // River's own byte form, which delegates of every generation read
      payloads: [recorded ?? encodeDelegateRequest(request, 'ints')],
      changesState: recorded !== undefined,
      accepts: ([bytes]) => {
        if (!bytes) return false;
        const response = decodeDelegateResponse(bytes);
        if (!response.ok || !answers(request, response.value)) return false;
        answer = { response: response.value, bytes };
        return true;
      },
    });
    if (!result.ok) return result;
    if (!answer) throw new Error('an accepted answer was not kept');
    return { ok: true, value: answer };
  }
}

async function mintToken(url: URL, contractId: Uint8Array): Promise<string> {
  const response = await get(new URL(`/v1/contract/web/${idText(contractId)}/`, url));
  const [, token] = /^Bearer (\S+)$/.exec(response.headers.get('authorization') ?? '') ?? [];
  if (token === undefined) throw failure(`${url.origin} gave no token: it is no Freenet node`);
  return token;
}

async function fetchDelegate(url: URL): Promise<Uint8Array> {
  const path = await delegatePath(await get(new URL('/weir/config.json', url)));
  if (typeof path !== 'string') throw failure(`${url.origin} names no delegate: it is no Weir`);
  return new Uint8Array(await (await get(new URL(path, url))).arrayBuffer());
}

/** @returns whatever stands where the path should: a stranger may have answered */
async function delegatePath(response: Response): Promise<unknown> {
  try {
    const config = (await response.json()) as { delegate?: { url?: unknown } | null } | null;
    return config?.delegate?.url;
  } catch {
    return undefined; // no JSON: no configuration
  }
}

async function get(url: URL): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(HTTP_TIMEOUT_MS) });
  } catch {
    throw failure(`nothing answers at ${url.origin}: is the host running? (weir serve)`);
  }
  if (response.ok) return response;
  throw failure(`${url.href} answers ${response.status}: ${(await response.text()).trim()}`);
}

function unwrap<T>(result: Result<T, NodeError>): T {
  if (result.ok) return result.value;
  throw failure(describeNodeError(result.error));
}
