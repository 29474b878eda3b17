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

/** `{prefix}{id}` */
function nameOfId(prefix: string, id: Bytes): Writer {
  const name = new Writer();
  name.text(prefix);
  name.raw(base58(id));
  return name;
}

/** `room_sub:{room}`: what is known of a room whose contract is watched. */
export function subscriptionName(room: Bytes): Bytes {
  return nameOfId('room_sub:', room).finish();
}

/** `room_sub_by_cid:{contract}`: the room of a contract. */
export function contractRoomName(contract: Bytes): Bytes {
  return nameOfId('room_sub_by_cid:', contract).finish();
}

/** `room_members:{room}`: the members for whom the room's secret is. */
export function memberSetName(room: Bytes): Bytes {
  return nameOfId('room_members:', room).finish();
}

/** `room_secret:{room}:{version}` */
export function roomSecretName(room: Bytes, version: u32): Bytes {
  const name = nameOfId('room_secret:', room);
  name.text(':');
  name.decimal(version);
  return name.finish();
}
