/** The worker, as Workbox's documentation has it for requests that fail: `pushRequest` when `fetch` rejects, `replayRequests` later. */
import { Queue } from 'workbox-background-sync';
import { idOf } from '../../messages.ts';

declare const self: ServiceWorkerGlobalScope;

const queue = new Queue('edits');

self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  if (event.request.method !== 'POST') return;
  event.respondWith(send(event.request));
});

async function send(request: Request): Promise<Response> {
  try {
    return await fetch(request.clone());
  } catch {
    await queue.pushRequest({ request });
    return new Response(null, { status: 202 }); // the page is told that it is kept
  }
}

self.addEventListener('message', (event) => {
  const [port] = event.ports;
  if (event.data === 'ids') {
    event.waitUntil(
      queue
        .getAll()
        .then((entries) => Promise.all(entries.map(({ request }) => request.text())))
        .then((texts) => port?.postMessage(texts.map(idOf))),
    );
  } else {
    event.waitUntil(
      queue.replayRequests().then(
        () => port?.postMessage('sent'),
        (error: unknown) => port?.postMessage(String(error)),
      ),
    );
  }
});
