/** Serves the peers' pages, and is the server that a queue of requests sends to. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { idOf } from './messages.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** What has arrived at a server. */
export interface Arrived {
  readonly requests: number;
  readonly bytes: number;
}

export class PageServer {
  readonly #folder: string;
  readonly #server: Server;
  #arrived: Arrived = { requests: 0, bytes: 0 };
  /** Ids of edits, as often as they came. */
  #edits: string[] = [];
  /** Whether edits are taken; if not, their connections are cut. */
  isOnline = true;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy()); // the browser has gone
    });
  }

  static async start(folder: string): Promise<PageServer> {
    const server = new PageServer(folder);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  get arrived(): Arrived {
    return this.#arrived;
  }

  get edits(): readonly string[] {
    return this.#edits;
  }

  forget(): void {
    this.#arrived = { requests: 0, bytes: 0 };
    this.#edits = [];
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'POST') {
      await this.#take(request, response);
      return;
    }
    const type = TYPES[extname(pathname)];
    const file = join(this.#folder, pathname);
    const content = await readFile(file).catch(() => undefined);
    if (!content || type === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': type }).end(content);
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.isOnline) {
      request.socket.destroy();
      return;
    }
    const body = await text(request);
    this.#arrived = {
      requests: this.#arrived.requests + 1,
      bytes: this.#arrived.bytes + Buffer.byteLength(body),
    };
    this.#edits.push(idOf(body));
    response.writeHead(202).end();
  }
}
