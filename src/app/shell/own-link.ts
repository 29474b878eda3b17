import { invitationIn, parseRoute, type Route } from '../state/router.ts';
import { isPlainClick } from '../state/plain-click.ts';

/** Where a link leads that opens here: an invitation's code, or a place in the app. */
export type OwnLink =
  | { readonly type: 'invitation'; readonly code: string }
  | Extract<Route, { readonly type: 'room' | 'dms' | 'doctor' }>;

/** The link of this app that a click is on; undefined where the browser is to do with the click what it does. */
export function ownLink(event: MouseEvent): OwnLink | undefined {
  if (event.defaultPrevented || !isPlainClick(event)) return undefined;
  const link = event.composedPath().find((each) => each instanceof HTMLAnchorElement);
  if (!link || link.origin !== location.origin) return undefined;
  const code = invitationIn(link.search);
  if (code !== undefined) return { type: 'invitation', code };
  const route = parseRoute(link.pathname);
  const isOwn = route.type === 'room' || route.type === 'dms' || route.type === 'doctor';
  return isOwn ? route : undefined;
}
