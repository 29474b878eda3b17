/**
 * Messages too long for one frame travel as a stream of chunks, the same way in both directions.
 *
 * What is cut is the complete message as it would have been sent. Source: freenet-stdlib: rust/src/client_api/streaming.rs.
 */
import type { Clock } from '../shared/clock.ts';
import type { Millis } from '../shared/brand.ts';
import { concatBytes } from '../shared/bytes.ts';
import type { Result } from '../shared/result.ts';
import { err, ok } from '../shared/result.ts';
import { encodeClientRequest } from './client-request.ts';
import { encodeHostResult } from './host-response.ts';
import type { StreamChunk } from './types.ts';

/** Bytes of message in a chunk. */
export const CHUNK_BYTES = 262_144;
/** A message longer than this is chunked. */
export const CHUNK_ABOVE_BYTES = 524_288;
export const MAX_CHUNKS = 256;
/** The longest message that can be sent at all: 64 MiB. */
export const MAX_MESSAGE_BYTES = MAX_CHUNKS * CHUNK_BYTES;
export const MAX_OPEN_STREAMS = 8;
/** A stream is dropped this long after its first chunk. */
export const STREAM_TTL_MS = 60_000;
/** Chunks may be of any size, so their number bounds nothing: all open streams together hold at most this much. */
export const MAX_HELD_BYTES = 2 * MAX_MESSAGE_BYTES;

/** A message as the codecs write it and a socket takes it. */
export type Frame = Uint8Array<ArrayBuffer>;

export interface MessageTooLarge {
  readonly type: 'TooLarge';
  readonly bytes: number;
  readonly limit: number;
}

/**
 * The frames that carry an encoded ClientRequest: itself, or chunks of it, each made when it is asked for.
 *
 * @param streamId one that was not used in this direction of the connection yet; used only when the message is chunked
 */
export const requestFrames = (
  message: Frame,
  streamId: number,
): Result<Iterable<Frame>, MessageTooLarge> =>
  frames(message, streamId, (chunk) => encodeClientRequest({ type: 'StreamChunk', ...chunk }));

/** The frames that carry an encoded `Result<HostResponse, ClientError>`; see `requestFrames`. */
export const responseFrames = (
  message: Frame,
  streamId: number,
): Result<Iterable<Frame>, MessageTooLarge> =>
  frames(message, streamId, (chunk) => encodeHostResult(ok({ type: 'StreamChunk', ...chunk })));

function frames(
  message: Frame,
  streamId: number,
  wrap: (chunk: StreamChunk) => Frame,
): Result<Iterable<Frame>, MessageTooLarge> {
  if (message.length <= CHUNK_ABOVE_BYTES) return ok([message]);
  if (message.length > MAX_MESSAGE_BYTES) {
    return err({ type: 'TooLarge', bytes: message.length, limit: MAX_MESSAGE_BYTES });
  }
  return ok(chunks(message, streamId, wrap));
}

function* chunks(
  message: Frame,
  streamId: number,
  wrap: (chunk: StreamChunk) => Frame,
): Iterable<Frame> {
  const total = Math.ceil(message.length / CHUNK_BYTES);
  for (let index = 0; index < total; index++) {
    const data = message.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES);
    yield wrap({ streamId, index, total, data });
  }
}

/** Why a chunk was refused. */
export interface BadChunk {
  readonly type: 'BadChunk';
  readonly streamId: number;
  readonly reason: string;
}

interface OpenStream {
  readonly chunks: (Uint8Array | undefined)[];
  readonly since: Millis;
  missing: number;
  bytes: number;
}

/**
 * Puts the chunks of one direction of a connection together.
 *
 * A refused chunk changes nothing: its stream stays open until it is complete or expires, as on a node.
 */
export class Reassembler {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #streams = new Map<number, OpenStream>();
  #held = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** The whole message with its last chunk; undefined while chunks are missing. */
  add(chunk: StreamChunk): Result<Uint8Array | undefined, BadChunk> {
    const { streamId, index, total, data } = chunk;
    const refuse = (reason: string): Result<never, BadChunk> =>
      err({ type: 'BadChunk', streamId, reason });

    if (total === 0) return refuse('a stream of 0 chunks');
    if (total > MAX_CHUNKS) return refuse(`${total} chunks, at most ${MAX_CHUNKS} are accepted`);
    if (index >= total) return refuse(`chunk ${index} of ${total}`);
    this.#dropExpired();

    let stream = this.#streams.get(streamId);
    if (!stream && this.#streams.size >= MAX_OPEN_STREAMS) {
      return refuse(`${MAX_OPEN_STREAMS} streams are open already`);
    }
    if (stream && stream.chunks.length !== total) {
      return refuse(`${total} chunks, the stream began with ${stream.chunks.length}`);
    }
    if (stream?.chunks[index]) return refuse(`chunk ${index} came twice`);
    if (this.#held + data.length > MAX_HELD_BYTES) {
      return refuse(`open streams would hold more than ${MAX_HELD_BYTES} bytes`);
    }

    if (!stream) {
      stream = {
        chunks: Array.from({ length: total }, () => undefined),
        since: this.#clock.now(),
        missing: total,
        bytes: 0,
      };
      this.#streams.set(streamId, stream);
    }
    stream.chunks[index] = data;
    stream.missing -= 1;
    stream.bytes += data.length;
    this.#held += data.length;
    if (stream.missing > 0) return ok(undefined);
    this.#drop(streamId, stream);
    return ok(concatBytes(stream.chunks.filter((part) => part !== undefined)));
  }

  #dropExpired(): void {
    const now = this.#clock.now();
    for (const [streamId, stream] of this.#streams) {
      if (now - stream.since >= STREAM_TTL_MS) this.#drop(streamId, stream);
    }
  }

  #drop(streamId: number, stream: OpenStream): void {
    this.#streams.delete(streamId);
    this.#held -= stream.bytes;
  }
}
