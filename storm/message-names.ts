/**
 * Names of CBOR enum variants among some bytes: a text of 4 to 40 letters that begins with a capital, behind its one- or two-byte
 * head. River's delegate messages begin so, whatever frame they travel in.
 */
export function messageNames(bytes: Uint8Array): string[] {
  const names: string[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const head = bytes[at] ?? 0;
    let length = head - SHORT_TEXT;
    let from = at + 1;
    if (head === TEXT_U8) {
      length = bytes[from] ?? 0;
      from += 1;
    } else if (length > SHORT_MOST) continue;
    if (length < LEAST || length > MOST || from + length > bytes.length) continue;
    const name = String.fromCharCode(...bytes.subarray(from, from + length));
    if (NAME.test(name)) names.push(name);
  }
  return names;
}

const SHORT_TEXT = 0x60;
const SHORT_MOST = 23;
const TEXT_U8 = 0x78;
const LEAST = 4;
const MOST = 40;
const NAME = /^[A-Z][A-Za-z0-9]*$/;
