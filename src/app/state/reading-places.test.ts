import { expect, test } from 'vitest';
import type { RoomKey } from '../../shared/brand.ts';
import { ReadingPlaces } from './reading-places.ts';

const room = '4uQeVj5tqViQh7yWWGStvkEG1Zmhx6uasJtWCJziofM' as RoomKey;
const place = { id: '-1234', top: 12, at: 1_700_000_000_000 };

function store(kept = new Map<string, string>()) {
  return {
    kept,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
}

test('a place is found again by who comes back, and is gone when they have read to the end', () => {
  const kept = store();
  new ReadingPlaces(() => kept).set(room, place);
  expect(new ReadingPlaces(() => kept).of(room)).toEqual(place);
  new ReadingPlaces(() => kept).set(room, undefined);
  expect(new ReadingPlaces(() => kept).of(room)).toBeUndefined();
});

test.each([
  '',
  'null',
  '7',
  '{"id":"1"}',
  '{"id":"0x1","top":1,"at":1}',
  '{"id":"1","top":"1","at":1}',
])('what is no place is none: %s', (value) => {
  const kept = store(new Map([[`weir:place:${room}`, value]]));
  expect(new ReadingPlaces(() => kept).of(room)).toBeUndefined();
});

test('where storage is forbidden, rooms open at their end', () => {
  const places = new ReadingPlaces(() => {
    throw new DOMException('forbidden', 'SecurityError');
  });
  places.set(room, place);
  expect(places.of(room)).toBeUndefined();
});
