import { describe, expect, it } from 'vitest';
import type { RoomKey } from '../../shared/brand.ts';
import type { DirtyMarker, Failure, FailureCode, LaneRow } from '../../persist/schema.ts';
import {
  markerOfRoom,
  nextTryOf,
  roomSync,
  syncStatus,
  withPath,
  type SyncFacts,
} from './live-sync.ts';

const failure = (code: FailureCode, nextTryAt?: number): Failure => ({
  code,
  sentence: `it is ${code}`,
  since: 50,
  at: 60,
  attempts: 1,
  ...(nextTryAt !== undefined && { nextTryAt }),
});
const marker = (key: string, since: number, failed?: Failure): DirtyMarker => ({
  path: 'rooms',
  key,
  seq: 1,
  firstSeq: 1,
  since,
  ...(failed && { failure: failed }),
});
const lane = (failed?: Failure): LaneRow => ({
  path: 'rooms',
  epoch: 1,
  iterId: 1,
  ...(failed && { failure: failed }),
});
const facts = (more: Partial<SyncFacts>): SyncFacts => ({
  markers: [],
  lane: lane(),
  setAside: [],
  syncing: false,
  pageDrains: false,
  ...more,
});

describe('withPath', () => {
  const words: DirtyMarker = { ...marker('outbound_dms', 10), path: 'outbound-dms' };

  it('does not say that all is on the node while the words of direct messages are not', () => {
    const beside = withPath({ markers: [], lane: lane() }, { markers: [words], lane: lane() });
    expect(syncStatus(facts(beside))).toMatchObject({ type: 'stored-here', pendingRooms: 1 });
    const both = withPath(
      { markers: [marker('room:a', 30)], lane: lane() },
      { markers: [words], lane: lane() },
    );
    expect(syncStatus(facts(both)).pendingRooms).toBe(1);
    const withList = { markers: [marker('room:a', 20), marker('rooms_meta', 10)] };
    expect(syncStatus(facts(withList))).toMatchObject({ pendingRooms: 1, since: 10 });
  });

  it('tells why that path failed, as long as something is left on it', () => {
    const failed = lane(failure('node-unreachable', 99));
    const left = withPath({ markers: [], lane: lane() }, { markers: [words], lane: failed });
    expect(syncStatus(facts(left))).toMatchObject({ type: 'offline', nextTryAt: 99 });
    const none = withPath({ markers: [], lane: lane() }, { markers: [], lane: failed });
    expect(syncStatus(facts(none)).type).toBe('all-on-node');
  });
});

describe('syncStatus', () => {
  it('says that all is on the node only when no marker is left', () => {
    expect(syncStatus(facts({})).type).toBe('all-on-node');
    const stored = syncStatus(facts({ markers: [marker('room:a', 30), marker('room:b', 20)] }));
    expect(stored).toEqual({ type: 'stored-here', pendingRooms: 2, since: 20, pageDrains: false });
  });

  it('keeps the last error visible while the node is away, with the next try', () => {
    const status = syncStatus(
      facts({ markers: [marker('room:a', 30)], lane: lane(failure('node-unreachable', 99)) }),
    );
    expect(status).toEqual({
      type: 'offline',
      pendingRooms: 1,
      since: 30,
      reason: 'it is node-unreachable',
      nextTryAt: 99,
      pageDrains: false,
    });
  });

  it('shows a room’s refusal rather than that the node is away', () => {
    const refused = marker('room:a', 30, failure('store-refused', 99));
    const status = syncStatus(
      facts({ markers: [refused], lane: lane(failure('node-unreachable', 70)) }),
    );
    expect(status).toMatchObject({ type: 'refused', reason: 'it is store-refused', nextTryAt: 99 });
  });

  it('says offline, not all-on-node, when nothing is pending but the node could not be asked', () => {
    expect(syncStatus(facts({ lane: lane(failure('node-unreachable', 99)) })).type).toBe('offline');
  });

  it('says that values on the node were set aside, as long as they are', () => {
    const status = syncStatus(facts({ setAside: ['room_slot: 3 bytes left', 'x'] }));
    expect(status.type).toBe('refused');
    expect(status.reason).toContain('2 rooms on your node can’t be read (room_slot: 3 bytes left)');
  });

  it('says syncing only while a drain has something to bring', () => {
    expect(syncStatus(facts({ syncing: true })).type).toBe('all-on-node');
    expect(syncStatus(facts({ syncing: true, markers: [marker('room:a', 1)] })).type).toBe(
      'syncing',
    );
  });
});

describe('roomSync', () => {
  it('is on the node without a marker, stored here with one, refused with a reason', () => {
    expect(roomSync(undefined, lane(failure('node-unreachable')))).toEqual({ type: 'on-node' });
    expect(roomSync(marker('room:a', 5), lane(failure('node-unreachable')))).toEqual({
      type: 'stored-here',
      since: 5,
    });
    expect(roomSync(marker('room:a', 5, failure('conflict-user')), lane())).toEqual({
      type: 'refused',
      reason: 'it is conflict-user',
      since: 5,
    });
  });

  it('finds the marker of exactly this room', () => {
    const markers = [marker('room:ab', 1), marker('room:a', 2)];
    expect(markerOfRoom(markers, 'a' as RoomKey)?.since).toBe(2);
    expect(markerOfRoom(markers, 'b' as RoomKey)).toBeUndefined();
  });
});

describe('nextTryOf', () => {
  it('is the earliest of all failures, and nothing when nothing is pending', () => {
    const markers = [
      marker('room:a', 1, failure('store-refused', 300)),
      marker('room:b', 1, failure('unknown', 200)),
    ];
    expect(nextTryOf({ markers, lane: lane(failure('unknown', 250)) })).toBe(200);
    expect(nextTryOf({ markers: [], lane: lane(failure('unknown', 250)) })).toBeUndefined();
  });
});
