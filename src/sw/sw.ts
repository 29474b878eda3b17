/// <reference lib="webworker" />
import { clientsClaim } from 'workbox-core';
import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  precacheAndRoute,
} from 'workbox-precaching';
import type { PrecacheEntry } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { decodeToWorker, type NudgeReason, type ToWindow } from '../bridge/messages.ts';
import { DRAIN_TAG } from '../bridge/tags.ts';
import type { RoomKey } from '../shared/brand.ts';
import { APP_VERSION } from '../shared/app-version.ts';
import { browserEngine } from '../sync/browser-engine.ts';

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: PrecacheEntry[] };

/** Chromium's one-off sync: not in TypeScript's library. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
clientsClaim();

// Every navigation opens the app, with or without a network; what speaks to the node is never answered from a cache.
registerRoute(
  new NavigationRoute(createHandlerBoundToURL('/index.html'), {
    denylist: [/^\/weir\//, /^\/v\d+\//],
  }),
);

const engine = browserEngine(self.location.origin);

/** The event stays open until the drain ends, so that the browser does not stop the worker in the middle. */
const nudge = (event: ExtendableEvent, reason: NudgeReason): void =>
  event.waitUntil(engine.nudge(reason));

self.addEventListener('message', (event) => {
  const message = decodeToWorker(event.data);
  if (message?.type === 'nudge') nudge(event, message.reason);
  else if (message?.type === 'skip-waiting') event.waitUntil(self.skipWaiting());
  else if (message?.type === 'version') event.ports[0]?.postMessage(APP_VERSION);
});

self.addEventListener('sync', (event) => {
  const { tag } = event as SyncEvent;
  if (tag === DRAIN_TAG) nudge(event as SyncEvent, 'sync-event');
});

/** The window that is there shows the room; without one, Weir is opened at it. */
async function openRoom(room: RoomKey): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window' });
  const [window] = windows.toSorted((a, b) => Number(b.focused) - Number(a.focused));
  if (!window) {
    await self.clients.openWindow(`/room/${room}`);
    return;
  }
  await window.focus();
  window.postMessage({ type: 'open-room', room } satisfies ToWindow);
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { room } = event.notification.data as { readonly room?: unknown };
  if (typeof room === 'string') event.waitUntil(openRoom(room as RoomKey));
});
