import type { UserToken } from './user-token.ts';

/** The app's own way to the host's node: it answers to the app's origin alone, and no session token is needed. */
export const APP_NODE = '/weir/node';

/** A WebSocket subprotocol that begins so carries a user token. */
export const USER_PROTOCOL = 'weir-user.';
/** The one that the host takes up when it is offered. */
const PROTOCOL = 'weir';

export interface AppNodeAddress {
  readonly url: string;
  /** To be offered in the handshake. */
  readonly protocols: string[];
}

/**
 * Where a page or worker finds its node. A token is a key: it travels in a header of the handshake, because browsers write the
 * addresses of failed connections into their logs. (The node's public API takes it in the query, as every Freenet node's.)
 *
 * @param origin of the host, with scheme
 * @param userToken where the node is one of several people
 */
export const appNodeAddress = (
  origin: string,
  userToken: UserToken | undefined,
): AppNodeAddress => ({
  url: `${origin.replace(/^http/, 'ws')}${APP_NODE}`,
  protocols: userToken === undefined ? [] : [PROTOCOL, `${USER_PROTOCOL}${userToken}`],
});
