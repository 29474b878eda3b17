import { describe, expect, it } from 'vitest';
import { allocated } from './allocations.ts';
import { measure, spreadOf } from './measure.ts';
import { table, type Result } from './report.ts';
import { orThrow } from '../src/shared/testing/or-throw.ts';
import { loadBigRoom, stateBytes, updated, Writers } from './room/rooms.ts';
import { roomSuite } from './room/suite.ts';
import { suites } from './suites.ts';
import { decode } from '../src/river/cbor/codec.ts';
import { roomState } from '../src/river/room-state/room-state.ts';

const noCollection = (): void => undefined;

describe('measuring', () => {
  it('gives median and extremes of even and odd counts', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3 });
    expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, least: 1, most: 4 });
    expect(spreadOf([7])).toEqual({ median: 7, least: 7, most: 7 });
  });

  it('prepares every call, and does not time it', async () => {
    let prepared = 0;
    let called = 0;
    const [measured] = await measure(
      [
        {
          call: 'waits before',
          single: true,
          prepare: () => {
            prepared += 1;
            const until = performance.now() + 20;
            while (performance.now() < until);
            return () => (called += 1);
          },
        },
      ],
      3,
    );
    expect([prepared, called]).toEqual([4, 4]);
    expect(measured?.callsPerRound).toBe(1);
    expect(measured?.wallMs.least).toBeLessThan(20);
  });

  it('counts what a call allocates, kept or not, on the heap and beside it', async () => {
    const objects = 50_000;
    const bytes = 3 << 20;
    const operation = {
      call: 'allocates',
      prepare: () => () => {
        const kept = Array.from({ length: objects }, (_, i) => ({ i, j: [i] }));
        return [kept.length, new Uint8Array(bytes)];
      },
    };
    const { heapBytes, bufferBytes } = await allocated(operation, noCollection);
    expect(bufferBytes).toBeGreaterThanOrEqual(bytes);
    expect(bufferBytes).toBeLessThan(bytes * 1.2);
    // an object and an array of one element are about a hundred bytes
    expect(heapBytes / objects).toBeGreaterThan(40);
    expect(heapBytes / objects).toBeLessThan(300);
  });
});

describe('the room', () => {
  const room = loadBigRoom();

  it('stays full while messages are added to it', () => {
    const writers = new Writers(room);
    const { members, recentMessages, directMessages } = room.data.roomState;
    const after = updated(room, writers.delta(40));
    expect(after.members.length).toBe(members.length);
    expect(after.recentMessages.length).toBe(recentMessages.length);
    expect(after.directMessages.messages.length).toBe(directMessages.messages.length);
    expect(after.recentMessages).not.toEqual(recentMessages);
    expect(orThrow(decode(roomState, stateBytes(after)))).toEqual(after);
  });

  it('is measured by operations that all run', async () => {
    const { rows, about } = await roomSuite(undefined);
    expect(about).toContain('902 signatures');
    for (const { weir, river } of rows) {
      expect(river).toBeUndefined();
      if (!weir.single) await weir.prepare()();
    }
    expect(new Set(rows.map(({ group, what }) => `${group} ${what}`)).size).toBe(rows.length);
  }, 30_000);

  it('is the only suite', async () => {
    await expect(suites('stairs', undefined)).rejects.toThrow(
      'there is no suite "stairs", only room',
    );
  });
});

describe('the table', () => {
  const spread = (median: number) => ({ median, least: median / 2, most: median * 2 });
  const measured = (median: number, call: string) => ({
    wallMs: spread(median),
    cpuMs: spread(median),
    callsPerRound: 1,
    call,
  });
  const weirAllocates = { heapBytes: 2048, bufferBytes: 3 << 20, atLeast: true };
  const row: Result = { group: 'g', what: 'w', weir: measured(2, 'a'), weirAllocates };

  it('shows medians, spread and ratios, and a dash where River has no such call', () => {
    const lines = table({
      name: 's',
      about: '',
      rows: [
        { ...row, river: measured(4, 'b') },
        { ...row, what: 'x' },
      ],
    }).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[1]).toBe('g');
    expect(lines[2]?.split(/ {2,}/)).toEqual([
      '',
      'w',
      '4.00 (2.00-8.00)',
      '2.00 (1.00-4.00)',
      '0.50',
      '4.00',
      '2.00',
      '0.50',
      '2.0 KiB',
      '≥ 3.0 MiB',
    ]);
    expect(lines[3]?.split(/ {2,}/).slice(1, 5)).toEqual(['x', '-', '2.00 (1.00-4.00)', '-']);
  });
});
