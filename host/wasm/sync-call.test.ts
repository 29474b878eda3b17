import { MessageChannel, Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { starterOf } from './guest-thread.ts';
import { answerCalls, newSignal } from './sync-call.ts';
import type { Doubler } from './testing/sync-callers.ts';

const STARTER = starterOf(new URL('./testing/sync-callers.ts', import.meta.url));

test('a thread gets the answer to what it asked, and is not misled by a notification that comes late', async () => {
  const { port1, port2 } = new MessageChannel();
  const signal = newSignal();
  const workerData = { calls: port2, signal, times: 300 };
  const options = { eval: true, execArgv: [], workerData, transferList: [port2] };
  const worker = new Worker(STARTER, options);
  onTestFinished(async () => {
    port1.close();
    await worker.terminate();
  });
  answerCalls<Doubler>(port1, signal, () => ({
    double(n) {
      if (n < 0) throw new RangeError('only from nothing up');
      // what belongs to the answer before: the thread waits already for this one
      Atomics.notify(signal, 0);
      const until = performance.now() + 0.1;
      while (performance.now() < until);
      return 2 * n;
    },
    lengthOf: (bytes) => bytes.length,
  }));
  const told = await new Promise((resolve, reject) => {
    worker.on('message', resolve);
    worker.on('error', reject);
  });
  expect(told).toEqual({
    wrong: [],
    // a long argument is given away
    lengths: [100_000, 0],
    thrown: 'RangeError: only from nothing up',
  });
});
