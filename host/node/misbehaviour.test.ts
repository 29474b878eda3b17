import { expect, test } from 'vitest';
import type { ClientRequest } from '../../src/freenet/client-request.ts';
import { idText } from '../../src/freenet/keys.ts';
import { encodeDelegateRequest } from '../../src/river/delegate-messages.ts';
import { cas, read } from '../testing/chat-client.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { messages } from '../testing/raw-client.ts';
import type { Match, Rule, When } from './misbehaviour-script.ts';
import { Misbehaviour } from './misbehaviour.ts';

const KEY = { key: new Uint8Array(32).fill(1), codeHash: new Uint8Array(32).fill(2) };
const INSTANCE = new Uint8Array(32).fill(7);
const REFUSE = { type: 'refuse' } as const;

const chat = (...requests: Parameters<typeof encodeDelegateRequest>[0][]): ClientRequest =>
  messages(KEY, ...requests.map((request) => encodeDelegateRequest(request, 'ints')));
const get: ClientRequest = {
  type: 'ContractOp',
  request: {
    type: 'Get',
    key: INSTANCE,
    returnContractCode: false,
    subscribe: false,
    blockingSubscribe: false,
  },
};
const close: ClientRequest = { type: 'Close' };

function following(...rules: Rule[]): Misbehaviour {
  const misbehaviour = new Misbehaviour(new ManualClock());
  misbehaviour.follow({ seed: 1, rules });
  return misbehaviour;
}

const isMatched = (match: Match, request: ClientRequest): boolean =>
  following({ match, do: REFUSE }).verdictOn(request) !== undefined;

/** Which of so many equal requests a rule applies to, from 1. */
function appliesTo(when: When, count: number, seed = 1): number[] {
  const misbehaviour = new Misbehaviour(new ManualClock());
  misbehaviour.follow({ seed, rules: [{ when, do: REFUSE }] });
  return Array.from({ length: count }, (_, i) => i + 1).filter(() => misbehaviour.verdictOn(close));
}

test('without a script, and after it is taken back, every request is treated well', () => {
  const misbehaviour = new Misbehaviour(new ManualClock());
  expect(misbehaviour.verdictOn(close)).toBeUndefined();
  misbehaviour.follow({ seed: 1, rules: [{ do: REFUSE }] });
  expect(misbehaviour.verdictOn(close)?.deed).toEqual(REFUSE);
  misbehaviour.follow(undefined);
  expect(misbehaviour.verdictOn(close)).toBeUndefined();
});

test('requests are told apart by operation, delegate message, and key', () => {
  const store = chat(cas('room:a', 'x'), read('other'));
  expect(isMatched({}, close)).toBe(true);
  expect(isMatched({ request: 'Close' }, close)).toBe(true);
  expect(isMatched({ request: 'Get' }, get)).toBe(true);
  expect(isMatched({ request: 'Get' }, store)).toBe(false);
  expect(isMatched({ request: 'ApplicationMessages' }, store)).toBe(true);
  expect(isMatched({ message: 'CasStoreRequest' }, store)).toBe(true);
  expect(isMatched({ message: 'StoreRequest' }, store)).toBe(false);
  expect(isMatched({ message: 'CasStoreRequest' }, get)).toBe(false);
  expect(isMatched({ keyPrefix: 'room:' }, store)).toBe(true);
  expect(isMatched({ keyPrefix: 'oth' }, store)).toBe(true);
  expect(isMatched({ message: 'CasStoreRequest', keyPrefix: 'oth' }, store)).toBe(false);
  expect(isMatched({ keyPrefix: 'room:' }, chat({ type: 'ListRequest' }))).toBe(false);
  expect(isMatched({ keyPrefix: idText(INSTANCE).slice(0, 8) }, get)).toBe(true);
  expect(isMatched({ keyPrefix: 'nothing' }, get)).toBe(false);
  expect(isMatched({ keyPrefix: '' }, close)).toBe(false);
});

test('a rule applies from its nth match on, so many times', () => {
  expect(appliesTo({}, 4)).toEqual([1, 2, 3, 4]);
  expect(appliesTo({ nth: 3 }, 5)).toEqual([3]);
  expect(appliesTo({ times: 2 }, 5)).toEqual([1, 2]);
  expect(appliesTo({ nth: 2, times: 3 }, 6)).toEqual([2, 3, 4]);
});

test('a probability is kept, the same for the same seed, another for another', () => {
  const often = appliesTo({ probability: 0.25 }, 4000);
  expect(often.length).toBeGreaterThan(850);
  expect(often.length).toBeLessThan(1150);
  expect(appliesTo({ probability: 0.25 }, 4000)).toEqual(often);
  expect(appliesTo({ probability: 0.25 }, 4000, 2)).not.toEqual(often);
  expect(appliesTo({ probability: 0 }, 100)).toEqual([]);
});

test('a rule applies within its time only, counted from when the script was given', () => {
  const clock = new ManualClock();
  clock.advance(12_345);
  const misbehaviour = new Misbehaviour(clock);
  misbehaviour.follow({
    seed: 1,
    rules: [{ when: { fromMs: 100, untilMs: 200 }, do: REFUSE }],
  });
  const applied = [0, 99, 1, 99, 1].map((ms) => {
    clock.advance(ms);
    return misbehaviour.verdictOn(close) !== undefined;
  });
  expect(applied).toEqual([false, false, true, true, false]);
});

test('the first rule that applies decides, and the others have counted all the same', () => {
  const misbehaviour = following(
    { when: { nth: 2 }, do: REFUSE },
    { when: { nth: 3 }, do: { type: 'drop-answer' } },
    { when: { nth: 2, times: 1 }, do: { type: 'truncate' } },
  );
  const deeds = [1, 2, 3, 4].map(() => misbehaviour.verdictOn(close)?.deed.type);
  expect(deeds).toEqual([undefined, 'refuse', 'drop-answer', 'truncate']);
  expect(misbehaviour.applied).toEqual([1, 1, 1]);
});
