/**
 * The part of a WebSocket the client needs: a page's, a worker's and the `ws` package's all fit.
 *
 * The client sets `binaryType` to 'arraybuffer', listens to these four events and expects `close` after `error`.
 */
export interface SocketLike {
  binaryType: string;
  /** `SOCKET_OPEN` when it can send. */
  readonly readyState: number;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open' | 'error', listener: (event: unknown) => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(
    type: 'close',
    listener: (event: { readonly code: number; readonly reason: string }) => void,
  ): void;
}

/** `WebSocket.OPEN`. */
export const SOCKET_OPEN = 1;

/** Starts to connect. May throw, as `new WebSocket` does for a URL it can't use. */
export type OpenSocket = (url: string) => SocketLike;

/** The bytes of a message event's data; undefined for text and blobs, which a node never sends. */
export function messageBytes(data: unknown): Uint8Array | undefined {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (ArrayBuffer.isView(data))
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return undefined;
}
