import { Bytes } from './bytes.ts';

/** The id of a member: a hash of the verifying key's 32 bytes. Format: river: common/src/util.rs (fast_hash). */
export function memberId(verifyingKey: Bytes): i64 {
  let hash: i64 = 0;
  for (let i: u32 = 0; i < verifyingKey.length; i++) hash = hash * 31 + verifyingKey.at(i);
  return hash;
}
