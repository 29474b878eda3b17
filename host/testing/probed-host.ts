import { expect } from 'vitest';
import { delegateKey } from '../../src/freenet/keys.ts';
import type { DelegateKey } from '../../src/freenet/types.ts';
import { utf8Text } from '../../src/shared/bytes.ts';
import type { HostOptions, RunningHost } from '../serve.ts';
import { probeDelegate } from './probe-delegate.ts';
import { NO_PARAMS, RawClient } from './raw-client.ts';
import { nodeUrl, testHost } from './test-host.ts';

export interface ProbedHost {
  readonly host: RunningHost;
  readonly client: RawClient;
  readonly key: DelegateKey;
  readonly wasm: Uint8Array;
}

/** A host with the probe delegate registered, and a client of it. The first use compiles it, which takes seconds. */
export async function probedHost(options: Partial<HostOptions> = {}): Promise<ProbedHost> {
  const wasm = await probeDelegate();
  const host = await testHost(options);
  const client = await RawClient.connect(nodeUrl(host));
  const key = delegateKey(wasm, NO_PARAMS);
  expect(await client.register(wasm)).toEqual(emptyAnswer(key));
  return { host, client, key, wasm };
}

/** What a network node answers to a registration, and to everything that fails. */
export const emptyAnswer = (key: DelegateKey): unknown => ({
  ok: true,
  value: { type: 'DelegateResponse', key, values: [] },
});

/** Payloads as texts; anything else as it is. */
export const texts = (answer: unknown): unknown =>
  Array.isArray(answer) ? (answer as Uint8Array[]).map(utf8Text) : answer;
