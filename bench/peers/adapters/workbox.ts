/** workbox-background-sync: a queue of requests in a service worker, and no rooms. Each edit is a POST of its own. */
import { mount } from '../mount.ts';

/** Asks the worker, and waits for its answer. */
async function ask(what: string): Promise<unknown> {
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => {
    port1.addEventListener('message', ({ data }: MessageEvent) => resolve(data));
    port1.start();
  });
  active?.postMessage(what, [port2]);
  return answer;
}

mount({
  async open() {
    await navigator.serviceWorker.register('./workbox-worker.js', { type: 'module' });
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise((resolve) =>
      navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
    );
  },
  seed: async () => undefined, // what it keeps are requests that wait, not rooms
  async edit(messages, stored) {
    await Promise.all(
      messages.map(async ({ id, text }) => {
        const { status } = await fetch('/edits', { method: 'POST', body: text });
        if (status !== 202) throw new Error(`${id}: ${status}`);
        stored(id);
      }),
    );
  },
  newest: async () => undefined,
  ids: async () => (await ask('ids')) as string[],
  deliver: async () => void (await ask('replay')),
});
