import { Session } from 'node:inspector';
import { PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HeapProfiler } from 'node:inspector';
import type { Operation } from './operation.ts';

/** What one call allocates, whether it is collected at once or kept. */
export interface Allocated {
  /** Bytes of JavaScript objects, by sampling: right to a few percent. */
  readonly heapBytes: number;
  /** Bytes of array buffers over 64 bytes, which lie outside of the heap. */
  readonly bufferBytes: number;
  /** A collection came in between: there may have been more buffers. */
  readonly atLeast: boolean;
}

const SAMPLING_INTERVAL = 4096;
/** Small calls are repeated until they add up to something to sample. */
const CALLS = 8;

function post<T>(session: Session, method: string, params?: object): Promise<T> {
  return new Promise((resolve, reject) => {
    session.post(method, params, (error, result) => {
      if (error) reject(error);
      else resolve(result as T);
    });
  });
}

const sizeOf = (node: HeapProfiler.SamplingHeapProfileNode): number =>
  node.children.reduce((sum, child) => sum + sizeOf(child), node.selfSize);

/** Bytes of objects, with those that are collected meanwhile. */
async function heapBytes(session: Session, run: () => Promise<void>): Promise<number> {
  await post(session, 'HeapProfiler.startSampling', {
    samplingInterval: SAMPLING_INTERVAL,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  await run();
  const { profile } = await post<HeapProfiler.StopSamplingReturnType>(
    session,
    'HeapProfiler.stopSampling',
  );
  return sizeOf(profile.head);
}

/** Bytes of buffers, as long as nothing is collected: start Node with a young generation large enough for that. */
async function bufferBytes(
  run: () => Promise<void>,
): Promise<{ readonly bytes: number; readonly collected: boolean }> {
  let collections = 0;
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().length;
  });
  observer.observe({ entryTypes: ['gc'] });
  const before = process.memoryUsage().arrayBuffers;
  await run();
  const bytes = process.memoryUsage().arrayBuffers - before;
  await nextTurn(); // observers are told in a later turn
  observer.disconnect();
  return { bytes: Math.max(0, bytes), collected: collections > 0 };
}

/** @param collect a full garbage collection */
export async function allocated(
  { prepare, single }: Operation,
  collect: () => void,
): Promise<Allocated> {
  const session = new Session();
  session.connect();
  try {
    await prepare()(); // what is made once and kept is not the call's
    const calls = single ? 1 : CALLS;
    const ready = Array.from({ length: calls }, () => prepare());
    collect();
    const heap = await heapBytes(session, async () => {
      for (const call of ready) await call();
    });
    const one = prepare();
    collect();
    const buffers = await bufferBytes(async () => void (await one()));
    return {
      heapBytes: Math.round(heap / calls),
      bufferBytes: buffers.bytes,
      atLeast: buffers.collected,
    };
  } finally {
    session.disconnect();
  }
}
