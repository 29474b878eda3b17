import { expect, test } from 'vitest';
import { utf8 } from '../../src/shared/bytes.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { CONTEXT_TTL_MS, DelegateContexts, MAX_CONTEXT_BYTES } from './contexts.ts';

const EMPTY = new Uint8Array(0);

test('a context is kept per delegate and person until the delegate is removed', () => {
  const contexts = new DelegateContexts(new ManualClock());
  contexts.set('a', utf8('of a'));
  expect(contexts.get('a')).toEqual(utf8('of a'));
  expect(contexts.get('b')).toEqual(EMPTY);
  contexts.set('a/ada', utf8('of a for Ada'));
  contexts.set('b', utf8('of b'));
  expect(contexts.get('a/ada')).toEqual(utf8('of a for Ada'));
  contexts.removeAll('a');
  expect([contexts.get('a'), contexts.get('a/ada')]).toEqual([EMPTY, EMPTY]);
  expect(contexts.get('b')).toEqual(utf8('of b'));
});

test('a context is dropped ten minutes after its last write; reading does not prolong it', () => {
  const clock = new ManualClock();
  const contexts = new DelegateContexts(clock);
  contexts.set('a', utf8('x'));
  clock.advance(CONTEXT_TTL_MS - 1);
  expect(contexts.get('a')).toEqual(utf8('x'));
  clock.advance(1);
  expect(contexts.get('a')).toEqual(EMPTY);
});

test('a context of 409,600 bytes is not kept, and takes the one before with it', () => {
  const contexts = new DelegateContexts(new ManualClock());
  contexts.set('a', new Uint8Array(MAX_CONTEXT_BYTES - 1));
  expect(contexts.get('a')).toHaveLength(409_599);
  contexts.set('a', new Uint8Array(MAX_CONTEXT_BYTES));
  expect(contexts.get('a')).toEqual(EMPTY);
});
