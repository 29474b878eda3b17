import { Bytes } from './bytes.ts';
import {
  __frnt__delegate__get_secret,
  __frnt__delegate__get_secret_len,
  __frnt__delegate__remove_secret,
  __frnt__delegate__set_secret,
} from './imports/freenet_delegate_secrets.ts';

/** The value of a secret. Null when there is none, and also when the node cannot read it: it tells no difference. */
export function getSecret(name: Bytes): Bytes | null {
  const length = __frnt__delegate__get_secret_len(name.pointer, name.length);
  if (length < 0) return null;
  const value = Bytes.allocate(length);
  const written = __frnt__delegate__get_secret(name.pointer, name.length, value.pointer, length);
  if (written < 0 || written > length) return null;
  value.length = written;
  return value;
}

/** False when the node has not stored it. */
export function setSecret(name: Bytes, value: Bytes): bool {
  return __frnt__delegate__set_secret(name.pointer, name.length, value.pointer, value.length) == 0;
}

/** A secret that is not there is no failure, and the node tells no other. */
export function removeSecret(name: Bytes): void {
  __frnt__delegate__remove_secret(name.pointer, name.length);
}
