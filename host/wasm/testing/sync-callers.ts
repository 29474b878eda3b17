// A thread that asks its parent to double numbers, one after the other, and says what it was told: for sync-call.test.ts.
import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { syncCaller } from '../sync-call.ts';

/** What the thread may ask. */
export interface Doubler {
  double(n: number): number;
  lengthOf(bytes: Uint8Array): number;
}

const { calls, signal, times } = workerData as {
  readonly calls: MessagePort;
  readonly signal: Int32Array;
  readonly times: number;
};
const ask = syncCaller<Doubler>(calls, signal);

const wrong: string[] = [];
for (let n = 0; n < times; n++) {
  const doubled = ask('double', n);
  if (doubled !== 2 * n) wrong.push(`${n}: ${doubled}`);
}
const long = new Uint8Array(100_000);
const lengths = [ask('lengthOf', long), long.length];
let thrown = '';
try {
  ask('double', -1);
} catch (error) {
  thrown = (error as Error).message;
}
parentPort?.postMessage({ wrong, lengths, thrown });
