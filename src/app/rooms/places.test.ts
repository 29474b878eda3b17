import { expect, it } from 'vitest';
import type { RoomKey } from '../../shared/brand.ts';
import { placesNamed, type Place } from './places.ts';

const room = (name: string): Place => ({ room: name as RoomKey, name, unread: 0 });
const places: readonly Place[] = [
  room('Weir keepers'),
  room('Allotment 14b'),
  room('The weir'),
  { ...room('Ada'), peer: '1', roomName: 'The weir' },
  room('Überlauf'),
];
const named = (words: string): string[] => placesNamed(places, words).map(({ name }) => name);

it('are all in their order without words; with some, those that begin with them come first', () => {
  expect(named(' ')).toEqual(places.map(({ name }) => name));
  expect(named('weir')).toEqual(['Weir keepers', 'The weir', 'Ada']);
  expect(named('UBER')).toEqual(['Überlauf']);
  expect(named('lot 14')).toEqual(['Allotment 14b']);
  expect(named('ada weir')).toEqual(['Ada']);
  expect(named('nothing')).toEqual([]);
});
