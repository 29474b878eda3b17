import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { decodeToWindow } from '../../bridge/messages.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { InSight } from '../state/in-sight.ts';
import { onShortcuts, type Shortcuts } from './shortcuts.ts';
import { markWindow } from './window-mark.ts';

interface Wishes extends Shortcuts {
  /** A notification of the room was clicked. */
  openRoom(room: RoomKey): void;
}

/** What ties the app to its window, the browser around it and the other windows: title, badge, notifications, keys. */
export class WindowTies implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #wishes: Wishes;
  readonly #inSight = new InSight();
  #stopKeys = (): void => {};

  constructor(host: ReactiveControllerHost, wishes: Wishes) {
    this.#host = host;
    this.#wishes = wishes;
    host.addController(this);
  }

  hostConnected(): void {
    this.#stopKeys = onShortcuts(this.#wishes);
    document.addEventListener('visibilitychange', this.#onVisibility);
    navigator.serviceWorker?.addEventListener('message', this.#onMessage);
  }

  hostDisconnected(): void {
    this.#stopKeys();
    document.removeEventListener('visibilitychange', this.#onVisibility);
    navigator.serviceWorker?.removeEventListener('message', this.#onMessage);
    this.#inSight.show(undefined);
  }

  /**
   * @param room the one that is on screen
   * @param unread messages and direct messages, of all rooms
   */
  show(room: { readonly room: RoomKey; readonly name: string } | undefined, unread: number): void {
    this.#inSight.show(room?.room);
    markWindow(room?.name, unread);
  }

  readonly #onVisibility = (): void => this.#host.requestUpdate();

  readonly #onMessage = ({ data }: MessageEvent): void => {
    const message = decodeToWindow(data);
    if (message) this.#wishes.openRoom(message.room);
  };
}
