import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { equalBytes } from '../shared/bytes.ts';
import { ok } from '../shared/result.ts';
import { Reassembler, responseFrames } from './chunks.ts';
import type { ClientRequest } from './client-request.ts';
import { decodeClientRequest } from './client-request.ts';
import { connectNode } from './client.ts';
import { encodeHostResult } from './host-response.ts';
import { DELEGATE, INSTANCE } from './testing/notation.ts';

/** Sends every delegate message back, and closes as for an unknown token when asked for a contract. */
function echo(socket: WebSocket): void {
  const reassembler = new Reassembler({ now: () => Date.now() });
  let streamId = 0;

  const answer = (request: ClientRequest): void => {
    if (request.type !== 'DelegateOp' || request.request.type !== 'ApplicationMessages') {
      socket.close(4401, 'AUTH_TOKEN_INVALID');
      return;
    }
    const { key, inbound } = request.request;
    const values = inbound.filter((message) => message.type === 'ApplicationMessage');
    const message = encodeHostResult(ok({ type: 'DelegateResponse', key, values }));
    const frames = responseFrames(message, streamId++);
    for (const frame of frames.ok ? frames.value : []) socket.send(frame);
  };

  socket.on('message', (data: Buffer) => {
    const read = decodeClientRequest(data);
    if (!read.ok) throw read.error;
    if (read.value.type !== 'StreamChunk') return answer(read.value);
    const whole = reassembler.add(read.value);
    const request = whole.ok && whole.value ? decodeClientRequest(whole.value) : undefined;
    if (request?.ok) answer(request.value);
  });
}

describe('over a real socket', () => {
  let server: WebSocketServer;
  let url = '';
  let asked: (string | undefined)[] = [];

  beforeEach(async () => {
    asked = [];
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/contract/command`;
    server.on('connection', (socket, request) => {
      asked.push(request.url);
      echo(socket);
    });
  });

  afterEach(async () => {
    for (const socket of server.clients) socket.terminate();
    server.close();
    await once(server, 'close');
  });

  const connect = () => connectNode({ url, openSocket: (at) => new WebSocket(at) });

  it('short and chunked requests are answered, and an unknown token ends the connection', async () => {
    const connected = await connect();
    if (!connected.ok) throw new Error(connected.error.type);
    const node = connected.value;
    expect(asked).toEqual(['/v1/contract/command?encodingProtocol=native']);

    const long = new Uint8Array(1_500_000).map((_, i) => i % 251);
    for (const payload of [new Uint8Array([1, 2, 3]), long]) {
      const answered = await node.askDelegate({
        key: DELEGATE,
        params: new Uint8Array(0),
        payloads: [payload],
        accepts: (payloads) => payloads.length === 1,
        changesState: true,
      });
      const [echoed] = answered.ok ? answered.value : [];
      expect(echoed && equalBytes(echoed, payload)).toBe(true);
    }
    const { bytesSent, bytesReceived, requests } = node.counters;
    expect(requests).toBe(2);
    expect(bytesSent).toBeGreaterThan(1_500_000);
    expect(bytesReceived).toBeGreaterThan(1_500_000);

    expect(await node.get({ instance: INSTANCE })).toEqual({
      ok: false,
      error: { type: 'TokenInvalid' },
    });
    expect(await node.closed).toEqual({ type: 'TokenInvalid' });
  });

  it('closing it closes the socket on the other side', async () => {
    const connected = await connect();
    const [socket] = server.clients;
    if (!connected.ok || !socket) throw new Error('not connected');
    const gone = once(socket, 'close');
    connected.value.close();
    await gone;
    expect(await connected.value.closed).toEqual({ type: 'ByUs' });
  });

  it('nobody there is a failed connection, not an exception', async () => {
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const nobody = await connectNode({
      url: `ws://127.0.0.1:${port}/`,
      openSocket: (at) => new WebSocket(at),
    });
    expect(nobody).toMatchObject({ ok: false, error: { type: 'ConnectFailed' } });
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
  });

  it('a server that never answers the handshake is given up, without an exception', async () => {
    const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const connected = await connectNode({
      url: `ws://127.0.0.1:${(silent.address() as AddressInfo).port}/`,
      openSocket: (at) => new WebSocket(at),
      connectTimeoutMs: 50,
    });
    expect(connected).toMatchObject({
      ok: false,
      error: { type: 'ConnectFailed', reason: 'no connection within 50 ms' },
    });
    silent.close();
    await once(silent, 'close'); // which waits until the client has let go, too
  });
});
