import { expect, test } from 'vitest';
import { userIdOf } from '../../src/freenet/user-id.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { isOperation, OPERATION_RATE, OperationLimit } from './operation-limit.ts';

const ADA = userIdOf('ada');

test('a hundred operations at once, then ten a second', () => {
  const clock = new ManualClock();
  const limit = new OperationLimit(clock);
  const taken = (): number => {
    let count = 0;
    while (limit.take(ADA)) count += 1;
    return count;
  };
  expect(taken()).toBe(OPERATION_RATE.burst);
  clock.advance(99);
  expect(taken()).toBe(0);
  clock.advance(1);
  expect(taken()).toBe(1);
  clock.advance(2_000);
  expect(taken()).toBe(20);
  clock.advance(3_600_000);
  expect(taken()).toBe(OPERATION_RATE.burst);
});

test('a clock that is set back lends nothing and takes nothing', () => {
  const clock = new ManualClock();
  const limit = new OperationLimit(clock, { perSecond: 1, burst: 1 });
  expect(limit.take(ADA)).toBe(true);
  clock.advance(-60_000);
  expect(limit.take(ADA)).toBe(false);
  clock.advance(1_000);
  expect(limit.take(ADA)).toBe(true);
});

test('made-up people are forgotten once their buckets are full; one who is held up stays so', () => {
  const clock = new ManualClock();
  const limit = new OperationLimit(clock, { perSecond: 1, burst: 5 });
  for (let i = 0; i < 5; i++) expect(limit.take(ADA)).toBe(true);
  for (let round = 0; round < 20; round++) {
    clock.advance(1_000);
    while (limit.take(ADA));
    for (let i = 0; i < 500; i++) limit.take(userIdOf(`${round} ${i}`));
  }
  expect(limit.size).toBeLessThan(2_000);
  expect(limit.take(ADA)).toBe(false);
});

test('what only concerns the connection is no operation', () => {
  expect(isOperation({ type: 'Disconnect', cause: undefined })).toBe(false);
  expect(isOperation({ type: 'Close' })).toBe(false);
  expect(isOperation({ type: 'ContractOp', request: { type: 'unknown', tag: 9 } as never })).toBe(
    true,
  );
});
