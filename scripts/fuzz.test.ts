import { spawnSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../src/shared/bytes.ts';
import { Inputs } from './fuzz/inputs.ts';
import { itemsOf } from './fuzz/mutate/cbor-items.ts';
import { DEFAULT_LIMITS, runOne } from './fuzz/run-one.ts';
import { fuzz, type FuzzReport } from './fuzz/runner.ts';
import type { Verdict } from './fuzz/target.ts';
import { TARGETS as BROKEN } from './fuzz/testing/broken-targets.ts';
import { WITHOUT_RIVER as TARGETS } from './fuzz/targets.ts';

const hexesOf = (name: string, seed: number, runs: readonly number[]): string[] => {
  const target = TARGETS.find((each) => each.name === name);
  if (!target) throw new Error(name);
  const inputs = new Inputs(target, target.load(), seed);
  return runs.map((run) => inputs.at(run).input.map(toHex).join());
};

describe('the inputs of a fuzz run', () => {
  it('are the same for the same seed and run, whatever ran before', () => {
    const all = hexesOf('delegate', 7, [0, 1, 2, 3, 500]);
    expect(hexesOf('delegate', 7, [500, 3])).toEqual([all[4], all[3]]);
    expect(hexesOf('delegate', 8, [0, 1, 2, 3, 500])).not.toEqual(all);
    expect(new Set(all).size).toBe(all.length);
  });

  it('know the items of CBOR, with byte arrays as one item', () => {
    const bytes = fromHex('a2616182010261628801020304050607181f');
    const spans = itemsOf(bytes).map(({ start, end, parent }) => [start, end, parent]);
    expect(spans).toEqual([
      [0, 18, -1],
      [1, 3, 0],
      [3, 6, 0],
      [4, 5, 2],
      [5, 6, 2],
      [6, 8, 0],
      [8, 18, 0],
    ]);
  });
});

describe('one run', () => {
  const limits = { ...DEFAULT_LIMITS, milliseconds: 20 };

  it('that works for too long every time is too slow', async () => {
    let attempts = 0;
    const check = (): Verdict => {
      attempts += 1;
      const before = process.cpuUsage();
      for (;;) {
        const { user, system } = process.cpuUsage(before);
        if (user + system > 30_000) return 'accepted';
      }
    };
    const { verdict, reason } = await runOne({ name: 'works', check }, [new Uint8Array(7)], limits);
    expect(verdict).toBe('failed');
    expect(reason).toMatch(/^took \d+ ms for 7 bytes$/);
    expect(attempts).toBe(3);
  });

  it('that only waits is not: the machine may be busy', async () => {
    const check = async (): Promise<Verdict> => {
      await wait(60);
      return 'accepted';
    };
    const waits = await runOne({ name: 'waits', check }, [new Uint8Array()], limits);
    expect(waits.verdict).toBe('accepted');
  });
});

describe('a fuzz run', () => {
  const run = (name: string, milliseconds = 1000): Promise<FuzzReport> => {
    const target = BROKEN.find((each) => each.name === name);
    if (!target) throw new Error(name);
    return fuzz({
      target,
      module: new URL('./fuzz/testing/broken-targets.ts', import.meta.url).href,
      runs: 60,
      seed: 1,
      limits: { ...DEFAULT_LIMITS, milliseconds },
    });
  };

  it('passes a decoder without fault', async () => {
    const { runs, counts, failures } = await run('sound');
    expect(failures).toEqual([]);
    expect(runs).toBe(60);
    expect(counts).toMatchObject({ accepted: 60, refused: 0, failed: 0 });
  });

  it.each([
    ['throws', 'an untyped error: TypeError: a fault of the decoder'],
    ['drifts', 'no fixpoint'],
    ['keeps a view', 'the value is a view of its input'],
    ['scribbles', 'changes its input'],
    ['lies about errors', 'an untyped error'],
    ['takes memory', 'allocated '],
  ])('finds a decoder that %s, and the input replays', async (name, reason) => {
    const { counts, failures } = await run(name);
    expect(failures).toHaveLength(1);
    const [failure] = failures;
    expect(failure?.reason).toContain(reason);
    expect(counts.failed).toBe(failure?.count);
    const form = BROKEN.find((each) => each.name === name)?.load().forms[0];
    if (!form || !failure) throw new Error('no form');
    const again = await runOne(form, failure.input, DEFAULT_LIMITS);
    expect(again.reason).toContain(reason);
  });

  it('ends a run that does not end, and goes on behind it', async () => {
    const { runs, failures } = await run('hangs', 100);
    expect(failures).toHaveLength(1);
    expect(failures[0]?.reason).toMatch(/^does not end within \d+ ms$/);
    expect(failures[0]?.input[0]?.[0]).toBeGreaterThanOrEqual(0x80);
    expect(runs).toBe(60);
  }, 60_000);
});

describe('every target', () => {
  it.each(TARGETS.map((target) => [target.name, target] as const))(
    '%s: a first look',
    async (_, target) => {
      const loaded = target.load();
      const inputs = new Inputs(target, loaded, 1);
      const seen = new Set<string>();
      for (const seed of loaded.seeds) {
        const form = loaded.forms[seed.form];
        if (form) seen.add((await runOne(form, seed.parts, DEFAULT_LIMITS)).verdict);
      }
      for (let run = 0; run < 60; run++) {
        const { form: index, input } = inputs.at(run);
        const form = loaded.forms[index];
        if (!form) throw new Error('no form');
        const { verdict, reason } = await runOne(form, input, DEFAULT_LIMITS);
        expect(reason, `run ${run}`).toBeUndefined();
        seen.add(verdict);
      }
      expect([...seen].sort()).toEqual(['accepted', 'refused']);
    },
  );
});

describe('the command line', () => {
  const cli = (
    ...args: string[]
  ): ReturnType<typeof spawnSync> & { stdout: string; stderr: string } =>
    spawnSync(
      process.execPath,
      ['--import', 'tsx', fileURLToPath(new URL('./fuzz.ts', import.meta.url)), ...args],
      { encoding: 'utf8' },
    );

  it('replays an input, and refuses what it does not know', () => {
    const good = cli('--target', 'cbor', '--replay', 'a1616101');
    expect(good.stdout).toMatch(/^cbor, everything: refused after .* ms\ncbor, anything: accepted/);
    expect(good.status).toBe(0);
    const bad = cli('--target', 'nothing');
    expect(bad.stderr).toContain('--target: there is no "nothing", only frames|');
    expect(bad.status).toBe(2);
  }, 60_000);
});
