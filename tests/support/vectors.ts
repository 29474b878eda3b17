import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/**
 * Reads one of the golden vectors recorded from River's own compiled contract and delegate.
 *
 * @param name `delegate-protocol`, `room-state` or `user-data`
 */
export function readVectors<T>(name: 'delegate-protocol' | 'room-state' | 'user-data'): T {
  const file = new URL(`../vectors/${name}.json.gz`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as T;
}
