import { beforeEach, expect, test } from 'vitest';
import { userIdOf } from '../../src/freenet/user-id.ts';
import { utf8, utf8Text } from '../../src/shared/bytes.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { PendingSecrets } from './pending-secrets.ts';
import { NodeStore } from './store.ts';
import type { DelegateSecrets } from './stored-secrets.ts';
import { USER_QUOTA_BYTES } from './user-quota.ts';

const KEY = { key: new Uint8Array(32).fill(1), codeHash: new Uint8Array(32).fill(2) };

let store: NodeStore;
let stored: DelegateSecrets;
let pending: PendingSecrets;

beforeEach(async () => {
  const opened = NodeStore.open(tempDir());
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  store = opened.value;
  stored = store.secrets(KEY);
  await store.commit(() => {
    for (const name of ['a1', 'a2', 'b1']) stored.set(utf8(name), utf8(`stored ${name}`));
  });
  pending = new PendingSecrets(stored);
  return () => store.close();
});

const textOf = (bytes: Uint8Array | undefined): string | undefined => bytes && utf8Text(bytes);
const names = (secrets: Pick<DelegateSecrets, 'list'>, prefix = ''): string[] =>
  secrets.list(utf8(prefix)).map(utf8Text);

test('a run sees what it has done, and nobody else does before it is committed', async () => {
  expect(pending.isEmpty).toBe(true);
  expect(pending.set(utf8('a1'), utf8('other'))).toBe(true);
  expect(pending.set(utf8('a0'), utf8('new'))).toBe(true);
  expect(pending.remove(utf8('b1'))).toBe(true);
  expect(pending.remove(utf8('b1'))).toBe(false);
  expect(pending.remove(utf8('none'))).toBe(false);
  expect(pending.isEmpty).toBe(false);
  expect(['a0', 'a1', 'a2', 'b1'].map((name) => textOf(pending.get(utf8(name))))).toEqual([
    'new',
    'other',
    'stored a2',
    undefined,
  ]);
  expect([names(pending), names(pending, 'a'), names(pending, 'b')]).toEqual([
    ['a0', 'a1', 'a2'],
    ['a0', 'a1', 'a2'],
    [],
  ]);
  expect(names(stored)).toEqual(['a1', 'a2', 'b1']);
  await store.commit(() => pending.commit());
  expect(names(stored)).toEqual(['a0', 'a1', 'a2']);
  expect(textOf(stored.get(utf8('a1')))).toBe('other');
});

test('what a person may keep is counted over the whole run, and what is removed makes room', async () => {
  const own = store.secrets(KEY, userIdOf('a token'));
  const run = new PendingSecrets(own);
  const third = new Uint8Array(USER_QUOTA_BYTES / 3 - 100);
  expect(['1', '2', '3'].map((name) => run.set(utf8(name), third))).toEqual([true, true, true]);
  expect(run.set(utf8('4'), third)).toBe(false);
  expect(run.remove(utf8('2'))).toBe(true);
  expect(run.set(utf8('4'), third)).toBe(true);
  expect(run.set(utf8('4'), third.subarray(1))).toBe(true);
  await store.commit(() => run.commit());
  expect(names(own)).toEqual(['1', '3', '4']);
});

test('when the store refuses one after all, none is written', async () => {
  pending.set(utf8('a1'), utf8('other'));
  pending.set(utf8('more'), utf8('more'));
  store.fill(true);
  await expect(store.commit(() => pending.commit())).rejects.toThrow('a secret was refused');
  expect(names(stored)).toEqual(['a1', 'a2', 'b1']);
  expect(textOf(stored.get(utf8('a1')))).toBe('stored a1');
});

test('a run can’t fill the machine’s memory with what it would write', () => {
  const mebibyte = new Uint8Array(1024 * 1024);
  let taken = 0;
  while (taken < 200 && pending.set(utf8(`key ${taken}`), mebibyte)) taken += 1;
  expect(taken).toBe(127); // 128 MiB, less what is kept beside each
  expect(pending.set(utf8('key 0'), utf8('less'))).toBe(true);
  expect(pending.set(utf8('one more'), mebibyte)).toBe(true);
});
