import { MAX_OPEN_STREAMS, Reassembler } from '../../../src/freenet/chunks.ts';
import { equalBytes } from '../../../src/shared/bytes.ts';
import { finding, loadedFrom, type Form, type Target } from '../target.ts';

/** One chunk in an input: stream (1 byte), index (2), total (2), length of its data (1). */
const RECORD_BYTES = 6;

function record(streamId: number, index: number, total: number, length: number): number[] {
  return [streamId, index & 255, index >> 8, total & 255, total >> 8, length];
}

/** Chunks of several streams in any order: only whole messages come out, put together by index. */
const streams: Form = {
  name: 'streams',
  check: ([bytes = new Uint8Array()]) => {
    const reassembler = new Reassembler({ now: () => 0 });
    const open = new Map<number, Map<number, Uint8Array>>();
    let complete = 0;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
      const streamId = view.getUint8(at);
      const index = view.getUint16(at + 1, true);
      const total = view.getUint16(at + 3, true);
      const data = new Uint8Array(view.getUint8(at + 5)).fill(at);
      const added = reassembler.add({ streamId, index, total, data });
      if (!added.ok) {
        if (added.error.type !== 'BadChunk' || added.error.reason === '')
          finding('an untyped error');
        continue;
      }
      const held = open.get(streamId) ?? new Map<number, Uint8Array>();
      open.set(streamId, held.set(index, data));
      if (open.size > MAX_OPEN_STREAMS) finding(`${open.size} streams are open`);
      if (added.value === undefined) {
        if (held.size >= total) finding('a stream is complete, and its message did not come');
        continue;
      }
      if (held.size !== total) finding('a message of which chunks are missing');
      const parts = [...held].sort(([a], [b]) => a - b).flatMap(([, part]) => [...part]);
      if (!equalBytes(added.value, Uint8Array.from(parts)))
        finding('another message than was sent');
      open.delete(streamId);
      complete += 1;
    }
    return complete > 0 ? 'accepted' : 'refused';
  },
};

/** Long messages in pieces. */
export const chunks: Target = {
  name: 'chunks',
  format: 'bytes',
  load: () => {
    const inOrder = [0, 1, 2].flatMap((index) => record(1, index, 3, 9));
    const reversed = [3, 2, 1, 0].flatMap((index) => record(2, index, 4, 255));
    const many = Array.from({ length: MAX_OPEN_STREAMS }, (_, id) => record(id, 0, 2, 1)).flat();
    const closing = Array.from({ length: MAX_OPEN_STREAMS }, (_, id) => record(id, 1, 2, 1)).flat();
    const longest = Array.from({ length: 256 }, (_, index) => record(7, index, 256, 2)).flat();
    const seeds = [inOrder, reversed, [...many, ...closing], longest].map((seed) => [
      Uint8Array.from(seed),
    ]);
    return loadedFrom([{ form: streams, seeds }]);
  },
};
