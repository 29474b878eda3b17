import { base58 } from './base58.ts';
import { Bytes, Writer } from './bytes.ts';
import { writeLossyUtf8 } from './utf8.ts';

/*
 * Where things lie in the node's secret store; every name is UTF-8. Ids are in base58.
 *
 * Names: river: delegates/chat-delegate/src/{models,utils,handlers,subscription}.rs.
 */

/** `{origin}:{key}`. The key becomes text: keys that differ only in bytes that are no UTF-8 share one secret. */
export function valueName(origin: Bytes, key: Bytes): Bytes {
  const name = new Writer();
  name.raw(base58(origin));
  name.text(':');
  writeLossyUtf8(name, key);
  return name.finish();
}

/** `{origin}:::key_index` */
export function keyIndexName(origin: Bytes): Bytes {
  const name = new Writer();
  name.raw(base58(origin));
  name.text(':::key_index');
  return name.finish();
}

/** `signing_key:{origin}:{room}`; the origin is in base58 already. */
export function signingKeyName(origin: Bytes, room: Bytes): Bytes {
  const name = new Writer();
  name.text('signing_key:');
  name.raw(origin);
  name.text(':');
  name.raw(base58(room));
  return name.finish();
}
