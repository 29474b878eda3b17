import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

/** Work that says when it begins and ends; it ends when told to. */
class Steps {
  readonly log: string[] = [];
  readonly #ends = new Map<string, () => void>();

  work(name: string): () => Promise<string> {
    return () => {
      this.log.push(`${name} begins`);
      return new Promise((resolve) => {
        this.#ends.set(name, () => {
          this.log.push(`${name} ends`);
          resolve(name);
        });
      });
    };
  }

  async end(name: string): Promise<void> {
    await new Promise(setImmediate); // until it has begun
    this.#ends.get(name)?.();
  }
}

test('work on the same thing waits its turn, work on another does not', async () => {
  const turns = new Turns();
  const steps = new Steps();
  const all = [
    turns.take('a', steps.work('first of a')),
    turns.take('a', steps.work('second of a')),
    turns.take('b', steps.work('b')),
  ];
  await steps.end('b');
  await steps.end('first of a');
  await steps.end('second of a');
  expect(await Promise.all(all)).toEqual(['first of a', 'second of a', 'b']);
  expect(steps.log).toEqual([
    'first of a begins',
    'b begins',
    'b ends',
    'first of a ends',
    'second of a begins',
    'second of a ends',
  ]);
});

test('work that fails holds up nobody', async () => {
  const turns = new Turns();
  const failing = turns.take('a', () => Promise.reject(new Error('it failed')));
  const next = turns.take('a', () => Promise.resolve('done'));
  await expect(failing).rejects.toThrow('it failed');
  expect(await next).toBe('done');
});

test('several things are taken without waiting in a circle', async () => {
  const turns = new Turns();
  const order: string[] = [];
  const note = (name: string) => async (): Promise<void> => {
    await new Promise(setImmediate);
    order.push(name);
  };
  await Promise.all([
    turns.takeAll(['a', 'b'], note('ab')),
    turns.takeAll(['b', 'a', 'b'], note('ba')),
    turns.take('b', note('b')),
    turns.takeAll([], note('none')),
  ]);
  expect(order.sort()).toEqual(['ab', 'b', 'ba', 'none']);
});
