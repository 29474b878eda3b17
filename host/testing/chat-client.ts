import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { HostResult } from '../../src/freenet/host-response.ts';
import { delegateKey } from '../../src/freenet/keys.ts';
import type { DelegateKey } from '../../src/freenet/types.ts';
import type { DelegateRequest, DelegateResponse } from '../../src/river/delegate-messages.ts';
import {
  decodeDelegateResponse,
  encodeDelegateRequest,
} from '../../src/river/delegate-messages.ts';
import { utf8 } from '../../src/shared/bytes.ts';
import { RIVER_CONTRACT_ID, type RunningHost } from '../serve.ts';
import { messages, NO_PARAMS, RawClient, type Closed } from './raw-client.ts';
import { mintToken, nodeUrl } from './test-host.ts';

/** The built chat delegate. */
export const chatDelegate = (): Uint8Array =>
  readFileSync(fileURLToPath(new URL('../../delegate/build/chat-delegate.wasm', import.meta.url)));

/** What a whole message of the node comes to: the chat delegate's answers in it, or the message where it is none of theirs. */
export type ChatAnswer = readonly DelegateResponse[] | HostResult;

/** A client of the chat delegate that sees what the node sends, whatever it is. */
export class ChatClient {
  readonly raw: RawClient;
  readonly key: DelegateKey;

  private constructor(raw: RawClient, key: DelegateKey) {
    this.raw = raw;
    this.key = key;
  }

  /** Connects as River's web app; the delegate is registered unless it is known to be. */
  static async connect(host: RunningHost): Promise<ChatClient> {
    const wasm = chatDelegate();
    const token = await mintToken(host, RIVER_CONTRACT_ID);
    const raw = await RawClient.connect(nodeUrl(host, token));
    const client = new ChatClient(raw, delegateKey(wasm, NO_PARAMS));
    await raw.register(wasm);
    return client;
  }

  send(...requests: DelegateRequest[]): void {
    const payloads = requests.map((request) => encodeDelegateRequest(request, 'byte-strings'));
    this.raw.send(messages(this.key, ...payloads));
  }

  async next(): Promise<ChatAnswer> {
    return readAnswer(await this.raw.next());
  }

  ask(...requests: DelegateRequest[]): Promise<ChatAnswer> {
    this.send(...requests);
    return this.next();
  }

  /** Resolves with `closed` when the connection ends before an answer comes. */
  async askUntilClosed(...requests: DelegateRequest[]): Promise<ChatAnswer | Closed> {
    return Promise.race([this.ask(...requests), this.raw.closed]);
  }
}

function readAnswer(answer: HostResult): ChatAnswer {
  if (!answer.ok || answer.value.type !== 'DelegateResponse') return answer;
  const said: DelegateResponse[] = [];
  for (const value of answer.value.values) {
    if (value.type !== 'ApplicationMessage') return answer;
    const response = decodeDelegateResponse(value.payload);
    if (!response.ok) throw response.error;
    said.push(response.value);
  }
  return said;
}

export const cas = (key: string, value: string, expectedGeneration = 0n): DelegateRequest => ({
  type: 'CasStoreRequest',
  key: utf8(key),
  value: utf8(value),
  expectedGeneration,
});

export const read = (key: string): DelegateRequest => ({
  type: 'GetVersionedRequest',
  key: utf8(key),
});
