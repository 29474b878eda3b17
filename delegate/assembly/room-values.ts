import { CborReader } from './cbor-reader.ts';
import { readVariantStruct } from './struct-reader.ts';

/* Values that stand in many places of a room's state. Format: river: common/src/room_state/. */

/** 64 bytes */
export function readSignature(from: CborReader): void {
  from.fixedBytes(64);
}

/** Rust's SystemTime after 1970: no other fields, and no more seconds than fit. */
export function readTime(from: CborReader): void {
  let left = from.map();
  let seen: u32 = 0;
  let seconds: u64 = 0;
  let nanoseconds: u64 = 0;
  while (from.hasMore(left)) {
    const name = from.name();
    let bit: u32 = 0;
    if (name.equalsText('secs_since_epoch')) {
      bit = 1;
      seconds = from.unsigned(u64.MAX_VALUE);
    } else if (name.equalsText('nanos_since_epoch')) {
      bit = 2;
      nanoseconds = from.unsigned(u32.MAX_VALUE);
    } else {
      from.fail();
    }
    if (seen & bit) from.fail();
    seen |= bit;
    if (left > 0) left -= 1;
  }
  const carried = nanoseconds / 1_000_000_000;
  if (seen != 3 || seconds > u64.MAX_VALUE - carried) from.fail();
  from.leave();
}

/** A text that is public, or sealed with the room's secret. */
export function readSealed(from: CborReader): void {
  const name = from.variant();
  if (name.equalsText('Public')) {
    readVariantStruct<CborReader>(from, ['value'], (item) => {
      item.bytes();
    });
  } else if (name.equalsText('Private')) {
    readVariantStruct<CborReader>(
      from,
      ['ciphertext', 'nonce', 'secret_version', 'declared_len_bytes'],
      (item, field) => {
        if (field == 0) item.bytes();
        else if (field == 1) item.fixedBytes(12);
        else item.unsigned(u32.MAX_VALUE);
      },
    );
  } else {
    from.fail();
  }
  from.leave();
}
