import type { LiveQuery } from '../../shared/live-query.ts';

/** What the browser lets Weir tell while the person looks elsewhere. */
export interface NotificationsApi {
  /** `unsupported`: this browser, or this way of opening it, has none. */
  readonly permission: LiveQuery<NotificationAccess>;
  /** Whether to offer them now: once, after the first message that was written here. */
  readonly offered: LiveQuery<boolean>;
  /** Has the browser ask. Only to be called for something that the person has done. */
  ask(): Promise<void>;
  /** The person wants no offer any more. */
  decline(): void;
}

export type NotificationAccess = 'granted' | 'denied' | 'default' | 'unsupported';
