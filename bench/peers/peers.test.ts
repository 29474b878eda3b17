import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encode } from '../../src/river/cbor/codec.ts';
import { authorizedMessage } from '../../src/river/room-state/messages.ts';
import { CHROMIUM } from '../../tests/support/chromium.ts';
import { bundlePages } from './bundle.ts';
import { burst } from './burst.ts';
import { BURST } from './columns.ts';
import { edits, idOf, MESSAGE_BYTES, seeded } from './messages.ts';
import { isPeers, peersOptions } from './options.ts';
import { PageServer } from './page-server.ts';
import { PageSubject } from './page-subject.ts';
import { PEERS } from './peers.ts';
import { reloadStorm } from './reload-storm.ts';
import { cellOf, ratioOf, sizeOf, tableOf, type Column } from './tables.ts';
import { weirRooms } from './weir-rooms.ts';
import { TINY } from './workload.ts';

describe('the messages', () => {
  it('are the same each time, of the same length, and begin with their ids', () => {
    expect(seeded(2, 3)).toEqual(seeded(2, 3));
    for (const { id, text } of [...seeded(2, 3), ...edits(7, 4, 2)]) {
      expect(text).toHaveLength(MESSAGE_BYTES);
      expect(idOf(text)).toBe(id);
    }
  });

  it('go over all rooms in turn, edits later than what was there', () => {
    const before = seeded(2, 3);
    const after = edits(7, 4, 2);
    expect(before.map(({ id }) => id)).toEqual(['s0-0', 's1-0', 's0-1', 's1-1', 's0-2', 's1-2']);
    expect(after.map(({ id, room }) => [id, room])).toEqual([
      ['e7', 0],
      ['e8', 1],
      ['e9', 0],
      ['e10', 1],
    ]);
    expect(Math.max(...before.map(({ at }) => at))).toBeLessThan(
      Math.min(...after.map(({ at }) => at)),
    );
  });

  it('take as many bytes in a room of Weir as in every other', () => {
    // numbers below 24 take one byte instead of two, so that signatures differ in length
    const sizes = weirRooms(2, 50).flatMap(({ roomState }) =>
      roomState.recentMessages.map((each) => encode(authorizedMessage, each).length),
    );
    const mean = sizes.reduce((sum, each) => sum + each, 0) / sizes.length;
    expect(sizes).toHaveLength(100);
    expect(Math.abs(mean - MESSAGE_BYTES)).toBeLessThan(3);
  });
});

describe('the options', () => {
  const NAMES = ['dexie', 'yjs'];

  it('are five rounds of everybody unless told', () => {
    expect(peersOptions(['--only', 'peers'], NAMES)).toEqual({
      rounds: 5,
      peers: [],
      workloads: [],
      isTiny: false,
    });
    const args = ['--only=peers', '--rounds', '2', '--peer', 'yjs', '--workload', 'cold', '--tiny'];
    expect(peersOptions(args, NAMES)).toEqual({
      rounds: 2,
      peers: ['yjs'],
      workloads: ['cold'],
      isTiny: true,
    });
  });

  it('name what is wrong with them', () => {
    expect(() => peersOptions(['--rounds', '0'], NAMES)).toThrow('--rounds: "0"');
    expect(() => peersOptions(['--peer', 'mysql'], NAMES)).toThrow(
      '--peer: there is no "mysql", only dexie, yjs',
    );
    expect(() => peersOptions(['--workload', 'w9'], NAMES)).toThrow('--workload: there is no "w9"');
  });

  it('are taken for those of peers only where peers are asked for', () => {
    expect(isPeers(['--rounds', '1', '--only', 'peers'])).toBe(true);
    expect(isPeers(['--only=peers'])).toBe(true);
    expect(isPeers(['--only', 'room'])).toBe(false);
    expect(isPeers(['peers'])).toBe(false);
  });
});

describe('the table', () => {
  const column: Column = { figure: 'a', heading: 'A', unit: 'count', ratio: true };

  it('has the median, how far rounds are apart, and how many there are where not all have it', () => {
    expect(cellOf(column, [{ a: 3 }, { a: 1 }, { a: 2 }])).toBe('2 (1–3)');
    expect(cellOf(column, [{ a: 3 }, { a: 3 }])).toBe('3');
    expect(cellOf(column, [{ a: 3 }, { a: null }, {}])).toBe('3, 1 of 3');
    expect(cellOf(column, [{ a: null }])).toBe('–');
    expect(cellOf({ ...column, unit: 'bytes' }, [{ a: 2048 }])).toBe('2.0 KiB');
    expect(sizeOf(3 * 2 ** 30)).toBe('3.0 GiB');
  });

  it('has ratios of medians to the first, and none to nothing', () => {
    expect(ratioOf(column, [{ a: 3 }], [{ a: 2 }])).toBe('1.50');
    expect(ratioOf(column, [{ a: 3 }], [{ a: 0 }])).toBe('–');
    expect(ratioOf(column, [{ a: null }], [{ a: 2 }])).toBe('–');
    const subjects = [
      { title: 'Weir', rounds: [{ a: 2 }] },
      { title: 'other', rounds: [{ a: 5 }] },
    ];
    expect(tableOf({ workload: 'W', about: 'w', columns: [column], subjects }).split('\n')).toEqual(
      ['W: w', '', '|  | A | ÷ |', '|---|---|---|', '| Weir | 2 | 1.00 |', '| other | 5 | 2.50 |'],
    );
  });
});

describe('the peers', () => {
  it('have names of their own and packages in exact versions', () => {
    expect(new Set(PEERS.map(({ name }) => name)).size).toBe(PEERS.length);
    for (const { title } of PEERS.filter(({ isPackage }) => isPackage)) {
      for (const each of title.split(' + ')) expect(each).toMatch(/^\S+ \d+\.\d+\.\d+$/);
    }
  });

  // the floor needs no package
  it.skipIf(!existsSync(CHROMIUM))('are measured in a browser, edit by edit', async () => {
    const floor = PEERS.find(({ name }) => name === 'indexeddb');
    if (!floor) throw new Error('the floor is gone');
    const pages = await PageServer.start(await bundlePages([floor.scripts]));
    const subject = new PageSubject(floor, pages);
    try {
      await subject.seed(TINY.rooms, TINY.perRoom);
      const figures = await burst(subject, TINY);
      expect(figures).toMatchObject({
        acknowledged: TINY.edits,
        found: TINY.edits,
        duplicated: 0,
        transactions: 1,
        puts: TINY.edits,
        requests: null,
      });
      expect(figures['bytes']).toBeGreaterThan(TINY.edits * MESSAGE_BYTES);
      expect(figures['bytes']).toBeLessThan(TINY.edits * MESSAGE_BYTES * 1.1);
      expect(cellOf(BURST[0] as Column, [figures])).toMatch(/^\d+$/);

      const storm = await reloadStorm(subject, { ...TINY, reloadsAfter: [0] });
      expect(storm).toMatchObject({ issued: TINY.stormEdits, lost: 0, duplicated: 0 });
      expect(storm['found']).toBeGreaterThanOrEqual(storm['acknowledged'] ?? Infinity);
    } finally {
      await subject.close();
      await pages.close();
    }
  });
});
