import { Workbox } from 'workbox-window';
import type { NudgeReason } from '../../bridge/messages.ts';
import { DRAIN_TAG } from '../../bridge/tags.ts';
import { part } from './part.ts';

/** Whoever drains for this page: the service worker, or the page itself where none can run. */
export interface Drainer {
  readonly pageDrains: boolean;
  nudge(reason: NudgeReason): void;
}

interface SyncManager {
  register(tag: string): Promise<void>;
}

/**
 * Registers the worker and hands nudges to it. Where a worker can't run (no support, private mode, registration refused) the
 * page drains under the same lock, with the same engine.
 */
export async function startDrainer(): Promise<Drainer> {
  const registration = await register();
  if (registration) return workerDrainer(registration);
  const { browserEngine } = await part(() => import('../../sync/browser-engine.ts'));
  const engine = browserEngine(location.origin);
  return { pageDrains: true, nudge: (reason) => void engine.nudge(reason) };
}

async function register(): Promise<ServiceWorkerRegistration | undefined> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return undefined;
  try {
    const workbox = new Workbox(workerUrl(), { scope: '/', type: 'module' });
    const registration = await workbox.register({ immediate: true });
    return registration && (await activated(registration));
  } catch {
    return undefined; // refused by the browser: the page drains, and says so
  }
}

/** Undefined when the first worker can't be installed (a file of it is missing, storage is full): none ever becomes ready then. */
function activated(
  registration: ServiceWorkerRegistration,
): Promise<ServiceWorkerRegistration | undefined> {
  const { active, waiting, installing } = registration;
  const first = active ?? waiting ?? installing;
  return new Promise((resolve) => {
    void navigator.serviceWorker.ready.then(resolve);
    const look = (): void => {
      if (!registration.active && first?.state !== 'activated' && isOver(first)) resolve(undefined);
    };
    first?.addEventListener('statechange', look);
    look();
  });
}

const isOver = (worker: ServiceWorker | null): boolean =>
  worker === null || worker.state === 'redundant';

/** Trusted Types are enforced: a worker's URL must come from a policy, and this one lets only ours through. */
function workerUrl(): string {
  const url = '/sw.js';
  const factory = (window as { trustedTypes?: TrustedTypesLike }).trustedTypes;
  return factory
    ? (factory
        .createPolicy('weir-sw', { createScriptURL: () => url })
        .createScriptURL(url) as unknown as string)
    : url;
}

interface TrustedTypesLike {
  createPolicy(
    name: string,
    rules: { createScriptURL(input: string): string },
  ): { createScriptURL(input: string): object };
}

function workerDrainer(registration: ServiceWorkerRegistration): Drainer {
  return {
    pageDrains: false,
    nudge(reason) {
      registration.active?.postMessage({ type: 'nudge', reason });
      if (reason === 'edit') {
        const sync = (registration as { sync?: SyncManager }).sync;
        sync?.register(DRAIN_TAG).catch(() => {}); // not permitted here: the other triggers remain
      }
    },
  };
}
