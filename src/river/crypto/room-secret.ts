import { blake3 } from '@noble/hashes/blake3.js';
import { concatBytes, utf8 } from '../../shared/bytes.ts';
import type { SigningKey, VerifyingKey } from '../keys.ts';

const CONTEXT = utf8('river-rotate v1 2026-04 room-secret-root');

/**
 * The secret of a rotated version: BLAKE3 keyed over owner key ‖ version (u32 LE), the key derived from the owner's seed. Version 0 of
 * a room is random instead, so it can't be derived.
 *
 * Source: river: common/src/key_derivation.rs.
 */
export function deriveRoomSecret(
  ownerSeed: SigningKey,
  owner: VerifyingKey,
  version: number,
): Uint8Array {
  const root = blake3(ownerSeed, { context: CONTEXT });
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, version, true);
  return blake3(concatBytes([owner, number]), { key: root });
}
