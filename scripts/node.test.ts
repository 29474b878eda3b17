import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { tempDir } from '../host/testing/temp-dir.ts';
import { sendFrames } from './node-frames.ts';
import { killAgainAndAgain } from './node-kill.ts';
import { Latencies } from './node-latencies.ts';
import { load } from './node-load.ts';
import { readCounts } from './node-options.ts';
import { timeSpent } from './node-profile.ts';

vi.setConfig({ testTimeout: 180_000 });

const silent = (): void => undefined;

// each starts real hosts, which takes seconds: the long runs are scripts (docs/node.md)
describe('a real host', () => {
  test('that is killed while it is written to has everything it had acknowledged', async () => {
    const report = await killAgainAndAgain({ kills: 2, seed: 5 }, silent);
    expect(report).toMatchObject({ kills: 2, lost: [] });
    expect(report.opened).toBeGreaterThan(0);
    expect(report.acknowledged).toBeGreaterThan(0);
  });

  test('goes on serving while malformed frames arrive', async () => {
    const report = await sendFrames({ frames: 2000, seed: 1 }, silent);
    expect(report.failures).toEqual([]);
    expect(report.sent).toBe(2000);
    expect(report.answered).toBeGreaterThan(0);
    expect([...report.kinds.keys()]).toContain('broken protocol');
  });

  test('acknowledges every update under load and tells every subscriber', async () => {
    const options = { rooms: 3, clients: 3, rate: 30, seconds: 1, seed: 1, profile: 1 };
    const report = await load(options, silent);
    expect(report.failures).toEqual([]);
    expect(report.acknowledged.count).toBe(30);
    expect(report.notified.count).toBe(90);
    expect(report.cpuSeconds).toBeGreaterThan(0);
    expect(report.timeSpent.length).toBeGreaterThan(10);
  });
});

test('own times are added up by function over all profiles, without what was idle', () => {
  const dir = tempDir();
  const profile = (samples: readonly number[]): string =>
    JSON.stringify({
      nodes: [
        { id: 1, callFrame: { functionName: '(idle)', url: '' } },
        { id: 2, callFrame: { functionName: 'f', url: 'file:///x/a.ts' } },
        { id: 3, callFrame: { functionName: '', url: 'file:///x/a.ts' } },
        { id: 4, callFrame: { functionName: 'f', url: 'file:///x/a.ts' } },
      ],
      samples,
      timeDeltas: samples.map(() => 1000),
    });
  writeFileSync(join(dir, 'a.cpuprofile'), profile([1, 1, 2, 3]));
  writeFileSync(join(dir, 'b.cpuprofile'), profile([4, 1]));
  writeFileSync(join(dir, 'note.txt'), 'no profile');
  expect(timeSpent(dir)).toEqual([
    { where: 'f /x/a.ts', ms: 2, share: 2 / 3 },
    { where: '(anonymous) /x/a.ts', ms: 1, share: 1 / 3 },
  ]);
});

test('latencies are summed up by their percentiles', () => {
  const latencies = new Latencies();
  expect(latencies.text).toBe('never');
  for (let ms = 100; ms >= 1; ms--) latencies.add(ms);
  expect(latencies.text).toBe('p50 51.0, p95 96.0, p99 100.0, max 100.0 ms');
});

test('counts are read strictly from the command line', () => {
  const defaults = { kills: 200, seed: 1 };
  expect(readCounts([], defaults)).toEqual(defaults);
  expect(readCounts(['--kills', '3'], defaults)).toEqual({ kills: 3, seed: 1 });
  expect(() => readCounts(['--kills', '-3'], defaults)).toThrow(/kills/);
  expect(() => readCounts(['--kills', 'many'], defaults)).toThrow('--kills many: it is no count');
  expect(() => readCounts(['--more', '1'], defaults)).toThrow(/more/);
});
