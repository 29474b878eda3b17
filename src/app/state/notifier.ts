import { IN_SIGHT_LOCK } from '../../bridge/tags.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { messageId, type MessageId } from '../../river/ids.ts';
import type { NotificationMode } from '../../river/rooms-meta.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { notificationOf, type RoomNotification } from './notification-of.ts';

export interface NotifierDeps {
  readonly modeOf: (room: RoomKey) => NotificationMode;
  /** Whether some window that has the focus shows this room. */
  readonly isInSight: (room: RoomKey) => Promise<boolean>;
  /** Whether anything may be shown at all. */
  readonly isAllowed: () => boolean;
  /** Member ids of those of whom nothing is told. */
  readonly mutedIn: (room: RoomKey) => Promise<ReadonlySet<string>>;
  readonly show: (room: RoomKey, notification: RoomNotification) => Promise<void>;
}

/**
 * Tells the person of what comes into rooms that they don't see, in the tab that listens to all of them. What a room had when it was
 * first read in this tab's time is no news.
 */
export class Notifier {
  readonly #deps: NotifierDeps;
  /** What was there already, by room. */
  readonly #known = new Map<RoomKey, ReadonlySet<MessageId>>();

  constructor(deps: NotifierDeps) {
    this.#deps = deps;
  }

  /**
   * @param how `read`: it was read whole from its contract; `changed`: something that was not here has come into it
   * @returns resolves when it has been told, or was nothing to tell
   */
  async heard(loaded: LoadedRoom, how: 'read' | 'changed'): Promise<void> {
    const { room } = loaded;
    const known = this.#known.get(room);
    if (!known && how === 'changed') return; // it is being read for the first time
    this.#known.set(room, new Set(loaded.state.recentMessages.map(messageId)));
    const { modeOf, isAllowed, isInSight, mutedIn, show } = this.#deps;
    if (!known || !isAllowed()) return;
    const heard = { ...loaded, state: { ...loaded.state } }; // it may move on meanwhile
    const muted = await mutedIn(room);
    const silent = new Set(
      heard.state.recentMessages
        .filter(({ message }) => muted.has(String(message.author)))
        .map(messageId),
    );
    const isNews = (id: MessageId): boolean => !known.has(id) && !silent.has(id);
    const notification = notificationOf(heard, isNews, modeOf(room));
    if (notification && !(await isInSight(room))) await show(room, notification);
  }
}

/** Shown by the worker's registration, so that a click on it can open Weir when no tab is left. */
export async function showNotification(
  room: RoomKey,
  { title, body }: RoomNotification,
): Promise<void> {
  const registration = await navigator.serviceWorker.ready;
  await registration.showNotification(title, {
    body,
    tag: room,
    icon: '/icons/weir-192.png',
    data: { room },
  });
}

/** Asks all windows of the origin: one that has the focus holds the lock of the room that it shows. */
export async function isInSight(room: RoomKey): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === `${IN_SIGHT_LOCK}${room}`);
}
