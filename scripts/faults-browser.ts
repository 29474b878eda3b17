// Real Chromium, the built app and its worker, and a real host; all of them killed again and again while edits are made.
//   npm run -s faults:browser -- [--kills N] [--seed S] [--app DIR]... [--keep DIR]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { buildVersions } from './faults-browser/builds.ts';
import { playBrowserFaults, type BrowserFaultReport } from './faults-browser/run.ts';
import { command } from './node-options.ts';

/** Findings shown of each kind. */
const SHOWN = 20;

/** What a run has to say, and whether all of it was right. */
export function reportLines(report: BrowserFaultReport): { lines: string[]; passed: boolean } {
  const { rounds, kills, edits, accepted, refused, gone, counts, findings } = report;
  const { lost, falseSeal, doubleApply, stuck } = findings;
  const failed = lost.length + falseSeal.length + doubleApply.length + stuck.length;
  const table = [...counts].sort(([a], [b]) => a.localeCompare(b));
  return {
    passed: failed === 0 && accepted > 0,
    lines: [
      ...Object.entries(findings).flatMap(([kind, found]) =>
        (found as readonly string[]).slice(0, SHOWN).map((what) => `${kind}: ${what}`),
      ),
      ...table.map(([fault, times]) => `${String(times).padStart(5)}  ${fault}`),
      `accepted ${accepted}, refused ${refused}, never heard of ${edits - accepted - refused}; deleted with the browser’s storage, and told: ${gone}`,
      `runs ${rounds}, kills ${kills}, edits ${edits}, lost ${lost.length}, false-seal ${falseSeal.length}, double-apply ${doubleApply.length}, stuck ${stuck.length}`,
      `${Math.max(0, edits - failed)} passed, ${failed} failed`,
    ],
  };
}

async function run(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      app: { type: 'string', multiple: true, default: [] },
      keep: { type: 'string' },
    },
  });
  const [kills, seed] = [Number(values.kills), Number(values.seed)];
  if (!Number.isSafeInteger(kills) || !Number.isSafeInteger(seed) || kills < 0) {
    throw new Error('--kills and --seed are whole numbers');
  }
  const builds = await mkdtemp(join(tmpdir(), 'weir-builds-'));
  try {
    const apps =
      values.app.length > 0 ? values.app.map((dir) => resolve(dir)) : await buildVersions(builds);
    const keep = values.keep === undefined ? {} : { keep: resolve(values.keep) };
    const report = await playBrowserFaults({ kills, seed, apps, ...keep }, (line) =>
      console.log(line),
    );
    const { lines, passed } = reportLines(report);
    for (const line of lines) console.log(line);
    return passed;
  } finally {
    await rm(builds, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await command(run);
