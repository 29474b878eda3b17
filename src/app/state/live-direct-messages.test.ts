import { describe, expect, it } from 'vitest';
import type { DmListing, RoomRow } from '../../persist/schema.ts';
import { roomKey } from '../testing/sample-rooms.ts';
import { overviewOf } from './live-direct-messages.ts';

const dm = (
  peer: string,
  inbound: readonly bigint[],
  answered = 0n,
  name = `Person ${peer}`,
): DmListing => ({ peer, name, inbound, answered });

const row = (
  n: number,
  dms: readonly DmListing[] | undefined,
  more: Partial<RoomRow> = {},
): RoomRow => ({
  room: roomKey(n),
  rev: 1,
  status: 'present',
  listing: { name: `Room ${n}`, isPrivate: false, unread: 0, ...(dms && { dms }) },
  ...more,
});

const shown = (...args: Parameters<typeof overviewOf>): string[] =>
  overviewOf(...args).map(
    ({ roomName, peer, unread, isHidden }) =>
      `${roomName}/${peer}${unread > 0 ? ` ${unread}` : ''}${isHidden ? ' hidden' : ''}`,
  );

describe('the conversations of all rooms', () => {
  it('come by what is unread, then by their last message, whoever wrote it', () => {
    const rooms = [
      row(1, [dm('1', [5n], 9n), dm('2', [3n, 4n])]),
      row(2, [dm('1', [8n]), dm('-7', [], 20n)]),
    ];
    expect(shown(rooms, [])).toEqual(['Room 1/2 2', 'Room 2/1 1', 'Room 2/-7', 'Room 1/1']);
  });

  it('that were read or archived have nothing unread; something newer brings them back', () => {
    const seen = [{ room: roomKey(1), peer: '1', seen: 4n }];
    expect(shown([row(1, [dm('1', [3n, 4n])])], seen)).toEqual(['Room 1/1']);
    expect(shown([row(1, [dm('1', [3n, 4n, 6n])])], seen)).toEqual(['Room 1/1 1']);
    const hidden = [{ room: roomKey(1), peer: '1', hiddenAt: 4n }];
    expect(shown([row(1, [dm('1', [3n, 4n])])], hidden)).toEqual(['Room 1/1 hidden']);
    expect(shown([row(1, [dm('1', [3n, 5n])])], hidden)).toEqual(['Room 1/1 2']);
    // what is decided in one room says nothing about another
    expect(shown([row(2, [dm('1', [3n])])], hidden)).toEqual(['Room 2/1 1']);
  });

  it('leave out rooms that were left, and rows that do not know yet', () => {
    const left = row(1, [dm('1', [1n])], { status: 'left' });
    expect(shown([left, row(2, undefined), row(3, [])], [])).toEqual([]);
  });

  it('clean names, and keep their order where all else is the same', () => {
    const rooms = [
      row(2, [dm('5', [1n])]),
      row(1, [dm('6', [1n]), dm('5', [1n], 0n, 'A\u202eda')]),
    ];
    const all = overviewOf(rooms, []);
    expect(overviewOf(rooms.toReversed(), [])).toEqual(all);
    expect(all.map(({ name }) => name)).not.toContain('A\u202eda');
  });

  it('take times that no calendar has', () => {
    const [item] = overviewOf([row(1, [dm('1', [(1n << 64n) - 1n])])], []);
    expect(item?.lastAt).toBeGreaterThan(8.64e15);
  });
});
