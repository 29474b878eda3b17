import { Bytes, Writer } from './bytes.ts';

/*
 * How a value lies under a storage key: 01, the generation as u64 little-endian, the value. The generation counts the
 * writes since the key was created. Anything else is an older value without one: generation 0.
 *
 * Format: river: delegates/chat-delegate/src/versioning.rs.
 */

const TAG: u8 = 1;
const HEADER: u32 = 9;

function isEnvelope(stored: Bytes): bool {
  return stored.length >= HEADER && stored.at(0) == TAG;
}

/** @param stored null when absent, which is generation 0 */
export function generationOf(stored: Bytes | null): u64 {
  return stored && isEnvelope(stored) ? load<u64>(stored.pointer + 1) : 0;
}

/** The value as the client stored it. */
export function valueOf(stored: Bytes): Bytes {
  return isEnvelope(stored) ? stored.from(HEADER) : stored;
}

/** The generation of the next write. */
export function generationAfter(generation: u64): u64 {
  return generation == u64.MAX_VALUE ? generation : generation + 1;
}

export function sealEnvelope(generation: u64, value: Bytes): Bytes {
  const envelope = new Writer(HEADER + value.length);
  envelope.u8(TAG);
  envelope.u64(generation);
  envelope.raw(value);
  return envelope.finish();
}
