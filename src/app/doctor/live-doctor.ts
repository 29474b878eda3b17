import { readDiagnostics } from '../../persist/diagnostics.ts';
import type { WeirDatabase } from '../../persist/database.ts';
import { askVersion } from '../../bridge/ask-version.ts';
import { APP_VERSION } from '../../shared/app-version.ts';
import type { ReportedNode, ReportedStorage, ReportedWorkers } from '../../shared/doctor-report.ts';
import { fieldsOf, type Fields } from '../../shared/fields.ts';
import type { DoctorApi, DoctorFacts } from './doctor-api.ts';

/** A node on this machine answers at once. */
const ANSWERS_WITHIN_MS = 3_000;

export interface LiveDoctorDeps {
  /** Undefined while it is not open. */
  readonly db: () => WeirDatabase | undefined;
  /** The sentence that says why the database is of no use, when it is not. */
  readonly failure: () => string | undefined;
  readonly retry: () => void;
}

/** Looks at the browser, the database and the node as they are. */
export class LiveDoctor implements DoctorApi {
  readonly #deps: LiveDoctorDeps;

  constructor(deps: LiveDoctorDeps) {
    this.#deps = deps;
  }

  async look(): Promise<DoctorFacts> {
    const [database, workers, storage, node] = await Promise.all([
      this.#database(),
      workersNow(),
      storageNow(),
      nodeNow(),
    ]);
    return {
      at: Date.now(),
      app: APP_VERSION,
      browser: navigator.userAgent,
      database,
      workers,
      storage,
      node,
    };
  }

  retry(): void {
    this.#deps.retry();
  }

  async keep(): Promise<boolean> {
    try {
      return await navigator.storage.persist();
    } catch {
      return false; // not asked for in this browser or mode
    }
  }

  async #database(): Promise<DoctorFacts['database']> {
    const db = this.#deps.db();
    const failure = this.#deps.failure();
    if (!db) return { type: 'shut', reason: failure ?? 'it has not been opened yet.' };
    try {
      return { type: 'open', rows: await readDiagnostics(db) };
    } catch (error) {
      return { type: 'shut', reason: failure ?? String(error) };
    }
  }
}

async function workersNow(): Promise<ReportedWorkers> {
  const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer };
  if (!serviceWorker) return { isSupported: false, controls: false, known: [] };
  const registration = await serviceWorker.getRegistration().catch(() => undefined);
  const workers = [registration?.active, registration?.waiting, registration?.installing];
  const known = await Promise.all(
    workers
      .filter((worker): worker is ServiceWorker => worker instanceof ServiceWorker)
      .map(async (worker) => {
        const version = await askVersion(worker, ANSWERS_WITHIN_MS);
        return { state: worker.state, ...(version !== undefined && { version }) };
      }),
  );
  return { isSupported: true, controls: serviceWorker.controller !== null, known };
}

async function storageNow(): Promise<ReportedStorage> {
  try {
    const [isPersisted, { usage, quota }] = await Promise.all([
      navigator.storage.persisted(),
      navigator.storage.estimate(),
    ]);
    return {
      isPersisted,
      ...(usage !== undefined && { usage }),
      ...(quota !== undefined && { quota }),
    };
  } catch {
    return {}; // not told in this browser or mode
  }
}

async function nodeNow(): Promise<ReportedNode> {
  const [version, config, metrics] = await Promise.all(
    ['/v1/version', '/weir/config.json', '/weir/metrics'].map(askHost),
  );
  if (!version && !config) return { isReachable: false };
  const connections = fieldsOf(metrics?.['connections'])['open'];
  const [hosted, told, startedAt, stores] = [
    config?.['hosted'],
    version?.['version'],
    metrics?.['startedAt'],
    metrics?.['storeRequests'],
  ];
  return {
    isReachable: true,
    ...(typeof told === 'string' && { version: told }),
    ...(typeof hosted === 'boolean' && { isHosted: hosted }),
    ...(typeof startedAt === 'string' && { startedAt }),
    ...(typeof connections === 'number' && { connections }),
    ...(typeof stores === 'number' && { storeRequests: stores }),
  };
}

/** Undefined when it does not answer with an object. */
async function askHost(path: string): Promise<Fields | undefined> {
  try {
    const signal = AbortSignal.timeout(ANSWERS_WITHIN_MS);
    const response = await fetch(path, { cache: 'no-store', signal });
    return response.ok ? fieldsOf(await response.json()) : undefined;
  } catch {
    return undefined;
  }
}
