import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DelegateKey } from '../../src/freenet/types.ts';
import { equalBytes, utf8, utf8Text } from '../../src/shared/bytes.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { STORE_FORMAT } from './store-format.ts';
import { NodeStore, describeStoreError } from './store.ts';

const key = (fill: number, hash = 9): DelegateKey => ({
  key: new Uint8Array(32).fill(fill),
  codeHash: new Uint8Array(32).fill(hash),
});

function openStore(dir: string): NodeStore {
  const store = NodeStore.open(dir);
  if (!store.ok) throw new Error(describeStoreError(store.error));
  onTestFinished(() => store.value.close());
  return store.value;
}

describe('secrets', () => {
  test('a secret comes back as it was set, and is gone when removed', () => {
    const secrets = openStore(tempDir()).secrets(key(1));
    expect(secrets.get(utf8('name'))).toBeUndefined();
    expect(secrets.set(utf8('name'), utf8('value'))).toBe(true);
    expect(secrets.get(utf8('name'))).toEqual(utf8('value'));
    expect(secrets.remove(utf8('name'))).toBe(true);
    expect(secrets.remove(utf8('name'))).toBe(false);
    expect(secrets.get(utf8('name'))).toBeUndefined();
  });

  test('an empty value is a value, an empty key is a key', () => {
    const secrets = openStore(tempDir()).secrets(key(1));
    secrets.set(new Uint8Array(0), new Uint8Array(0));
    expect(secrets.get(new Uint8Array(0))).toEqual(new Uint8Array(0));
  });

  test('keys and values of any size are kept: 100 kB of key, 3 MB of value', () => {
    const dir = tempDir();
    const secrets = openStore(dir).secrets(key(1));
    const long = new Uint8Array(100_000).fill(7);
    const big = Uint8Array.from({ length: 3_000_000 }, (_, i) => i % 251);
    secrets.set(long, big);
    secrets.set(long.slice(1), utf8('a shorter key'));
    expect(equalBytes(secrets.get(long) ?? utf8('none'), big)).toBe(true);
    expect(secrets.list(long.slice(2)).map((found) => found.length)).toEqual([99_999, 100_000]);
  });

  test('delegates that differ in one half of their key share nothing', () => {
    const store = openStore(tempDir());
    store.secrets(key(1, 9)).set(utf8('k'), utf8('mine'));
    expect(store.secrets(key(2, 9)).get(utf8('k'))).toBeUndefined();
    expect(store.secrets(key(1, 8)).get(utf8('k'))).toBeUndefined();
  });

  test('keys are listed by prefix, in byte order, of one delegate only', () => {
    const store = openStore(tempDir());
    for (const name of ['room:b', 'room:a', 'rooms', 'other']) {
      store.secrets(key(1)).set(utf8(name), utf8('x'));
      store.secrets(key(0)).set(utf8(name), utf8('x'));
      store.secrets(key(255)).set(utf8(`${name}!`), utf8('x'));
    }
    const names = (prefix: string, fill = 1): string[] =>
      store.secrets(key(fill)).list(utf8(prefix)).map(utf8Text);
    expect(names('room:')).toEqual(['room:a', 'room:b']);
    expect(names('')).toEqual(['other', 'room:a', 'room:b', 'rooms']);
    expect(names('other', 255)).toEqual(['other!']);
    expect(names('none')).toEqual([]);
  });

  test("the node's reserved keys can't be set by a guest", () => {
    const secrets = openStore(tempDir()).secrets(key(1));
    expect(secrets.set(utf8('\0freenet-migrate/x'), utf8('v'))).toBe(false);
    expect(secrets.get(utf8('\0freenet-migrate/x'))).toBeUndefined();
  });
});

describe('commits', () => {
  test('what a failing one wrote is gone, and nothing of those that shared its sync', async () => {
    const store = openStore(tempDir());
    const secrets = store.secrets(key(1));
    secrets.set(utf8('a'), utf8('before'));
    const committed = await Promise.allSettled([
      store.commit(() => secrets.set(utf8('first'), utf8('kept'))),
      store.commit(() => {
        secrets.set(utf8('a'), utf8('after'));
        secrets.set(utf8('b'), utf8('new'));
        expect(secrets.get(utf8('a'))).toEqual(utf8('after'));
        throw new Error('in the middle');
      }),
      store.commit(() => secrets.set(utf8('last'), utf8('kept'))),
    ]);
    expect(committed.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(committed[1]).toMatchObject({ reason: new Error('in the middle') });
    expect(secrets.get(utf8('a'))).toEqual(utf8('before'));
    expect(secrets.get(utf8('b'))).toBeUndefined();
    expect(secrets.get(utf8('first'))).toEqual(utf8('kept'));
    expect(secrets.get(utf8('last'))).toEqual(utf8('kept'));
  });

  test('one answers with what its work returns', async () => {
    expect(await openStore(tempDir()).commit(() => 42)).toBe(42);
  });
});

describe('the store on disk', () => {
  test('delegates and secrets are there after closing and opening again', async () => {
    const dir = tempDir();
    const delegate = { params: utf8('parameters'), wasm: new Uint8Array(2000).fill(3) };
    const first = openStore(dir);
    await first.commit(() => {
      first.putDelegate(key(1), delegate);
      first.putDelegate(key(2), delegate);
      first.removeDelegate(key(2));
      first.secrets(key(1)).set(utf8('k'), utf8('v'));
      first.secrets(key(2)).set(utf8('k'), utf8('kept when its delegate goes'));
    });
    await first.close();

    const second = openStore(dir);
    expect(second.delegate(key(1))).toEqual(delegate);
    expect(second.delegate(key(2))).toBeUndefined();
    expect(second.secrets(key(1)).get(utf8('k'))).toEqual(utf8('v'));
    expect(second.secrets(key(2)).get(utf8('k'))).toEqual(utf8('kept when its delegate goes'));
  });

  test('directories and files are for their owner alone, also in a directory that was open to others', () => {
    const dir = join(tempDir(), 'made', 'here');
    mkdirSync(join(dir, 'node'), { recursive: true, mode: 0o755 });
    openStore(dir);
    const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
    expect(mode(join(dir, 'node'))).toBe('700');
    expect(mode(join(dir, 'node', 'data.mdb'))).toBe('600');
    expect(mode(join(dir, 'node', 'lock.mdb'))).toBe('600');
  });

  test('data of a newer format is refused with words that say what to do, and left as it is', async () => {
    const dir = tempDir();
    await openStore(dir).close();
    const raw = open<Uint8Array, Uint8Array>({ path: join(dir, 'node'), overlappingSync: false });
    const meta = raw.openDB<Uint8Array, Uint8Array>('meta', {
      encoding: 'binary',
      keyEncoding: 'binary',
    });
    await meta.put(utf8('format'), utf8(String(STORE_FORMAT + 1)));
    await raw.close();

    for (let tries = 0; tries < 2; tries++) {
      const opened = NodeStore.open(dir);
      if (opened.ok) throw new Error('it was opened');
      expect(opened.error).toEqual({
        type: 'NewerFormat',
        dir: join(dir, 'node'),
        found: STORE_FORMAT + 1,
        supported: STORE_FORMAT,
      });
      expect(describeStoreError(opened.error)).toMatch(/newer Weir.*update Weir.*--data-dir/);
    }
  });

  test('a file that is no store, and a directory that is a file, are named as the trouble', () => {
    const dir = tempDir();
    mkdirSync(join(dir, 'node'));
    for (const content of ['x', 'x'.repeat(100_000), '\0'.repeat(20_000)]) {
      writeFileSync(join(dir, 'node', 'data.mdb'), content);
      expect(NodeStore.open(dir)).toEqual({
        ok: false,
        error: { type: 'Unusable', dir: join(dir, 'node'), cause: 'data.mdb is no LMDB file' },
      });
    }

    writeFileSync(join(dir, 'file'), '');
    expect(NodeStore.open(join(dir, 'file'))).toMatchObject({
      ok: false,
      error: { type: 'Unusable', cause: expect.stringContaining('ENOTDIR') as string },
    });
  });
});
