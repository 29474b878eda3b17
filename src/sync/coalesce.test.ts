import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coalesceSave, newCoalesceState, type CoalesceRun } from './coalesce.ts';

/** A save whose every run is ended by hand. */
function manualRuns() {
  const runs: { end(value: number): void; fail(error: Error): void }[] = [];
  const run: CoalesceRun<number> = {
    gather: () => Promise.resolve(),
    doSave: () =>
      new Promise((resolve, reject) => {
        runs.push({ end: resolve, fail: reject });
      }),
  };
  return { runs, run };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('coalesceSave', () => {
  describe('A02', () => {
    it('runs exactly twice for any number of callers who arrive while the first run is under way', async () => {
      const state = newCoalesceState<number>();
      const { runs, run } = manualRuns();
      const first = coalesceSave(state, run);
      await settle();
      const late = Array.from({ length: 500 }, () => coalesceSave(state, run));
      runs[0]?.end(1);
      await settle();
      expect(runs.length).toBe(2);
      runs[1]?.end(2);
      expect(await first).toBe(1);
      expect(new Set(await Promise.all(late))).toEqual(new Set([2]));
      await settle();
      expect(runs.length).toBe(2);
    });
  });

  it('gives a caller queued behind a failing run the result of its own run, and that failure only to those it covered', async () => {
    const state = newCoalesceState<number>();
    const { runs, run } = manualRuns();
    const first = coalesceSave(state, run);
    await settle();
    const second = coalesceSave(state, run);
    runs[0]?.fail(new Error('disk full'));
    await expect(first).rejects.toThrow('disk full');
    await settle();
    runs[1]?.end(7);
    expect(await second).toBe(7);
  });

  describe('A03', () => {
    it('never tells a queued caller the success of a run that started before its call', async () => {
      const state = newCoalesceState<number>();
      const { runs, run } = manualRuns();
      const first = coalesceSave(state, run);
      await settle();
      const second = coalesceSave(state, run);
      runs[0]?.end(1);
      await settle();
      runs[1]?.fail(new Error('refused'));
      expect(await first).toBe(1);
      await expect(second).rejects.toThrow('refused');
    });
  });

  it('lets callers who arrive while the burst is gathered join the same run', async () => {
    const state = newCoalesceState<number>();
    let endGather = (): void => {};
    let saves = 0;
    const run: CoalesceRun<number> = {
      gather: () => new Promise((resolve) => (endGather = resolve)),
      doSave: async () => ++saves,
    };
    const a = coalesceSave(state, run);
    const b = coalesceSave(state, run);
    endGather();
    expect(await Promise.all([a, b])).toEqual([1, 1]);
  });

  it('rejects the waiting callers when the burst cannot be gathered, and serves the next call', async () => {
    const state = newCoalesceState<number>();
    let broken = true;
    const run: CoalesceRun<number> = {
      gather: () => (broken ? Promise.reject(new Error('no clock')) : Promise.resolve()),
      doSave: async () => 1,
    };
    await expect(coalesceSave(state, run)).rejects.toThrow('no clock');
    broken = false;
    expect(await coalesceSave(state, run)).toBe(1);
  });

  it('covers every change with a run that started after it, under any interleaving', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 12 }), async (s, callers) => {
        const state = newCoalesceState<number>();
        let version = 0;
        let active = 0;
        const run: CoalesceRun<number> = {
          gather: () => s.schedule(Promise.resolve(), 'gather'),
          doSave: async () => {
            expect(++active).toBe(1);
            const snapshot = version;
            await s.schedule(Promise.resolve(), 'store');
            active--;
            return snapshot;
          },
        };
        const calls = Array.from({ length: callers }, async (_, i) => {
          await s.schedule(Promise.resolve(), `edit ${i}`);
          const mine = ++version;
          expect(await coalesceSave(state, run)).toBeGreaterThanOrEqual(mine);
        });
        await s.waitFor(Promise.all(calls));
        expect(state).toEqual({ waiting: [], running: false });
      }),
      { numRuns: 300 },
    );
  });
});
