import { LiveValue } from '../../shared/live-query.ts';
import type { NotificationAccess, NotificationsApi } from './notifications-api.ts';

/** What of the browser is needed; undefined where it has no notifications. */
export interface BrowserNotifications {
  permission(): NotificationPermission;
  request(): Promise<NotificationPermission>;
  /** Called when the person has changed it in the browser's own settings. */
  onChange(listener: () => void): void;
}

/** Remembers, in this browser, that they were offered. */
export interface OfferMemory {
  wasOffered(): boolean;
  offered(): void;
}

/** The browser's permission as it is now, and the one offer to ask for it. */
export class LiveNotifications implements NotificationsApi {
  readonly permission = new LiveValue<NotificationAccess>();
  readonly offered = new LiveValue<boolean>();
  readonly #browser: BrowserNotifications | undefined;
  readonly #memory: OfferMemory;

  constructor(browser: BrowserNotifications | undefined, memory: OfferMemory) {
    this.#browser = browser;
    this.#memory = memory;
    this.offered.set(false);
    this.#read();
    browser?.onChange(() => this.#read());
  }

  async ask(): Promise<void> {
    this.decline();
    await this.#browser?.request();
    this.#read();
  }

  decline(): void {
    this.offered.set(false);
  }

  /** The first message is the moment at which one wants to hear of an answer. */
  messageSent(): void {
    if (this.permission.current !== 'default' || this.#memory.wasOffered()) return;
    this.#memory.offered();
    this.offered.set(true);
  }

  #read(): void {
    this.permission.set(this.#browser?.permission() ?? 'unsupported');
  }
}

const OFFERED = 'weir:notifications-offered';

let offeredHere = false;

export const localMemory: OfferMemory = {
  wasOffered() {
    try {
      return offeredHere || localStorage.getItem(OFFERED) !== null;
    } catch {
      return true; // nothing can be remembered here: better never than each time
    }
  },
  offered() {
    offeredHere = true;
    try {
      localStorage.setItem(OFFERED, 'yes');
    } catch {
      // full: remembered for as long as the page lives
    }
  },
};

/** @returns undefined where the browser, or this way of opening it, has none */
export function browserNotifications(): BrowserNotifications | undefined {
  if (!('Notification' in window) || !('serviceWorker' in navigator)) return undefined;
  return {
    permission: () => Notification.permission,
    request: () => Notification.requestPermission(),
    onChange(listener) {
      navigator.permissions.query({ name: 'notifications' }).then(
        (status) => status.addEventListener('change', listener),
        () => {}, // a browser that can't tell: it is read again when it was asked
      );
    },
  };
}
