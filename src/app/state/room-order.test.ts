import { describe, expect, it } from 'vitest';
import type { RoomKey } from '../../shared/brand.ts';
import type { RoomListItem } from './api.ts';
import { inOrder, steady, withMoved } from './room-order.ts';

const item = (name: string, at?: number): RoomListItem => ({
  room: name as RoomKey,
  name,
  isPrivate: false,
  unread: 0,
  mode: 'All',
  sync: { type: 'on-node' },
  ...(at !== undefined && { lastMessage: { author: 'A', preview: '', at } }),
});
const names = (rooms: readonly RoomListItem[]): string => rooms.map(({ name }) => name).join('');
const order = (rooms: string): RoomKey[] => Array.from(rooms) as RoomKey[];

describe('the order of rooms', () => {
  it('is the person’s, then by the newest message, then by key', () => {
    const rooms = [item('d'), item('c'), item('a', 1), item('b', 9), item('e', 5)];
    expect(names(inOrder(rooms, order('ec')))).toBe('ecbad');
    expect(names(inOrder(rooms, []))).toBe('beacd');
    expect(names(inOrder(rooms, order('zd')))).toBe('dbeac');
  });

  it('stays while the person is at the list; new ones come in, others go', () => {
    const rooms = order('cadbe').map((name) => item(name));
    expect(names(steady(rooms, order('abcx')))).toBe('adbce');
    expect(names(steady(rooms, []))).toBe('cadbe');
  });

  it('has a room in another place', () => {
    expect(withMoved(order('abc'), 'a' as RoomKey, 2).join('')).toBe('bca');
    expect(withMoved(order('abc'), 'c' as RoomKey, 0).join('')).toBe('cab');
  });
});
