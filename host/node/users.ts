import type { UserId } from '../../src/freenet/user-id.ts';

/**
 * For whom a connection acts.
 *
 * On a hosted node whoever connects with a token of their own has secrets that nobody else's connection reaches. Nobody is
 * registered: the token is the key. Source: freenet-core: crates/core/src/client_events/websocket.rs (0.2.129).
 */
export interface Caller {
  /** The id of the web-app contract that the node attests, 32 bytes. */
  readonly webApp?: Uint8Array;
  /** Whose secrets are used; without one, those that all connections without a token share. */
  readonly user?: UserId;
}
