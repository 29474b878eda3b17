/** What is run inside of the app's pages: functions that are sent there as they are, so they use nothing of this module. */
import type { EditKind } from './ledger.ts';

export interface AskedEdit {
  readonly kind: EditKind;
  readonly room: string;
  readonly text: string;
}

export type Told =
  | { readonly ok: true; readonly value: { readonly key: string; readonly seq: number } }
  | { readonly ok: false; readonly error: { readonly type: string; readonly reason?: string } };

interface App extends Element {
  readonly failure?: string;
  readonly weir?: {
    readonly rooms: {
      readonly list: { readonly current?: readonly { readonly room: string }[] };
      readonly phase: { readonly current?: { readonly type: string } };
      sendMessage(room: string, text: string): Promise<Told>;
      rename(room: string, name: string): Promise<Told>;
    };
    readonly people: {
      createRoom(room: { name: string; nickname: string; isPrivate: boolean }): Promise<Told>;
    };
    readonly sync: {
      retry(): void;
      readonly status: { readonly current?: { readonly type: string; readonly reason?: string } };
    };
  };
}

/** One edit through the app's own way, as a component makes it. */
export async function makeEdit({ kind, room, text }: AskedEdit): Promise<Told> {
  const weir = document.querySelector<App>('weir-app')?.weir;
  if (!weir) return { ok: false, error: { type: 'NoApp' } };
  if (kind === 'message') return weir.rooms.sendMessage(room, text);
  if (kind === 'name') return weir.rooms.rename(room, text);
  return weir.people.createRoom({ name: text, nickname: 'Ada', isPrivate: false });
}

export interface AppState {
  /** The sentence that is shown instead of everything. */
  readonly failure: string | undefined;
  readonly isUp: boolean;
  readonly phase: string | undefined;
  readonly rooms: readonly string[];
  readonly sync: string | undefined;
  /** What all of the page says. */
  readonly words: string;
}

export function readApp(): AppState {
  const app = document.querySelector<App>('weir-app');
  const weir = app?.weir;
  const wordsOf = (node: Node): string => {
    if (node instanceof HTMLStyleElement) return '';
    if (node instanceof Text) return node.data;
    const shadow = node instanceof Element ? node.shadowRoot : null;
    return [...(shadow ?? node).childNodes].map(wordsOf).join(' ');
  };
  const status = weir?.sync.status.current;
  return {
    failure: app?.failure,
    isUp: weir !== undefined,
    phase: weir?.rooms.phase.current?.type,
    rooms: (weir?.rooms.list.current ?? []).map(({ room }) => room),
    sync: status && `${status.type}${status.reason === undefined ? '' : `: ${status.reason}`}`,
    words: app ? wordsOf(app).replace(/\s+/g, ' ').trim() : '',
  };
}

export const retry = (): void => document.querySelector<App>('weir-app')?.weir?.sync.retry();

export interface Rows {
  readonly dirty: readonly {
    readonly path: string;
    readonly key: string;
    readonly seq: number;
    readonly level?: string;
    readonly failure?: { readonly sentence: string };
  }[];
  readonly receipts: readonly {
    readonly path: string;
    readonly key: string;
    readonly target: string;
    readonly coverage: number;
    readonly outcome: string;
  }[];
  readonly rooms: readonly {
    readonly room: string;
    readonly status: string;
    readonly listing: { readonly name: string };
  }[];
  /** Base64 of each, as River encodes it. */
  readonly messages: readonly { readonly room: string; readonly bytes: string }[];
  readonly verdicts: readonly {
    readonly version: string;
    readonly delegate: string;
    readonly verdict: string;
  }[];
  readonly lanes: readonly {
    readonly path: string;
    readonly failure?: { readonly sentence: string };
  }[];
}

/** Everything that the judge looks at, read with nothing of the app's. Undefined when there is no database. */
export async function readRows(): Promise<Rows | undefined> {
  const all = await indexedDB.databases(); // opening one that is not there would make it
  if (!all.some(({ name }) => name === 'weir')) return undefined;
  const done = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.addEventListener('success', () => resolve(request.result));
      request.addEventListener('error', () => reject(request.error ?? new Error('failed')));
    });
  const db = await done(indexedDB.open('weir'));
  const names = ['dirty', 'receipts', 'rooms', 'messages', 'generations', 'lanes'];
  const tx = db.transaction(names);
  const rows = <T>(name: string): Promise<T[]> =>
    done(tx.objectStore(name).getAll() as IDBRequest<T[]>);
  const [dirty, receipts, rooms, messages, keys, generations, lanes] = await Promise.all([
    rows<Rows['dirty'][number]>('dirty'),
    rows<Rows['receipts'][number]>('receipts'),
    rows<Rows['rooms'][number]>('rooms'),
    rows<{ bytes: Uint8Array }>('messages'),
    done(tx.objectStore('messages').getAllKeys()),
    rows<Rows['verdicts'][number]>('generations'),
    rows<Rows['lanes'][number]>('lanes'),
  ]);
  db.close();
  return {
    dirty: dirty.map(({ path, key, seq, level, failure }) => ({
      path,
      key,
      seq,
      ...(level !== undefined && { level }),
      ...(failure && { failure: { sentence: failure.sentence } }),
    })),
    receipts: receipts.map(({ path, key, target, coverage, outcome }) => ({
      path,
      key,
      target,
      coverage,
      outcome,
    })),
    rooms: rooms.map(({ room, status, listing }) => ({
      room,
      status,
      listing: { name: listing.name },
    })),
    messages: messages.map(({ bytes }, i) => ({
      room: (keys[i] as [string, unknown])[0],
      bytes: btoa(String.fromCharCode(...bytes)),
    })),
    verdicts: generations.map(({ version, delegate, verdict }) => ({ version, delegate, verdict })),
    lanes: lanes.map(({ path, failure }) => ({
      path,
      ...(failure && { failure: { sentence: failure.sentence } }),
    })),
  };
}

/** Puts this page's clock (or a worker's) off by so many milliseconds from the true one. */
export function shiftClock(ms: number): void {
  const scope = globalThis as unknown as { trueNow?: () => number };
  const trueNow = (scope.trueNow ??= Date.now.bind(Date));
  Date.now = () => trueNow() + ms;
}

/**
 * Opens the database at a higher version, as a newer app would, and gives up in the middle of the upgrade.
 *
 * @returns the version that was tried
 */
export async function tryUpgrade(): Promise<number> {
  const [weir] = (await indexedDB.databases()).filter(({ name }) => name === 'weir');
  const version = (weir?.version ?? 0) + 1;
  await new Promise<void>((resolve) => {
    const open = indexedDB.open('weir', version);
    open.addEventListener('upgradeneeded', () => open.transaction?.abort());
    open.addEventListener('error', () => resolve());
    open.addEventListener('success', () => {
      open.result.close();
      resolve();
    });
  });
  return version;
}

/** Brings the database to a higher version, as a newer app would. */
export async function upgradeForGood(): Promise<void> {
  const [weir] = (await indexedDB.databases()).filter(({ name }) => name === 'weir');
  await new Promise<void>((resolve, reject) => {
    const open = indexedDB.open('weir', (weir?.version ?? 0) + 1);
    open.addEventListener('error', () => reject(open.error ?? new Error('failed')));
    open.addEventListener('success', () => {
      open.result.close();
      resolve();
    });
  });
}

/** Makes the database as version 1 had it, and holds it open and deaf until `letGo`, as a frozen tab of an old app would. */
export async function holdVersion1(): Promise<void> {
  const stores: readonly (readonly [name: string, keyPath?: string | string[]])[] = [
    ['rooms', 'room'],
    ['parts', ['room', 'part']],
    ['messages'],
    ['dirty', ['path', 'key']],
    ['counters'],
    ['lanes', 'path'],
    ['receipts', ['path', 'key', 'iterId']],
    ['intents', ['path', 'key']],
    ['base', ['path', 'key']],
    ['delegate_keys', 'url'],
    ['quarantine', ['source', 'key']],
    ['settings'],
  ];
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const open = indexedDB.open('weir', 1);
    open.addEventListener('upgradeneeded', () => {
      for (const [name, keyPath] of stores) {
        open.result.createObjectStore(name, keyPath === undefined ? {} : { keyPath });
      }
    });
    open.addEventListener('error', () => reject(open.error ?? new Error('failed')));
    open.addEventListener('success', () => resolve(open.result));
  });
  (globalThis as unknown as { letGo?: () => void }).letGo = () => db.close();
}

export const letGo = (): void => (globalThis as unknown as { letGo?: () => void }).letGo?.();

/** The next version of the worker, if there is one, takes over at once, with old pages open. @returns whether there is one */
export async function takeNextWorker(): Promise<boolean> {
  const registration = await navigator.serviceWorker.getRegistration();
  void registration?.update().catch(() => undefined); // the host may be away
  const next = registration?.waiting ?? registration?.installing;
  next?.postMessage({ type: 'skip-waiting' });
  return next !== null && next !== undefined;
}
