import { describe, expect, it } from 'vitest';
import type { DirtyMarker, FailureCode } from '../../persist/schema.ts';
import { withRefusals } from './room-refusals.ts';

const ROOM = 'BQKNiX1Qmz2FySPSmsd7afAMxnjqiXfdxXoyQrdjZ7WX';
const marker = (path: DirtyMarker['path'], key: string, code?: FailureCode): DirtyMarker => ({
  path,
  key,
  seq: 7,
  firstSeq: 7,
  since: 3,
  ...(code && { failure: { code, sentence: `${path} failed`, since: 3, at: 3, attempts: 1 } }),
});

describe('withRefusals', () => {
  it('shows a room that refuses although the delegate has everything', () => {
    const refused = marker('contracts', ROOM, 'room-refused');
    expect(withRefusals([], [refused])).toEqual([{ ...refused, key: `room:${ROOM}` }]);
  });

  it('keeps what the delegate’s path itself has to say', () => {
    const pending = marker('rooms', `room:${ROOM}`);
    const full = marker('rooms', `room:${ROOM}`, 'store-refused');
    const refused = marker('contracts', ROOM, 'room-refused');
    expect(withRefusals([pending], [refused])).toEqual([{ ...pending, failure: refused.failure }]);
    expect(withRefusals([full], [refused])).toEqual([full]);
  });

  it('leaves out what will be tried again without anybody’s help', () => {
    const away = marker('contracts', ROOM, 'node-unreachable');
    expect(withRefusals([], [away, marker('contracts', ROOM)])).toEqual([]);
  });
});
