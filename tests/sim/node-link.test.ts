import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { connectNode } from '../../src/freenet/client.ts';
import { WeirDatabase } from '../../src/persist/database.ts';
import { Dice } from '../../src/river/testing/dice.ts';
import { openLink, type NodeLink } from '../../src/sync/node-link.ts';
import { Scheduler, type Actor } from './scheduler.ts';
import { SimNode } from './sim-node.ts';
import { SimStorage } from './sim-storage.ts';

const KEY = 'room:a';

/** A link to a node that holds a value at generation 6, with steps ordered by the seed. */
async function linked(seed: number) {
  const scheduler = new Scheduler(new Dice(seed));
  const actor: Actor = { name: 'A.W', alive: true };
  const node = new SimNode(scheduler, {
    storing: () => {},
    stored: () => {},
    contractChanged: () => {},
  });
  node.delegate.values.set(KEY, { generation: 6n, value: Uint8Array.of(6) });
  node.delegate.index.add(KEY);
  const storage = new SimStorage(scheduler);
  const opened = await WeirDatabase.open('A', {}, async () => storage.connect(actor));
  if (!opened.ok) throw new Error(opened.error.type);
  const clock = scheduler.clockOf(actor);
  const done = async <T>(answer: Promise<T>): Promise<T> => {
    while (await scheduler.advance());
    return answer;
  };
  const link = await done(
    openLink({
      db: opened.value,
      connect: () =>
        connectNode({ url: 'ws://node/', openSocket: () => node.openSocket(actor), clock }),
      userToken: () => Promise.reject(new Error('nobody asks')),
      fetchConfig: () => node.fetchConfig(actor),
      fetchWasm: () => node.fetchWasm(actor),
    }),
  );
  if (!link.ok) throw new Error(link.error.sentence);
  return { node, done, link: link.value };
}

/** Tries from a generation that is over, then from the one that the conflict names, as the engine does. */
async function storeTwice(link: NodeLink) {
  const first = await link.casStore([{ key: KEY, value: Uint8Array.of(1), expected: 5n }]);
  if (!first.ok || first.value.get(KEY)?.type !== 'conflict') throw new Error('no conflict');
  return link.casStore([{ key: KEY, value: Uint8Array.of(2), expected: 6n }]);
}

describe('a link to a node that answers twice', () => {
  it('never takes a conflict’s second copy for the answer to the next store', async () => {
    let doubted = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const { node, done, link } = await linked(seed);
      node.faults.push({ fault: { type: 'answer-twice', ms: 0 }, place: 'delegate', any: false });
      const second = await done(storeTwice(link));
      if (second.ok) {
        // the copy came before the next store was sent, and found nobody
        expect(second.value.get(KEY), `seed ${seed}`).toEqual({ type: 'stored', generation: 7n });
      } else {
        expect(second.error.code).toBe('unknown');
        expect(link.open).toBe(false);
        doubted += 1;
      }
    }
    expect(doubted).toBeGreaterThan(0);
  });

  describe('A50 C06 C40', () => {
    it('never takes a success’s second copy for the answer to the next store', async () => {
      for (let seed = 1; seed <= 40; seed++) {
        const { node, done, link } = await linked(seed);
        node.faults.push({ fault: { type: 'answer-twice', ms: 0 }, place: 'delegate', any: false });
        const stores = async () => {
          await link.casStore([{ key: KEY, value: Uint8Array.of(1), expected: 6n }]);
          return link.casStore([{ key: KEY, value: Uint8Array.of(2), expected: 7n }]);
        };
        const second = await done(stores());
        if (second.ok) {
          expect(second.value.get(KEY), `seed ${seed}`).toEqual({ type: 'stored', generation: 8n });
        } else {
          expect(second.error.code).toBe('unknown');
        }
      }
    });
  });
});
