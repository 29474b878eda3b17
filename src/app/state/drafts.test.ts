import { expect, test } from 'vitest';
import { roomKey } from '../testing/sample-rooms.ts';
import { Drafts } from './drafts.ts';

test('each room has its own draft, and a refused text comes back before what was typed since', () => {
  const drafts = new Drafts();
  drafts.set(roomKey(1), 'one');
  expect(drafts.get(roomKey(2))).toBe('');
  drafts.set(roomKey(1), '');
  drafts.putBack(roomKey(1), 'refused');
  expect(drafts.get(roomKey(1))).toBe('refused');
  drafts.set(roomKey(1), 'next');
  drafts.putBack(roomKey(1), 'refused');
  expect(drafts.get(roomKey(1))).toBe('refused\nnext');
});
