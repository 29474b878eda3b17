import type { RoomKey } from '../shared/brand.ts';

/**
 * Why a drain is asked for. The data never travels: whoever is nudged reads markers from IndexedDB.
 * `edit` and `timer` respect back-off; the others try at once.
 */
export type NudgeReason =
  | 'edit'
  | 'timer'
  | 'start'
  | 'retry'
  | 'online'
  | 'node-back'
  | 'sync-event';

/** Window to worker, by `postMessage` (which starts a stopped worker; a broadcast does not). */
export type ToWorker =
  | { readonly type: 'nudge'; readonly reason: NudgeReason }
  /** The person agreed to the new version: the waiting worker takes over. */
  | { readonly type: 'skip-waiting' }
  /** Answered with the app's version, on the port that comes with it. */
  | { readonly type: 'version' };

/** Worker to one window, by `postMessage`. */
export interface ToWindow {
  /** A notification of this room was clicked. */
  readonly type: 'open-room';
  readonly room: RoomKey;
}

/** Anyone to every window of the origin, on the channel `CHANNEL`. Losing one costs time, never data. */
export type Broadcast =
  | { readonly type: 'rooms-changed'; readonly rooms: readonly RoomKey[] }
  /** Markers, receipts or failures of a path have changed. */
  | { readonly type: 'sync-changed' }
  /** A drain is talking to the node, or has stopped. */
  | { readonly type: 'syncing'; readonly active: boolean }
  /** A load from the node has ended; `error` is a sentence for people. */
  | { readonly type: 'loaded'; readonly error?: string };

export const CHANNEL = 'weir';

const REASONS: ReadonlySet<string> = new Set<NudgeReason>([
  'edit',
  'timer',
  'start',
  'retry',
  'online',
  'node-back',
  'sync-event',
]);

/** Undefined for anything that is not a message of this version: another version's tab may be talking. */
export function decodeToWorker(data: unknown): ToWorker | undefined {
  if (!isRecord(data)) return undefined;
  if (data['type'] === 'skip-waiting') return { type: 'skip-waiting' };
  if (data['type'] === 'version') return { type: 'version' };
  if (data['type'] === 'nudge' && REASONS.has(String(data['reason']))) {
    return { type: 'nudge', reason: data['reason'] as NudgeReason };
  }
  return undefined;
}

/** Undefined for anything that is not a message of this version to a window. */
export function decodeToWindow(data: unknown): ToWindow | undefined {
  if (!isRecord(data) || data['type'] !== 'open-room') return undefined;
  const { room } = data;
  return typeof room === 'string' ? { type: 'open-room', room: room as RoomKey } : undefined;
}

/** Undefined for anything that is not a broadcast of this version. */
export function decodeBroadcast(data: unknown): Broadcast | undefined {
  if (!isRecord(data)) return undefined;
  switch (data['type']) {
    case 'rooms-changed': {
      const rooms = data['rooms'];
      if (!Array.isArray(rooms) || !rooms.every((room) => typeof room === 'string'))
        return undefined;
      return { type: 'rooms-changed', rooms: rooms as RoomKey[] };
    }
    case 'sync-changed':
      return { type: 'sync-changed' };
    case 'syncing':
      return typeof data['active'] === 'boolean'
        ? { type: 'syncing', active: data['active'] }
        : undefined;
    case 'loaded':
      return typeof data['error'] === 'string'
        ? { type: 'loaded', error: data['error'] }
        : { type: 'loaded' };
    default:
      return undefined;
  }
}

const isRecord = (data: unknown): data is Record<string, unknown> =>
  typeof data === 'object' && data !== null;
