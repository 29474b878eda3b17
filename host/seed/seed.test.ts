import { gunzipSync, gzipSync } from 'node:zlib';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { builtDelegate } from '../../delegate/compile.ts';
import { delegateKey, idText } from '../../src/freenet/keys.ts';
import type { DelegateRequest, DelegateResponse } from '../../src/river/delegate-messages.ts';
import {
  encodeDelegateRequest,
  encodeDelegateResponse,
} from '../../src/river/delegate-messages.ts';
import { fromHex, toHex, utf8 } from '../../src/shared/bytes.ts';
import { readVectors } from '../../tests/support/vectors.ts';
import { CommandError } from '../commands/command-error.ts';
import { seed } from '../commands/seed.ts';
import { NodeStore } from '../node/store.ts';
import type { RunningHost } from '../serve.ts';
import { NO_PARAMS } from '../testing/raw-client.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { testHost } from '../testing/test-host.ts';
import { DelegateClient } from './delegate-client.ts';

vi.setConfig({ testTimeout: 60_000 });

interface UserData {
  origin: { contract_id: string };
  delegate_store_requests: { about?: string; request: string; response: string }[];
  delegate_keys_after: { key: string; generation: number }[];
  delegate_store_after: Record<string, string>;
}

const FILE = new URL('../../tests/vectors/user-data.json.gz', import.meta.url).pathname;
const userData = (): UserData => readVectors<UserData>('user-data');

/** Runs the command. @returns what it printed, or the one line it failed with */
async function run(host: RunningHost, file: string): Promise<string> {
  const lines: string[] = [];
  try {
    await seed([file, '--url', host.url], {
      line: (text) => lines.push(text),
      error: (text) => lines.push(text),
    });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return `${error.exitCode}: ${error.message}`;
  }
  return lines.join('\n');
}

function writeFile(data: unknown): string {
  const file = join(tempDir(), 'seed.json');
  writeFileSync(file, JSON.stringify(data));
  return file;
}

/** A file of another web app, written with byte strings. */
const smallFile = (
  exchanges: readonly (readonly [DelegateRequest, DelegateResponse])[],
  delegate_keys_after: UserData['delegate_keys_after'] = [],
): string =>
  writeFile({
    origin: { contract_id: '42'.repeat(32) },
    delegate_store_requests: exchanges.map(([request, response]) => ({
      request: toHex(encodeDelegateRequest(request, 'byte-strings')),
      response: toHex(encodeDelegateResponse(response)),
    })),
    delegate_keys_after,
  });

async function client(host: RunningHost): Promise<DelegateClient> {
  return DelegateClient.connect(new URL(host.url), fromHex(userData().origin.contract_id));
}

describe('seeding a node', () => {
  test('everything is stored as the file says, and is there after a restart', async () => {
    const dataDir = tempDir();
    const wasm = await builtDelegate();
    const host = await testHost({ delegateWasm: wasm, dataDir });
    const summary = await run(host, FILE);
    expect(summary).toContain('18 stored, 0 already there');
    expect(summary).toContain('10 as the file lists them');
    const { storeRequests, delegates } = host.metrics();
    expect(storeRequests).toBe(11);
    expect(delegates[idText(delegateKey(wasm, NO_PARAMS).key)]?.registrations).toBe(1);
    await host.close();

    const store = NodeStore.open(dataDir);
    if (!store.ok) throw new Error('the store does not open');
    const secrets = store.value.secrets(delegateKey(wasm, NO_PARAMS));
    const found = secrets
      .list(NO_PARAMS)
      .map((key) => [toHex(key), toHex(secrets.get(key) ?? NO_PARAMS)]);
    await store.value.close();
    expect(Object.fromEntries(found)).toEqual(userData().delegate_store_after);
  });

  test('a second time nothing is written: all of it is already there', async () => {
    const host = await testHost({ delegateWasm: await builtDelegate() });
    await run(host, FILE);
    const before = host.metrics();
    expect(await run(host, FILE)).toContain('0 stored, 18 already there');
    expect(host.metrics().storeRequests).toBe(before.storeRequests);
    expect(host.metrics().requests['RegisterDelegate']).toBe(1);
  });

  test('what an interrupted seeding left is completed', async () => {
    const host = await testHost({ delegateWasm: await builtDelegate() });
    const data = userData();
    // up to between the two saves of one room
    data.delegate_store_requests.length = 6;
    data.delegate_keys_after = [];
    expect(await run(host, writeFile(data))).toContain('6 stored, 0 already there');
    expect(await run(host, FILE)).toContain('12 stored, 6 already there');
  });

  test('other content is an error, and then nothing at all is written', async () => {
    const host = await testHost({ delegateWasm: await builtDelegate() });
    const own = await client(host);
    const key = utf8('outbound_dms'); // the file would write it without a comparison
    await own.ask({ type: 'StoreRequest', key, value: utf8('mine') });
    const answer = await run(host, FILE);
    expect(answer).toBe('1: the node holds other content, so nothing was written: "outbound_dms"');
    const { response } = await own.ask({ type: 'ListRequest' });
    expect(response).toEqual({ type: 'ListResponse', keys: [key] });
    expect((await own.ask({ type: 'GetVersionedRequest', key })).response).toMatchObject({
      value: utf8('mine'),
      generation: 1n,
    });
    own.close();
  });

  test('another signing key of a room is other content too', async () => {
    const host = await testHost({ delegateWasm: await builtDelegate() });
    const withSigningKey = (seedHex: string): string =>
      smallFile([
        [
          {
            type: 'StoreSigningKey',
            roomKey: fromHex('ab'.repeat(32)),
            signingKeyBytes: fromHex(seedHex.repeat(32)),
          },
          {
            type: 'StoreSigningKeyResponse',
            roomKey: fromHex('ab'.repeat(32)),
            result: { type: 'Ok', value: null },
          },
        ],
      ]);
    expect(await run(host, withSigningKey('01'))).toContain('1 stored');
    expect(await run(host, withSigningKey('01'))).toContain('0 stored, 1 already there');
    expect(await run(host, withSigningKey('02'))).toBe(
      '1: the node holds other content, so nothing was written: the signing key of room abababababababab…',
    );
    expect(await run(host, withSigningKey('01'))).toContain('0 stored, 1 already there');
  });

  test('a conflict with the same bytes is already there, one with others is left as it is', async () => {
    const cas = (
      value: string,
      expectedGeneration: bigint,
      generation: bigint,
    ): [DelegateRequest, DelegateResponse] => [
      { type: 'CasStoreRequest', key: utf8('k'), value: utf8(value), expectedGeneration },
      { type: 'CasStoreResponse', key: utf8('k'), result: { type: 'Stored', generation } },
    ];
    // the second write expects what the first has already replaced, as when somebody else came in between
    const same = await testHost({ delegateWasm: await builtDelegate() });
    const sameFile = smallFile([cas('a', 0n, 1n), cas('a', 0n, 2n)]);
    expect(await run(same, sameFile)).toContain('1 stored, 1 already there');
    const other = await testHost({ delegateWasm: await builtDelegate() });
    const otherFile = smallFile([cas('a', 0n, 1n), cas('b', 0n, 2n)]);
    expect(await run(other, otherFile)).toMatch(/^1: .*Other content came in between/);
    expect(await run(other, smallFile([cas('a', 0n, 1n)]))).toContain('0 stored, 1 already there');
  });

  test("keys that differ from the file's list are reported", async () => {
    const host = await testHost({ delegateWasm: await builtDelegate() });
    const data = userData();
    data.delegate_keys_after = [
      { key: 'rooms_meta', generation: 3 },
      { key: 'nothing', generation: 1 },
    ];
    expect(await run(host, writeFile(data))).toBe(
      "1: the keys differ from the file's: rooms_meta has generation 1 instead of 3; nothing is not listed",
    );
  });

  test('another file of the same form works: another web app, its own keys, byte strings', async () => {
    const host = await testHost({ delegateWasm: await builtDelegate() });
    const key = utf8('notes');
    const file = smallFile(
      [
        [
          { type: 'CasStoreRequest', key, value: utf8('x'), expectedGeneration: 0n },
          { type: 'CasStoreResponse', key, result: { type: 'Stored', generation: 1n } },
        ],
      ],
      [{ key: 'notes', generation: 1 }],
    );
    expect(await run(host, file)).toContain('1 stored, 0 already there');
    expect(await run(host, FILE)).toContain('18 stored');
  });

  test('a delegate that does not answer is reported', async () => {
    const host = await testHost(); // its delegate is an empty module
    expect(await run(host, FILE)).toBe(
      '1: The node gave an empty answer: the delegate is not installed, refused, or failed.',
    );
  });
});

describe('files that are none', () => {
  const message = async (host: RunningHost, file: string): Promise<string> => {
    const answer = await run(host, file);
    expect(host.metrics().connections.total, answer).toBe(0);
    return answer.replace(file, 'FILE');
  };

  test('each is refused with the place of the trouble, before anything is sent', async () => {
    const host = await testHost();
    const changed = (change: (data: UserData) => unknown): Promise<string> => {
      const data = userData();
      return message(host, writeFile(change(data) ?? data));
    };
    const first = (data: UserData): UserData['delegate_store_requests'][number] =>
      data.delegate_store_requests[0] ?? { request: '', response: '' };

    expect(await changed(() => [])).toBe('2: FILE: it is no object');
    expect(await changed(() => ({}))).toBe('2: FILE: origin: not an object');
    expect(await changed((data) => void (data.origin.contract_id = 'ab'))).toBe(
      '2: FILE: origin.contract_id: 1 bytes instead of 32',
    );
    expect(await changed((data) => void (data.delegate_store_requests = []))).toBe(
      '2: FILE: delegate_store_requests: it is empty',
    );
    expect(await changed((data) => void (first(data).request = 'xyz'))).toBe(
      '2: FILE: delegate_store_requests.0.request: not hex digits',
    );
    expect(await changed((data) => void (first(data).request = 'a1'))).toMatch(
      /^2: FILE: delegate_store_requests\.0\.request: \S/,
    );
    // a bare "ListRequest"
    expect(await changed((data) => void (first(data).request = '6b4c69737452657175657374'))).toBe(
      '2: FILE: delegate_store_requests.0.request: a ListRequest stores nothing',
    );
    expect(
      await changed((data) => {
        first(data).response = data.delegate_store_requests[1]?.response ?? '';
      }),
    ).toBe('2: FILE: delegate_store_requests.0.response: it is no answer to the request');
    expect(
      await changed((data) => {
        (data.delegate_keys_after[3] as { generation: unknown }).generation = -1;
      }),
    ).toBe('2: FILE: delegate_keys_after.3.generation: not a count');
  });

  test('what is no JSON, no whole gzip, or not there', async () => {
    const host = await testHost();
    const file = join(tempDir(), 'file');
    writeFileSync(file, '{"origin":');
    expect(await message(host, file)).toMatch(/^2: FILE: it is no JSON: /);
    writeFileSync(file, gzipSync(gunzipSync(readFileSync(FILE))).subarray(0, 5000));
    expect(await message(host, file)).toMatch(/^2: FILE: it can't be read: /);
    expect(await message(host, '/nowhere/at/all.json')).toMatch(
      /^2: FILE: it can't be read: ENOENT/,
    );
  });
});
