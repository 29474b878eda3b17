import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { runSchedule } from './run.ts';
import { scheduleOf, type Features } from './schedule.ts';

describe('the fault simulation', () => {
  it('A02 A03 A05 A13 A14 A21 A32 A33 A49 A50 C01 C02 C03 C04 C05 C06 C07 C08 C10 C12 C14 C15 C16 C17 C18 C19 C20 C21 C23 C26 C27 C42: finds nothing lost, falsely sealed, applied twice or stuck in 150 runs', async () => {
    let kills = 0;
    let edits = 0;
    const features = new Map<string, number>();
    for (let seed = 1; seed <= 150; seed++) {
      const schedule = scheduleOf(seed);
      for (const name of Object.keys(schedule.features) as (keyof Features)[]) {
        if (schedule.features[name]) features.set(name, (features.get(name) ?? 0) + 1);
      }
      const report = await runSchedule(schedule);
      expect(report.violations, `npm run -s faults -- --replay ${seed}`).toEqual([]);
      kills += report.kills;
      edits += report.edits;
    }
    expect(kills).toBeGreaterThan(100);
    expect(edits).toBeGreaterThan(800);
    for (const name of ['contracts', 'dms', 'earlier']) {
      expect(features.get(name), name).toBeGreaterThan(15);
    }
  }, 240_000);

  it('takes the same steps when a seed is run again', async () => {
    const traces: string[][] = [[], []];
    for (const trace of traces) await runSchedule(scheduleOf(17), (line) => void trace.push(line));
    expect(traces[0]?.length).toBeGreaterThan(100);
    expect(traces[1]).toEqual(traces[0]);
  });
});
