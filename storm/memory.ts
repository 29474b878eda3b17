/** What the browser's processes and their script heaps take, read so seldom and so cheaply that it does not show. */
import { readFileSync } from 'node:fs';
import type { Cdp } from './cdp.ts';
import { within } from './page.ts';
import type { Targets } from './targets.ts';

/** A worker that was stopped answers nothing for as long as it is not started. */
const ANSWERED_WITHIN_MS = 5_000;

/** One look at the browser. */
export interface MemorySample {
  /** Milliseconds since the storm began. */
  readonly at: number;
  /** Bytes that the renderer processes (tabs and workers) have for themselves; undefined where the system does not say. */
  readonly renderers: number | undefined;
  /** The same of the browser's other processes. */
  readonly others: number | undefined;
  /** Script heap in use, bytes, by target: `page 1`, `worker`. */
  readonly heaps: Readonly<Record<string, number>>;
}

interface ProcessInfo {
  readonly type: string;
  readonly id: number;
}

export async function sampleMemory(cdp: Cdp, targets: Targets, at: number): Promise<MemorySample> {
  const [{ processInfo }, heaps] = await Promise.all([
    cdp.send('SystemInfo.getProcessInfo'),
    heapsOf(cdp, targets),
  ]);
  const processes = processInfo as readonly ProcessInfo[];
  const sum = (isWanted: (each: ProcessInfo) => boolean): number | undefined => {
    const own = processes.filter(isWanted).map(({ id }) => ownBytes(id));
    return own.some((bytes) => bytes === undefined)
      ? undefined
      : own.reduce<number>((total, bytes) => total + (bytes ?? 0), 0);
  };
  return {
    at,
    renderers: sum(({ type }) => type === 'renderer'),
    others: sum(({ type }) => type !== 'renderer'),
    heaps,
  };
}

/** Throws away what nobody refers to, everywhere. */
export async function collectGarbage(cdp: Cdp, targets: Targets): Promise<void> {
  await Promise.allSettled(
    targets.all.map(({ sessionId }) =>
      within(ANSWERED_WITHIN_MS, cdp.send('HeapProfiler.collectGarbage', {}, sessionId)),
    ),
  );
}

async function heapsOf(cdp: Cdp, targets: Targets): Promise<Readonly<Record<string, number>>> {
  const heaps: Record<string, number> = {};
  let pages = 0;
  await Promise.allSettled(
    targets.all.map(async ({ kind, sessionId }) => {
      const name = kind === 'page' ? `tab ${++pages}` : kind.replace('_', ' ');
      const { usedSize } = await within(
        ANSWERED_WITHIN_MS,
        cdp.send('Runtime.getHeapUsage', {}, sessionId),
      );
      heaps[name] = (heaps[name] ?? 0) + (usedSize as number);
    }),
  );
  return heaps;
}

/** Anonymous memory: pages of files are the system's cache. Undefined where there is no /proc, 0 for a process that is gone. */
function ownBytes(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const [, kib] = /^RssAnon:\s+(\d+) kB$/m.exec(status) ?? [];
    return Number(kib ?? 0) * 1024;
  } catch {
    return 0;
  }
}
