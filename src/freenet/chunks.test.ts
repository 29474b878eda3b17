import { beforeEach, describe, expect, it } from 'vitest';
import { concatBytes, equalBytes } from '../shared/bytes.ts';
import type { Frame } from './chunks.ts';
import { decodeClientRequest } from './client-request.ts';
import {
  CHUNK_ABOVE_BYTES,
  CHUNK_BYTES,
  MAX_HELD_BYTES,
  MAX_MESSAGE_BYTES,
  Reassembler,
  requestFrames,
  responseFrames,
} from './chunks.ts';
import { decodeHostResult } from './host-response.ts';
import { bytes, filled } from './testing/notation.ts';
import type { StreamChunk } from './types.ts';

/** Bytes that are not the same in any two chunks. */
function message(length: number): Frame {
  const out = new Uint8Array(length);
  for (let i = 0; i < length; i += 997) out[i] = (i / 997) & 0xff;
  return out;
}

function requestChunks(length: number): StreamChunk[] {
  const frames = requestFrames(message(length), 5);
  if (!frames.ok) throw new Error('too large');
  return [...frames.value].map((frame) => {
    const read = decodeClientRequest(frame);
    if (!read.ok || read.value.type !== 'StreamChunk') throw new Error('no chunk');
    const { type: _, ...chunk } = read.value;
    return chunk;
  });
}

describe('splitting', () => {
  it('a message of 524,288 bytes travels as it is', () => {
    const whole = message(CHUNK_ABOVE_BYTES);
    const frames = requestFrames(whole, 0);
    const sent = frames.ok ? [...frames.value] : [];
    expect(sent).toHaveLength(1);
    expect(sent[0]).toBe(whole);
    expect(whole).toHaveLength(524_288);
  });

  it('one byte more makes chunks of 262,144 bytes and a rest', () => {
    const chunks = requestChunks(524_289);
    expect(
      chunks.map(({ streamId, index, total, data }) => [streamId, index, total, data.length]),
    ).toEqual([
      [5, 0, 3, 262_144],
      [5, 1, 3, 262_144],
      [5, 2, 3, 1],
    ]);
    const joined = concatBytes(chunks.map((chunk) => chunk.data));
    expect(equalBytes(joined, message(524_289))).toBe(true);
  });

  it('an exact multiple of the chunk size has no empty chunk at its end', () => {
    expect(requestChunks(3 * CHUNK_BYTES).map((chunk) => chunk.data.length)).toEqual([
      CHUNK_BYTES,
      CHUNK_BYTES,
      CHUNK_BYTES,
    ]);
  });

  it('a response is cut the same way, each chunk inside an Ok', () => {
    const frames = responseFrames(message(600_000), 9);
    const chunks = frames.ok ? [...frames.value].map((frame) => decodeHostResult(frame)) : [];
    expect(chunks).toHaveLength(3);
    expect(chunks[2]).toMatchObject({
      ok: true,
      value: { ok: true, value: { type: 'StreamChunk', streamId: 9, index: 2, total: 3 } },
    });
  });

  it('256 chunks are sent, a byte more is too large', () => {
    const longest = requestFrames(new Uint8Array(MAX_MESSAGE_BYTES), 0);
    expect(longest.ok && [...longest.value].length).toBe(256);
    expect(requestFrames(new Uint8Array(MAX_MESSAGE_BYTES + 1), 0)).toEqual({
      ok: false,
      error: { type: 'TooLarge', bytes: 67_108_865, limit: 67_108_864 },
    });
  });
});

describe('reassembly', () => {
  let now = 0;
  let reassembler: Reassembler;

  const add = (streamId: number, index: number, total: number, data: Uint8Array = bytes(index)) =>
    reassembler.add({ streamId, index, total, data });
  const refused = (reason: string, streamId = 1) => ({
    ok: false,
    error: { type: 'BadChunk', streamId, reason },
  });
  const waits = { ok: true, value: undefined };

  beforeEach(() => {
    now = 1_000;
    reassembler = new Reassembler({ now: () => now });
  });

  it('chunks in any order give the message with the last of them', () => {
    const chunks = requestChunks(800_000);
    const order = [2, 0, 3, 1];
    const results = order.map((i) => reassembler.add(chunks[i] as StreamChunk));
    expect(results.slice(0, 3)).toEqual([waits, waits, waits]);
    const whole = results[3]?.ok ? results[3].value : undefined;
    expect(equalBytes(whole ?? bytes(), message(800_000))).toBe(true);
  });

  it('streams that come interleaved do not mix', () => {
    expect(add(1, 0, 2, bytes(1))).toEqual(waits);
    expect(add(2, 0, 2, bytes(3))).toEqual(waits);
    expect(add(1, 1, 2, bytes(2))).toEqual({ ok: true, value: bytes(1, 2) });
    expect(add(2, 1, 2, bytes(4))).toEqual({ ok: true, value: bytes(3, 4) });
  });

  it('an empty chunk counts as having come', () => {
    expect(add(1, 0, 2, bytes())).toEqual(waits);
    expect(add(1, 0, 2, bytes())).toEqual(refused('chunk 0 came twice'));
    expect(add(1, 1, 2, bytes())).toEqual({ ok: true, value: bytes() });
  });

  it('totals of 0 and beyond 256 are refused', () => {
    expect(add(1, 0, 0)).toEqual(refused('a stream of 0 chunks'));
    expect(add(1, 0, 257)).toEqual(refused('257 chunks, at most 256 are accepted'));
    expect(add(1, 0, 256)).toEqual(waits);
  });

  it('an index at or beyond the total is refused', () => {
    expect(add(1, 2, 2)).toEqual(refused('chunk 2 of 2'));
  });

  it("a total other than the first chunk's is refused", () => {
    add(1, 0, 3);
    expect(add(1, 1, 2)).toEqual(refused('2 chunks, the stream began with 3'));
  });

  it('a duplicate is refused and replaces nothing', () => {
    add(1, 0, 2, bytes(1));
    expect(add(1, 0, 2, bytes(9))).toEqual(refused('chunk 0 came twice'));
    expect(add(1, 1, 2, bytes(2))).toEqual({ ok: true, value: bytes(1, 2) });
  });

  it('a ninth open stream is refused until one of the eight is complete', () => {
    for (let streamId = 1; streamId <= 8; streamId++) expect(add(streamId, 0, 2)).toEqual(waits);
    expect(add(9, 0, 2)).toEqual(refused('8 streams are open already', 9));
    expect(add(9, 0, 1)).toEqual(refused('8 streams are open already', 9));
    expect(add(8, 1, 2)).toEqual({ ok: true, value: bytes(0, 1) });
    expect(add(9, 0, 2)).toEqual(waits);
  });

  it('a stream is dropped 60 seconds after its first chunk, however busy it is', () => {
    add(1, 0, 3, bytes(1));
    now += 59_999;
    expect(add(1, 1, 3, bytes(2))).toEqual(waits);
    now += 1;
    expect(add(1, 2, 3, bytes(3))).toEqual(waits); // the first chunk of a new stream
    expect(add(1, 0, 3, bytes(4))).toEqual(waits);
    expect(add(1, 1, 3, bytes(5))).toEqual({ ok: true, value: bytes(4, 5, 3) });
  });

  it('expired streams make room for new ones', () => {
    for (let streamId = 1; streamId <= 8; streamId++) add(streamId, 0, 2);
    now += 60_000;
    expect(add(9, 0, 2)).toEqual(waits);
  });

  it('open streams hold no more than 128 MiB together, and give it back', () => {
    const half = filled(0, MAX_HELD_BYTES / 2);
    expect(add(1, 0, 2, half)).toEqual(waits);
    expect(add(2, 0, 2, half)).toEqual(waits);
    expect(add(3, 0, 2)).toEqual(refused('open streams would hold more than 134217728 bytes', 3));
    now += 60_000;
    expect(add(3, 0, 2)).toEqual(waits);
  });
});
