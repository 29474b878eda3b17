import { blake3 } from '@noble/hashes/blake3.js';
import type { Brand } from '../shared/brand.ts';
import { concatBytes, toHex, utf8 } from '../shared/bytes.ts';

/**
 * Who somebody is on a node of several people: BLAKE3("freenet-user-id" ‖ token) in hex, 64 digits. It does not lead back to the
 * token. Source: freenet-core: crates/core/src/wasm_runtime/secrets_store (0.2.129).
 */
export type UserId = Brand<string, 'UserId'>;

/** @param token any text but the empty one */
export const userIdOf = (token: string): UserId =>
  toHex(blake3(concatBytes([utf8('freenet-user-id'), utf8(token)]))) as UserId;
