/**
 * The name of a delegate message without decoding it: only its first bytes are read, whatever its size.
 *
 * River's messages are one CBOR value each, an externally tagged enum: a text (a variant without fields) or a map of one
 * entry whose key is the variant's name. Source: river: common/src/chat_delegate.rs.
 */

const MAP_OF_ONE = 0xa1;
/** Text of 0 to 23 bytes carries its length in the first byte; 0x78 is followed by it. */
const SHORT_TEXT = 0x60;
const SHORT_TEXT_MAX = 23;
const TEXT_U8 = 0x78;
/** A variant's name; anything else isn't worth counting by name. */
const NAME = /^[A-Za-z][A-Za-z0-9]{0,63}$/;

export function messageName(payload: Uint8Array): string | undefined {
  let at = payload[0] === MAP_OF_ONE ? 1 : 0;
  const head = payload[at++] ?? 0;
  let length = head - SHORT_TEXT;
  if (head === TEXT_U8) length = payload[at++] ?? 0;
  else if (length < 0 || length > SHORT_TEXT_MAX) return undefined;
  const name = String.fromCharCode(...payload.subarray(at, at + length));
  return name.length === length && NAME.test(name) ? name : undefined;
}
