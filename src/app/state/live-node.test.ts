import 'fake-indexeddb/auto';
import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { WeirDatabase } from '../../persist/database.ts';
import { storedUserToken } from '../../persist/user-token.ts';
import { systemRandom } from '../../shared/random.ts';
import { newUserToken } from '../../shared/user-token.ts';
import { LiveNode } from './live-node.ts';

let db: WeirDatabase;
/** What the host says; undefined: nothing. */
let hosted: boolean | undefined;
let moves: number;

beforeEach(async () => {
  const opened = await WeirDatabase.open(randomUUID());
  if (!opened.ok) throw new Error(opened.error.type);
  db = opened.value;
  hosted = true;
  moves = 0;
});

const open = (): LiveNode =>
  new LiveNode({
    db,
    random: systemRandom,
    isHosted: async () => {
      if (hosted === undefined) throw new Error('away');
      return hosted;
    },
    moved: () => (moves += 1),
  });

test('whether the node is shared is what the host says, and while it is away what it was', async () => {
  const node = open();
  await node.refresh();
  expect(node.isShared.current).toBe(true);
  hosted = undefined;
  await node.refresh();
  expect(node.isShared.current).toBe(true);
  hosted = false;
  await node.refresh();
  expect(node.isShared.current).toBe(false);
});

test('a profile that has a key was on a shared node, also when that is away from the start; one without was not', async () => {
  hosted = undefined;
  const stranger = open();
  await stranger.refresh();
  expect(stranger.isShared.current).toBe(false);
  await stranger.key();
  const later = open();
  await later.refresh();
  expect(later.isShared.current).toBe(true);
});

test('no key is made, and none is said, on a node of one person', async () => {
  hosted = false;
  expect(await open().userToken()).toBeUndefined();
  expect(await storedUserToken(db)).toBeUndefined();
  hosted = true;
  const said = await open().userToken();
  expect(said).toBeDefined();
  expect(await open().key()).toEqual({ ok: true, value: said });
});

test('a key is taken once, whatever white space is around it, and what is none changes nothing', async () => {
  const node = open();
  const before = await node.key();
  expect(await node.takeKey('no key')).toEqual({ ok: false, error: { type: 'NotAKey' } });
  expect(await node.key()).toEqual(before);
  const other = newUserToken(systemRandom);
  expect(await node.takeKey(` ${other}\n`)).toEqual({ ok: true, value: 'taken' });
  expect(await node.takeKey(other)).toEqual({ ok: true, value: 'same' });
  expect([await node.key(), moves]).toEqual([{ ok: true, value: other }, 1]);
});
