import type { ToWorker } from './messages.ts';

/** Asks a worker which version of the app it is of. Undefined when it does not say so in time: an older one does not know the question. */
export async function askVersion(worker: ServiceWorker, ms: number): Promise<string | undefined> {
  const { port1, port2 } = new MessageChannel();
  const message: ToWorker = { type: 'version' };
  try {
    return await new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), ms);
      port1.addEventListener('message', ({ data }) => {
        clearTimeout(timer);
        resolve(typeof data === 'string' ? data : undefined);
      });
      port1.start();
      worker.postMessage(message, [port2]);
    });
  } finally {
    port1.close();
  }
}
