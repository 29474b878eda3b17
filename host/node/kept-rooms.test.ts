import { expect, test } from 'vitest';
import { fresh } from '../../src/river/testing/small-room.ts';
import { utf8 } from '../../src/shared/bytes.ts';
import { KeptRooms, MAX_KEPT_BYTES } from './kept-rooms.ts';

test('a room is found by its name and exactly its bytes', () => {
  const kept = new KeptRooms();
  const [room, later] = [fresh(), fresh()];
  kept.keep('a', utf8('bytes'), room);
  expect(kept.get('a', utf8('bytes'))).toBe(room);
  expect(kept.get('a', utf8('other'))).toBeUndefined();
  expect(kept.get('b', utf8('bytes'))).toBeUndefined();
  kept.keep('a', utf8('other'), later);
  expect(kept.get('a', utf8('other'))).toBe(later);
  expect(kept.get('a', utf8('bytes'))).toBeUndefined();
});

test('many small rooms are kept, of large ones only the last used', () => {
  const kept = new KeptRooms();
  const room = fresh();
  const small = new Uint8Array(10_000);
  for (let i = 0; i < 1000; i++) kept.keep(`small ${i}`, small, room);
  for (let i = 0; i < 1000; i++) expect(kept.get(`small ${i}`, small)).toBe(room);

  const large = new Uint8Array(MAX_KEPT_BYTES / 3);
  for (const name of ['a', 'b', 'c']) kept.keep(name, large, room);
  expect(kept.get('small 999', small)).toBeUndefined();
  expect(kept.get('a', large)).toBe(room);
  kept.keep('d', large, room);
  expect(kept.get('b', large)).toBeUndefined();
  expect(['a', 'c', 'd'].map((name) => kept.get(name, large))).toEqual([room, room, room]);

  // one that is too large for itself pushes everything out and does not stay
  kept.keep('huge', new Uint8Array(MAX_KEPT_BYTES + 1), room);
  expect(kept.get('huge', new Uint8Array(MAX_KEPT_BYTES + 1))).toBeUndefined();
  kept.keep('a', large, room);
  expect(kept.get('a', large)).toBe(room);
});
