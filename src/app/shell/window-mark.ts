import { text } from '../state/text.ts';

const ICON = '/icons/weir.svg';
const UNREAD_ICON = '/icons/weir-unread.svg';

/** Installed apps have a badge of their own; not in every browser. */
type Badged = Navigator & { readonly setAppBadge?: (count?: number) => Promise<void> };

/**
 * What the window says of itself from outside: the room that is open, and, while nobody looks at it, how much is unread. An installed
 * app's badge says it always.
 *
 * @param room the name of the room that is open
 * @param unread messages and direct messages, of all rooms
 */
export function markWindow(room: string | undefined, unread: number): void {
  const told = document.visibilityState === 'hidden' ? unread : 0;
  document.title = text.app.title(room, told);
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const href = told > 0 ? UNREAD_ICON : ICON;
  if (icon && icon.getAttribute('href') !== href) icon.setAttribute('href', href);
  if (unread === badge) return;
  badge = unread;
  (navigator as Badged).setAppBadge?.(unread).catch(() => {}); // a page that is not installed has none
}

/** What the app's badge says. */
let badge: number | undefined;
