import { describe, expect, it } from 'vitest';
import type { EarlierContract, RoomSearchRow } from '../../persist/earlier-rows.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { nextSearchOf, roomSearches } from './live-room-search.ts';

const ROOM = 'room' as RoomKey;

const contract = (
  verdict: EarlierContract['verdict'],
  more: Partial<EarlierContract> = {},
): EarlierContract => ({ id: 'id', version: 'V1', verdict, attempts: 1, at: 0, ...more });

const row = (contracts: readonly EarlierContract[], since = 0): RoomSearchRow => ({
  room: ROOM,
  target: `target ${since}`,
  since,
  contracts,
});

describe('what is shown of the search for a room', () => {
  it('counts an answer of nothing as an answer, and silence as none', () => {
    const contracts = [
      contract('merged', { version: 'V3' }),
      contract('absent'),
      contract('invalid', { version: 'V2', reason: 'no room' }),
      contract('silent', { reason: 'no answer' }),
      contract('unknown'),
    ];
    expect(roomSearches([row(contracts)]).get(ROOM)).toEqual({
      answered: 3,
      of: 5,
      found: ['V3'],
      reasons: [
        { version: 'V2', reason: 'no room' },
        { version: 'V1', reason: 'no answer' },
      ],
    });
  });

  it('is nothing for a room that was made here, and the latest where its contract has changed', () => {
    expect(roomSearches([row([])]).size).toBe(0);
    const both = [row([contract('merged')], 2), row([contract('unknown')], 1)];
    expect(roomSearches(both).get(ROOM)?.answered).toBe(1);
  });
});

describe('when a version is asked again', () => {
  it('is when the first of those that were silent is due', () => {
    const silent = [500, 300].map((nextTryAt) => contract('silent', { nextTryAt }));
    expect(nextSearchOf([row([...silent, contract('absent')])], undefined, 100)).toBe(300);
  });

  it('is soon where a worker may have been killed, but not before the node’s back-off ends', () => {
    expect(nextSearchOf([row([contract('unknown')])], undefined, 100)).toBe(20_100);
    expect(nextSearchOf([row([contract('unknown')])], 90_000, 100)).toBe(90_000);
  });

  it('is never where all have answered, unless a pointer was not answered', () => {
    expect(nextSearchOf([row([contract('absent'), contract('invalid')])], undefined, 0)).toBe(
      undefined,
    );
    const owed = contract('merged', { pointer: 'owed' });
    expect(nextSearchOf([row([owed])], undefined, 0)).toBe(undefined); // goes out with the room
    expect(nextSearchOf([row([{ ...owed, nextTryAt: 7 }])], undefined, 0)).toBe(7);
  });
});
