import { utf8 } from './bytes.ts';
import { __frnt__logger__info } from './imports/freenet_log.ts';

let instance: i64 = 0;

export function setInstance(id: i64): void {
  instance = id;
}

/** Says in the node's log why something is not done that nobody will be told of. Never with anything secret in it. */
export function log(line: string): void {
  const bytes = utf8(line);
  __frnt__logger__info(instance, bytes.pointer, bytes.length);
}
