import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { BadFile, JsonValue } from './json.ts';
import type { VectorFile } from './runner.ts';

/** Bytes of JSON that are still read. */
const MAX_JSON = 256 * 1024 * 1024;

/** Reads JSON, also when it is gzipped. @throws BadFile when it is neither */
export function readVectorFile(path: string): VectorFile {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new BadFile('', error instanceof Error ? error.message : String(error));
  }
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
      bytes = gunzipSync(bytes, { maxOutputLength: MAX_JSON });
    }
    return { path, root: new JsonValue(JSON.parse(bytes.toString('utf8'))) };
  } catch (error) {
    throw new BadFile('', `no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
