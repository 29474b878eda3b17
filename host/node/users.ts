/**
 * The people of a hosted node: whoever connects with a token of their own has secrets that nobody else's connection reaches.
 *
 * Nobody is registered. The token is the key: who has it is that person. Source: freenet-core:
 * crates/core/src/wasm_runtime/secrets_store, client_events/websocket.rs (0.2.129).
 */
import { blake3 } from '@noble/hashes/blake3.js';
import type { Brand } from '../../src/shared/brand.ts';
import { concatBytes, toHex, utf8 } from '../../src/shared/bytes.ts';

/** BLAKE3("freenet-user-id" ‖ token) in hex: 64 digits. It does not lead back to the token. */
export type UserId = Brand<string, 'UserId'>;

/** @param token any text but the empty one */
export const userIdOf = (token: string): UserId =>
  toHex(blake3(concatBytes([utf8('freenet-user-id'), utf8(token)]))) as UserId;

/** For whom a connection acts. */
export interface Caller {
  /** The id of the web-app contract that the node attests, 32 bytes. */
  readonly webApp?: Uint8Array;
  /** Whose secrets are used; without one, those that all connections without a token share. */
  readonly user?: UserId;
}
