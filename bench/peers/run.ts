// Weir beside peers, in turn, in one run: see docs/benchmarks.md, "Peers".
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BenchBrowser } from './browser.ts';
import { bundlePages, ensurePackages } from './bundle.ts';
import { burst } from './burst.ts';
import { coldOpen } from './cold-open.ts';
import { BURST, COLD_OPEN, RELOAD_STORM } from './columns.ts';
import { peersOptions } from './options.ts';
import { PageServer } from './page-server.ts';
import { PageSubject } from './page-subject.ts';
import { PEERS } from './peers.ts';
import { reloadStorm } from './reload-storm.ts';
import type { Subject, Workload } from './subject.ts';
import { tableOf, type Column, type Rounds } from './tables.ts';
import { WeirSubject } from './weir-subject.ts';
import { FULL, TINY, type Figures, type Scale } from './workload.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const progress = (line: string): void => void process.stderr.write(`${line}\n`);

/** One workload at one size. */
interface Task {
  readonly workload: Workload;
  readonly name: string;
  readonly about: string;
  readonly columns: readonly Column[];
  readonly rooms: number;
  readonly run: (subject: Subject) => Promise<Figures>;
}

function tasksOf(scale: Scale, chosen: readonly string[]): readonly Task[] {
  const { rooms, perRoom, edits, stormEdits, tabs, reloadsAfter, cold } = scale;
  const all: readonly Task[] = [
    {
      workload: 'burst',
      name: 'W1 burst',
      about: `${edits} edits in one task over ${rooms} rooms of ${perRoom} messages`,
      columns: BURST,
      rooms,
      run: (subject) => burst(subject, scale),
    },
    ...cold.map((count): Task => ({
      workload: 'cold',
      name: `W2 cold open, ${count} rooms`,
      about: `browser started, a room of ${count} opened by its address until its newest message is painted`,
      columns: COLD_OPEN,
      rooms: count,
      run: (subject) => coldOpen(subject, count, scale),
    })),
    {
      workload: 'storm',
      name: 'W3 reload storm',
      about: `${tabs} tabs, ${stormEdits} edits at once, reloaded ${reloadsAfter.join(', ')} ms later`,
      columns: RELOAD_STORM,
      rooms,
      run: (subject) => reloadStorm(subject, scale),
    },
  ];
  return all.filter(({ workload }) => chosen.length === 0 || chosen.includes(workload));
}

const load = (): number => Number((loadavg()[0] ?? 0).toFixed(1));

async function surroundings(rounds: number) {
  const browser = await BenchBrowser.start();
  const chromium = await browser.version();
  await browser.close();
  return {
    chromium,
    node: process.version,
    cpu: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    load: load(),
    rounds,
  };
}

/** Measures everybody in turn, round after round: whatever slows the machine for a while slows all of them. */
async function measure(
  subjects: readonly Subject[],
  tasks: readonly Task[],
  rounds: number,
): Promise<{ readonly results: readonly Rounds[]; readonly failures: readonly string[] }> {
  const figures = new Map<string, Figures[]>();
  const failures: string[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const task of tasks) {
      for (const subject of subjects.filter((each) => each.workloads.has(task.workload))) {
        const of = `${task.name}: ${subject.name}`;
        const from = Date.now();
        try {
          const found = { load: load(), ...(await task.run(subject)) };
          figures.set(of, [...(figures.get(of) ?? []), found]);
          progress(`round ${round}, load ${load()}, ${of}: ${Date.now() - from} ms`);
        } catch (error) {
          failures.push(
            `round ${round}, ${of}: ${error instanceof Error ? error.message : String(error)}`,
          );
          progress(failures.at(-1) ?? '');
        }
      }
    }
  }
  const results = tasks.map(({ workload, name, about, columns }) => ({
    workload: name,
    about,
    columns,
    subjects: subjects
      .filter((each) => each.workloads.has(workload))
      .map(({ name: who, title }) => ({ title, rounds: figures.get(`${name}: ${who}`) ?? [] })),
  }));
  return { results, failures };
}

export async function runPeers(args: string[]): Promise<void> {
  const options = peersOptions(
    args,
    PEERS.map(({ name }) => name),
  );
  if (!existsSync(at('../../dist/index.html')))
    throw new Error('build the app first: npm run -s build');
  const scale = options.isTiny ? TINY : FULL;
  const chosen = PEERS.filter(
    ({ name }) => options.peers.length === 0 || options.peers.includes(name),
  );
  if (chosen.some(({ isPackage }) => isPackage)) ensurePackages(progress);
  progress('pages are built');
  const folder = await bundlePages(chosen.map(({ scripts }) => scripts));
  cpSync(at('../../delegate/build/chat-delegate.wasm'), join(folder, 'delegate.wasm'));
  const pages = await PageServer.start(folder);
  const subjects: readonly Subject[] = [
    new WeirSubject(),
    ...chosen.map((spec) => new PageSubject(spec, pages)),
  ];
  const tasks = tasksOf(scale, options.workloads);
  try {
    const where = await surroundings(options.rounds);
    for (const subject of subjects) {
      const own = tasks.filter(({ workload }) => subject.workloads.has(workload));
      for (const rooms of new Set(own.map((task) => task.rooms))) {
        progress(`${subject.name}: ${rooms} rooms are stored`);
        await subject.seed(rooms, scale.perRoom);
      }
    }
    const { results, failures } = await measure(subjects, tasks, options.rounds);
    const { chromium, node, cpu, memoryGb, rounds } = where;
    say(
      `${chromium}, Node ${node}; ${cpu}, ${memoryGb} GiB, load ${where.load} before and ${load()} after; ${rounds} rounds in turn: median (least–most), ÷ is to Weir\n`,
    );
    for (const result of results) say(`${tableOf(result)}\n`);
    for (const failure of failures) say(`failed: ${failure}`);
    if (options.json !== undefined) {
      const content = { where: { ...where, loadAfter: load() }, results, failures };
      writeFileSync(options.json, `${JSON.stringify(content, null, 2)}\n`);
    }
  } finally {
    for (const subject of subjects) await subject.close();
    await pages.close();
    await rm(folder, { recursive: true, force: true });
  }
}
