import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { open } from 'lmdb';
import { expect, onTestFinished, test } from 'vitest';
import { userIdOf } from '../../src/freenet/user-id.ts';
import { concatBytes, equalBytes, fromHex, utf8, utf8Text } from '../../src/shared/bytes.ts';
import { writeFormatOne, type OldSecret } from '../testing/format-one.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { describeStoreError, NodeStore } from './store.ts';
import { USER_QUOTA_BYTES } from './user-quota.ts';

const OPENER = fileURLToPath(new URL('../testing/open-store.ts', import.meta.url));
const DELEGATE = { key: new Uint8Array(32).fill(1), codeHash: new Uint8Array(32).fill(2) };
const SCOPE = concatBytes([DELEGATE.key, DELEGATE.codeHash]);
const ADA = userIdOf('the token of Ada');

const shared = (key: string, value: Uint8Array): OldSecret => ({
  scope: SCOPE,
  table: 'secrets',
  key: utf8(key),
  value,
});

function openStore(dir: string): NodeStore {
  const store = NodeStore.open(dir);
  if (!store.ok) throw new Error(describeStoreError(store.error));
  onTestFinished(() => store.value.close());
  return store.value;
}

/** The format that stands in a store. */
async function formatIn(dataDir: string): Promise<string> {
  const root = open<Uint8Array, Uint8Array>({
    path: join(dataDir, 'node'),
    overlappingSync: false,
  });
  const meta = root.openDB<Uint8Array, Uint8Array>('meta', {
    encoding: 'binary',
    keyEncoding: 'binary',
  });
  const text = utf8Text(meta.get(utf8('format')) ?? utf8('none'));
  await root.close();
  return text;
}

test('a store of format 1 is brought up to date: every secret of everybody, delegates and contracts are there', async () => {
  const dir = tempDir();
  const big = Uint8Array.from({ length: 400_000 }, (_, i) => i % 251);
  const adas: OldSecret = {
    scope: concatBytes([fromHex(ADA), SCOPE]),
    table: 'user-secrets',
    key: utf8('room:a'),
    value: utf8("Ada's"),
  };
  const old = [
    shared('room:b', big),
    shared('room:a', utf8('shared')),
    shared('', new Uint8Array(0)),
    adas,
  ];
  const instance = new Uint8Array(32).fill(7);
  await writeFormatOne(dir, old, (put) => {
    put('delegates', SCOPE, concatBytes([Uint8Array.of(2, 0, 0, 0), utf8('p!'), utf8('module')]));
    put('contracts', instance, concatBytes([new Uint8Array(32).fill(8), utf8('parameters')]));
    put('contract-states', instance, utf8('state'));
  });

  for (let opening = 0; opening < 2; opening++) {
    const store = openStore(dir);
    const secrets = store.secrets(DELEGATE);
    expect(secrets.list(utf8('')).map(utf8Text)).toEqual(['', 'room:a', 'room:b']);
    expect(secrets.get(utf8('room:a'))).toEqual(utf8('shared'));
    expect(secrets.get(utf8(''))).toEqual(new Uint8Array(0));
    expect(equalBytes(secrets.get(utf8('room:b')) ?? utf8('none'), big)).toBe(true);
    expect(secrets.bytesOf(utf8('room:b'))).toBe(400_000 + 6 + 45);
    const ada = store.secrets(DELEGATE, ADA);
    expect(ada.list(utf8('')).map(utf8Text)).toEqual(['room:a']);
    expect(ada.get(utf8('room:a'))).toEqual(utf8("Ada's"));
    expect(ada.mayGrow(USER_QUOTA_BYTES)).toBe(true);
    expect(store.delegate(DELEGATE)).toEqual({ params: utf8('p!'), wasm: utf8('module') });
    expect(store.contract(instance)?.params).toEqual(utf8('parameters'));
    expect(store.contractState(instance)).toEqual(utf8('state'));
    await store.close();
    expect(await formatIn(dir)).toBe('2');
  }
});

test('a new store has the current format', async () => {
  const dir = tempDir();
  await openStore(dir).close();
  expect(await formatIn(dir)).toBe('2');
});

test('a store of format 1 that holds what it must not is refused, and left as it is', async () => {
  const dir = tempDir();
  await writeFormatOne(dir, [shared('room:a', utf8('value'))], (put) => {
    put('secrets', new Uint8Array(96).fill(255), Uint8Array.of(200, 0, 0, 0, 1));
  });
  for (let opening = 0; opening < 2; opening++) {
    expect(NodeStore.open(dir)).toEqual({
      ok: false,
      error: {
        type: 'Unusable',
        dir: join(dir, 'node'),
        cause: 'a secret of format 1 is cut short',
      },
    });
    expect(await formatIn(dir)).toBe('1');
  }
});

test('killed while it is brought up to date, a store is as it was or up to date', async () => {
  const dir = tempDir();
  const old = Array.from({ length: 150 }, (_, i) =>
    shared(`room:${i}`, new Uint8Array(100_000).fill(i)),
  );
  await writeFormatOne(dir, old);
  const formats: string[] = [];
  for (const afterMs of [5, 40, 120]) {
    await openUntilKilled(dir, afterMs);
    formats.push(await formatIn(dir));
  }
  expect(formats.every((format) => format === '1' || format === '2')).toBe(true);
  const secrets = openStore(dir).secrets(DELEGATE);
  for (const { key, value } of old) {
    expect(equalBytes(secrets.get(key) ?? utf8('none'), value), utf8Text(key)).toBe(true);
  }
});

/** Opens a store in another process, which is killed so long after it has begun. */
function openUntilKilled(dataDir: string, afterMs: number): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', OPENER, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), afterMs));
  return new Promise((resolve) => {
    child.on('close', () => resolve());
  });
}
