import { describe, expect, test } from 'vitest';
import type { DoctorReport } from './doctor-report.ts';
import { explainReport } from './explain-report.ts';
import { decodeDoctorReport } from './read-report.ts';

const at = '2026-11-24T10:00:00.000Z';
const failure = {
  code: 'node-unreachable',
  sentence: 'Your node can’t be reached.',
  since: at,
  attempts: 3,
  nextTryAt: at,
};

const healthy: DoctorReport = {
  weirReport: 1,
  at,
  app: '0.1.0',
  browser: 'A browser',
  hasNames: true,
  database: { type: 'open', version: 4, rooms: 2, left: 1, messages: 40 },
  markers: [],
  receipts: [],
  bases: [],
  lanes: [{ path: 'rooms', epoch: 3, iterations: 3 }],
  migration: [{ version: 'V30', verdict: 'imported', attempts: 1, values: 2 }],
  quarantine: [],
  workers: { isSupported: true, controls: true, known: [{ state: 'activated', version: '0.1.0' }] },
  storage: { isPersisted: true, usage: 1_048_576, quota: 104_857_600 },
  node: { isReachable: true, version: '0.2.129', isHosted: true, startedAt: at, storeRequests: 1 },
};

const said = (report: Partial<DoctorReport>): string =>
  explainReport({ ...healthy, ...report })
    .filter(({ level }) => level !== 'fine')
    .map(({ level, sentence }) => `${level}: ${sentence}`)
    .join('\n');

describe('a report in sentences', () => {
  test('where all is well nothing is a trouble or a note', () => {
    expect(said({})).toBe('');
    expect(explainReport(healthy).map(({ sentence }) => sentence)).toContain(
      'The database (version 4) holds 2 rooms with 40 messages, and 1 that was left.',
    );
  });

  test('edits that wait for one reason are one sentence, since the oldest', () => {
    const marker = { path: 'rooms', seq: 1, level: 'edit' } as const;
    const markers = ['a', 'b'].map((key, i) => ({ ...marker, key, since: `2026-11-2${4 - i}` }));
    expect(said({ markers: [...markers, { ...marker, key: 'c', since: at, level: 'news' }] })).toBe(
      'note: Edits of “a” and “b” are stored in the browser since 2026-11-23 and not proved to be on the node yet.',
    );
  });

  test('that the node does not answer is said once, and what else stands still is said, too', () => {
    const lanes = [
      { path: 'rooms', epoch: 1, iterations: 1, failure },
      {
        path: 'contracts',
        epoch: 1,
        iterations: 1,
        failure: { ...failure, code: 'local-storage', sentence: 'It is full.' },
      },
    ];
    const away = said({ lanes, node: { isReachable: false } });
    expect(away.match(/reached|does not answer/g)).toHaveLength(1);
    expect(away).toContain('The path contracts stands still: It is full (3 tries; next try');
  });

  test.each<[string, Partial<DoctorReport>, RegExp]>([
    [
      'a value that was set aside',
      {
        quarantine: [
          { source: 'node', key: 'id-1', reason: 'it is odd', bytes: 9, at, isResolved: false },
        ],
      },
      /trouble: A value \(id-1 of node, 9 bytes\) was set aside: it is odd\./,
    ],
    [
      'one that was replaced since, by nothing',
      {
        quarantine: [
          { source: 'node', key: 'id-1', reason: 'it is odd', bytes: 9, at, isResolved: true },
        ],
      },
      /^$/,
    ],
    [
      'an earlier version that is silent',
      { migration: [{ version: 'V1', verdict: 'unreachable', attempts: 1, values: 0 }] },
      /note: 1 earlier version has not answered/,
    ],
    [
      'one that is not taken over yet',
      {
        migration: [
          { version: 'V1', verdict: 'partial', reason: 'cut short', attempts: 1, values: 1 },
        ],
      },
      /note: V1 is not taken over yet \(partial: cut short\)/,
    ],
    [
      'storage without a promise',
      { storage: { isPersisted: false } },
      /note: The browser may delete/,
    ],
    ['storage that is nearly full', { storage: { usage: 95, quota: 100 } }, /trouble: /],
    [
      'no worker',
      { workers: { isSupported: false, controls: false, known: [] } },
      /note: No service worker/,
    ],
    [
      'a worker of another version',
      {
        workers: {
          isSupported: true,
          controls: true,
          known: [{ state: 'waiting', version: '0.2.0' }],
        },
      },
      /note: A service worker \(waiting\) is version 0\.2\.0, and the page is 0\.1\.0\./,
    ],
  ])('%s', (_, report, expected) => {
    expect(said(report)).toMatch(expected);
  });
});

describe('reading a report', () => {
  test('gives back what was written', () => {
    const markers = [
      { path: 'rooms', key: 'a', name: 'A', seq: 1, since: at, level: 'edit', failure },
    ] as const;
    const written: DoctorReport = { ...healthy, markers };
    expect(decodeDoctorReport(JSON.parse(JSON.stringify(written)))).toEqual({
      ok: true,
      value: written,
    });
  });

  test.each<[unknown, string]>([
    [null, ''],
    [[], ''],
    [{ ...healthy, weirReport: 2 }, 'weirReport'],
    [{ ...healthy, markers: {} }, 'markers'],
    [{ ...healthy, lanes: [healthy.lanes[0], { path: 'rooms' }] }, 'lanes[1].epoch'],
    [{ ...healthy, node: { isReachable: 'yes' } }, 'node.isReachable'],
    [{ ...healthy, app: 'x'.repeat(5_000) }, 'app'],
    [{ ...healthy, bases: Array.from({ length: 30_000 }, () => ({})) }, 'bases'],
    [{ ...healthy, storage: { usage: -1 } }, 'storage.usage'],
  ])('names the place of what is wrong: %#', (value, path) => {
    expect(decodeDoctorReport(value)).toMatchObject({
      ok: false,
      error: { type: 'BadReport', path },
    });
  });
});
