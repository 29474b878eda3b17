/** Where a process spent its time, from the profiles that Node writes with `--cpu-prof`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What of V8's format is read: nodes of the call tree, and which of them each sample found on top, with the time since the last. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  /** Microseconds. */
  readonly timeDeltas: readonly number[];
}

export interface TimeSpent {
  /** `function file` */
  readonly where: string;
  readonly ms: number;
  /** Of the time the process was not idle. */
  readonly share: number;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const IDLE = '(idle)';

/** Own time by function over all profiles in a folder, the longest first. */
export function timeSpent(dir: string): readonly TimeSpent[] {
  const micros = new Map<string, number>();
  for (const file of readdirSync(dir).filter((name) => name.endsWith('.cpuprofile'))) {
    addTo(micros, JSON.parse(readFileSync(join(dir, file), 'utf8')) as CpuProfile);
  }
  micros.delete(IDLE);
  const total = [...micros.values()].reduce((sum, each) => sum + each, 0);
  return [...micros]
    .sort(([, a], [, b]) => b - a)
    .map(([where, each]) => ({ where, ms: each / 1000, share: each / total }));
}

function addTo(micros: Map<string, number>, { nodes, samples, timeDeltas }: CpuProfile): void {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url } }) => [
      id,
      url === '' ? functionName : `${functionName || '(anonymous)'} ${shortened(url)}`,
    ]),
  );
  for (const [i, id] of samples.entries()) {
    const name = names.get(id) ?? '?';
    micros.set(name, (micros.get(name) ?? 0) + (timeDeltas[i] ?? 0));
  }
}

const shortened = (url: string): string =>
  url
    .replace(/^file:\/\//, '')
    .replace(ROOT, '')
    .replace(/^node_modules\//, '');
