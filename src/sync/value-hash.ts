import { toHex } from '../shared/bytes.ts';

/** SHA-256 of a delegate value, hex: tells whether what the node holds is what was sent. */
export async function valueHash(value: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', value as Uint8Array<ArrayBuffer>);
  return toHex(new Uint8Array(digest));
}
