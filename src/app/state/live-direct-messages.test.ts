import { describe, expect, it } from 'vitest';
import type { RoomRow } from '../../persist/schema.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { overviewOf, withoutMuted } from './live-direct-messages.ts';

const row = (room: string, peers: readonly string[]): RoomRow => ({
  room: room as RoomKey,
  rev: 1,
  status: 'present',
  listing: {
    name: room,
    isPrivate: false,
    unread: 0,
    dms: peers.map((peer) => ({ peer, name: `Peer ${peer}`, inbound: [5n], answered: 0n })),
  },
});

describe('the conversations over all rooms', () => {
  const rooms = [row('a', ['1', '2']), row('b', ['1'])];
  const listed = (notes: Parameters<typeof withoutMuted>[1]): string[] =>
    overviewOf(withoutMuted(rooms, notes), []).map(({ room, peer }) => `${room} ${peer}`);

  it('leave out who is muted, in that room only', () => {
    expect(listed([])).toEqual(['a 1', 'a 2', 'b 1']);
    expect(listed([{ room: 'a' as RoomKey, member: '1', mutedAt: 7 }])).toEqual(['a 2', 'b 1']);
  });

  it('keep who was muted once, or is only remembered for a ban', () => {
    const banned = { at: 7, name: 'Peer 1' };
    expect(listed([{ room: 'a' as RoomKey, member: '1', banned }])).toEqual(['a 1', 'a 2', 'b 1']);
  });
});
