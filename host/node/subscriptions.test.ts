import { expect, test } from 'vitest';
import { utf8 } from '../../src/shared/bytes.ts';
import { err, ok } from '../../src/shared/result.ts';
import type { ContractRules } from './contract-rules.ts';
import type { HeldContract } from './contracts.ts';
import type { EncodedAnswer } from './frame-sender.ts';
import type { Subscriber } from './subscriptions.ts';
import { MAX_PER_CONTRACT, Subscriptions } from './subscriptions.ts';

/** Any state is fine, and the delta says how often one was computed. */
function contract(): HeldContract & { readonly deltas: () => number } {
  let deltas = 0;
  const rules: ContractRules = {
    validate: () => ok({ type: 'Valid' }),
    update: () => err('not asked here'),
    summarize: () => err('not asked here'),
    delta: () => {
      deltas += 1;
      return ok(utf8('delta'));
    },
  };
  const key = { instance: new Uint8Array(32), code: new Uint8Array(32) };
  return { key, params: utf8(''), state: utf8('state'), rules, deltas: () => deltas };
}

/** A subscriber that notes what kind of update it gets. */
function reader(keepsUp = true): Subscriber & { keepsUp: boolean; readonly got: string[] } {
  const got: string[] = [];
  return {
    keepsUp,
    got,
    notify({ answer: notification }: EncodedAnswer) {
      if (!this.keepsUp) return false;
      if (!notification.ok || notification.value.type !== 'ContractResponse') return true;
      const { response } = notification.value;
      if (response.type === 'UpdateNotification') got.push(response.update.type);
      return true;
    },
  };
}

test('whoever missed a notification gets the whole state with the next, and deltas after that', async () => {
  const subscriptions = new Subscriptions();
  const slow = reader();
  const held = contract();
  subscriptions.add(held.key.instance, slow, utf8('summary'));
  await subscriptions.notify(held);
  slow.keepsUp = false;
  await subscriptions.notify(held);
  slow.keepsUp = true;
  await subscriptions.notify(held);
  await subscriptions.notify(held);
  expect(slow.got).toEqual(['Delta', 'State', 'Delta']);
});

test('thirty-two deltas of one change are sent, those against equal summaries computed once; whoever comes after gets the whole state', async () => {
  const subscriptions = new Subscriptions();
  const held = contract();
  const readers = Array.from({ length: 40 }, () => reader());
  for (const [i, each] of readers.entries()) {
    subscriptions.add(held.key.instance, each, utf8(i % 2 === 0 ? 'one summary' : 'another'));
  }
  await subscriptions.notify(held);
  expect(held.deltas()).toBe(2);
  expect(readers.map(({ got }) => got[0])).toEqual([
    ...Array.from({ length: 32 }, () => 'Delta'),
    ...Array.from({ length: 8 }, () => 'State'),
  ]);
});

test('a contract has a bounded number of subscribers; one that is there already may subscribe anew', () => {
  const subscriptions = new Subscriptions();
  const { instance } = contract().key;
  const first = reader();
  expect(subscriptions.add(instance, first, undefined)).toBe(true);
  for (let i = 1; i < MAX_PER_CONTRACT; i++) {
    expect(subscriptions.add(instance, reader(), undefined)).toBe(true);
  }
  expect(subscriptions.add(instance, reader(), undefined)).toBe(false);
  expect(subscriptions.add(instance, first, utf8('summary'))).toBe(true);
  subscriptions.remove(first);
  expect(subscriptions.add(instance, reader(), undefined)).toBe(true);
});
