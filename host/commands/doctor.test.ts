import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { delegateKey, parseId } from '../../src/freenet/keys.ts';
import { fromBase58, toBase58, toHex, utf8 } from '../../src/shared/bytes.ts';
import { NodeStore } from '../node/store.ts';
import type { DelegateSecrets } from '../node/stored-secrets.ts';
import { DelegateClient } from '../seed/delegate-client.ts';
import { readSeedFile } from '../seed/seed-file.ts';
import { seedDelegate } from '../seed/seeder.ts';
import { RIVER_CONTRACT_ID } from '../serve.ts';
import { chatDelegate } from '../testing/chat-client.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { testHost } from '../testing/test-host.ts';
import { weir } from './weir.ts';

const SEED = fileURLToPath(new URL('../../tests/vectors/user-data.json.gz', import.meta.url));
const KEY = delegateKey(chatDelegate(), new Uint8Array(0));
/** Nothing listens there. */
const NOBODY = 'http://localhost:1';

interface Said {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

async function doctor(...args: string[]): Promise<Said> {
  const out: string[] = [];
  const error: string[] = [];
  const code = await weir(
    ['doctor', ...args],
    { line: (line) => out.push(line), error: (line) => error.push(line) },
    AbortSignal.timeout(60_000),
  );
  return { code, out: out.join('\n'), error: error.join('\n') };
}

/** A host that holds the recorded user's data; its folder. */
async function seeded(): Promise<{
  readonly dataDir: string;
  readonly url: string;
  readonly stop: () => Promise<void>;
}> {
  const dataDir = tempDir();
  const host = await testHost({ dataDir, delegateWasm: chatDelegate() });
  const client = await DelegateClient.connect(new URL(host.url), fromBase58(RIVER_CONTRACT_ID));
  await seedDelegate(readSeedFile(SEED), client);
  client.close();
  return { dataDir, url: host.url, stop: () => host.close() };
}

/** Changes the secrets of River's web app behind the delegate's back. */
async function tamper(dataDir: string, change: (secrets: DelegateSecrets) => void): Promise<void> {
  const store = NodeStore.open(dataDir);
  if (!store.ok) throw new Error(store.error.type);
  await store.value.commit(() => change(store.value.secrets(KEY)));
  await store.value.close();
}

const nameOf = (key: string): Uint8Array => utf8(`${RIVER_CONTRACT_ID}:${key}`);

describe('weir doctor', () => {
  test('finds a seeded node healthy while its host runs, and says what is there, but no secret', async () => {
    const { dataDir, url } = await seeded();
    const { code, out } = await doctor('--data-dir', dataDir, '--url', url);
    expect(out).toContain('all listed, all of them decode');
    expect(out).toContain('A host answers');
    expect(out).not.toMatch(/^!/m);
    expect(code).toBe(0);
    const keys = readSeedFile(SEED).writes.flatMap(({ request }) =>
      request.type === 'StoreSigningKey' ? [request.signingKeyBytes] : [],
    );
    expect(keys.length).toBeGreaterThan(0);
    const json = (await doctor('--data-dir', dataDir, '--url', url, '--json')).out;
    for (const key of keys) {
      for (const text of [toHex(key), toBase58(key)]) expect(out + json).not.toContain(text);
    }
  });

  test('changes nothing: the store’s file is the same afterwards', async () => {
    const { dataDir, stop } = await seeded();
    await stop();
    const file = join(dataDir, 'node', 'data.mdb');
    const before = [readFileSync(file).toString('base64'), statSync(file).mtimeMs];
    await doctor('--data-dir', dataDir, '--url', NOBODY);
    expect([readFileSync(file).toString('base64'), statSync(file).mtimeMs]).toEqual(before);
  });

  test('finds a value that the list of keys lacks, one that is listed and gone, and one that does not decode', async () => {
    const { dataDir, stop } = await seeded();
    await stop();
    const [gone = '', broken = ''] = readSeedFile(SEED)
      .keysAfter.map(({ key }) => key)
      .filter((key) => key.startsWith('room:'));
    await tamper(dataDir, (secrets) => {
      secrets.set(nameOf('room:unlisted'), utf8('no room'));
      secrets.remove(nameOf(gone));
      secrets.set(nameOf(broken), utf8('no room either'));
    });
    const { code, out } = await doctor('--data-dir', dataDir, '--url', NOBODY);
    expect(code).toBe(1);
    expect(out).toContain('1 value is not in the list of keys (room:unlisted…)');
    expect(out).toContain(`1 key is listed without a value (${gone.slice(0, 13)}…)`);
    expect(out).toMatch(new RegExp(`! .*the value under ${broken.slice(0, 13)}… does not decode`));
  });

  test('finds a list of keys that can’t be read', async () => {
    const { dataDir, stop } = await seeded();
    await stop();
    await tamper(dataDir, (secrets) => secrets.set(nameOf('::key_index'), utf8('no list')));
    const { code, out } = await doctor('--data-dir', dataDir, '--url', NOBODY);
    expect(code).toBe(1);
    expect(out).toContain('! web app');
    expect(out).toContain('the list of keys can’t be read');
  });

  test('says that there is no store, that a file is none, and that a format is another', async () => {
    const empty = await doctor('--data-dir', tempDir(), '--url', NOBODY);
    expect([empty.code, empty.out]).toEqual([
      1,
      expect.stringContaining('there is no node’s data'),
    ]);
    const dir = tempDir();
    mkdirSync(join(dir, 'node'));
    writeFileSync(join(dir, 'node', 'data.mdb'), 'x'.repeat(10_000));
    const other = await doctor('--data-dir', dir, '--url', NOBODY);
    expect([other.code, other.out]).toEqual([1, expect.stringContaining('is no LMDB file')]);
  });

  test('a host that was named and does not answer is a trouble; one that was not, a note', async () => {
    const { dataDir, stop } = await seeded();
    await stop();
    expect((await doctor('--data-dir', dataDir, '--url', NOBODY)).code).toBe(1);
    const told = await doctor('--data-dir', dataDir, '--url', NOBODY, '--json');
    const { store, findings } = JSON.parse(told.out) as {
      store: { delegates: { key: string }[] };
      findings: { level: string }[];
    };
    expect(parseId(store.delegates[0]?.key ?? '').ok).toBe(true);
    expect(findings.some(({ level }) => level === 'trouble')).toBe(true);
  });

  test.each([
    ['{', /is no JSON/],
    ['{}', /is no report of Weir: weirReport/],
    ['{"weirReport":2}', /a newer Weir has written it/],
  ])('refuses a report that is none: %s', async (text, expected) => {
    const file = join(tempDir(), 'report.json');
    writeFileSync(file, text);
    const { code, error } = await doctor('--report', file);
    expect([code, error]).toEqual([2, expect.stringMatching(expected)]);
  });

  test('explains a report in sentences, troubles first', async () => {
    const file = join(tempDir(), 'report.json');
    writeFileSync(file, JSON.stringify(REPORT));
    const { code, out } = await doctor('--report', file);
    expect(code).toBe(1);
    const [first = '', second = ''] = out.split('\n');
    expect(first).toContain('has written this report at 2026-11-24');
    expect(second).toBe(
      '! Edits of “id-12345678” are stored in the browser since 2026-11-24T10:00:00.000Z and not proved to be on the node yet: It is full (2 tries; it waits for the person).',
    );
  });

  test('explains itself, and refuses what it does not know', async () => {
    expect((await doctor('--help')).out).toContain('weir doctor --report weir-report.json');
    expect((await doctor('here')).error).toContain('doctor takes no argument "here"');
    expect((await doctor('--url', 'ftp://x')).code).toBe(2);
    expect((await doctor('--report', '/nowhere/at/all')).error).toContain('ENOENT');
  });
});

const REPORT = {
  weirReport: 1,
  at: '2026-11-24T10:05:00.000Z',
  app: '0.1.0',
  browser: 'A browser',
  hasNames: false,
  database: { type: 'open', version: 4, rooms: 1, left: 0, messages: 3 },
  markers: [
    {
      path: 'rooms',
      key: 'id-12345678',
      seq: 4,
      since: '2026-11-24T10:00:00.000Z',
      level: 'edit',
      failure: {
        code: 'store-refused',
        sentence: 'It is full.',
        since: '2026-11-24T10:00:00.000Z',
        attempts: 2,
      },
    },
  ],
  receipts: [],
  bases: [],
  lanes: [],
  migration: [],
  quarantine: [],
  workers: { isSupported: true, controls: true, known: [] },
  storage: {},
  node: { isReachable: true },
};
