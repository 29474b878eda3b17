import type { WebSocket } from 'ws';
import type { Frame } from '../../src/freenet/chunks.ts';
import { CHUNK_ABOVE_BYTES, responseFrames } from '../../src/freenet/chunks.ts';
import type { HostResult } from '../../src/freenet/host-response.ts';
import { encodeHostResult } from '../../src/freenet/host-response.ts';
import { err, ok } from '../../src/shared/result.ts';

/** An answer and its bytes, which may go to many clients. */
export interface EncodedAnswer {
  readonly answer: HostResult;
  readonly message: Frame;
}

export const encoded = (answer: HostResult): EncodedAnswer => ({
  answer,
  message: encodeHostResult(answer),
});

/** Sends a node's messages over one WebSocket, long ones in chunks, one message after the other. */
export class FrameSender {
  readonly #socket: WebSocket;
  #lastSent: Promise<void> = Promise.resolve();
  #streams = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /**
   * @param damage what becomes of each frame on its way
   * @returns the message's length, and a promise of when the system has it or the connection is gone
   */
  send(
    { answer, message }: EncodedAnswer,
    damage: (frame: Frame) => Frame = (frame) => frame,
  ): { readonly bytes: number; readonly sent: Promise<void> } {
    const sent = this.#lastSent.then(() => this.#sendMessage(message, answer, damage));
    this.#lastSent = sent;
    return { bytes: message.length, sent };
  }

  async #sendMessage(
    message: Frame,
    answer: HostResult,
    damage: (frame: Frame) => Frame,
  ): Promise<void> {
    const streamId = this.#streams++;
    const frames = responseFrames(message, streamId);
    if (!frames.ok) {
      const { bytes, limit } = frames.error;
      const cause = `the answer has ${bytes} bytes, a client takes ${limit}`;
      return this.#sendFrame(encodeHostResult(err({ type: 'OperationError', cause })));
    }
    const header = message.length > CHUNK_ABOVE_BYTES && streamHeader(answer, streamId, message);
    if (header) await this.#sendFrame(encodeHostResult(header));
    for (const frame of frames.value) await this.#sendFrame(damage(frame));
  }

  #sendFrame(frame: Frame): Promise<void> {
    // the callback's error says that the socket is closing: nobody is left to be told
    return new Promise((resolve) => this.#socket.send(frame, { binary: true }, () => resolve()));
  }
}

/** Announces the chunks of a GetResponse, and of nothing else. */
function streamHeader(
  answer: HostResult,
  streamId: number,
  message: Frame,
): HostResult | undefined {
  if (!answer.ok || answer.value.type !== 'ContractResponse') return undefined;
  const { response } = answer.value;
  if (response.type !== 'GetResponse') return undefined;
  const { key, contract } = response;
  const content = { type: 'GetResponse', key, includesContract: contract !== undefined } as const;
  return ok({ type: 'StreamHeader', streamId, totalBytes: BigInt(message.length), content });
}
