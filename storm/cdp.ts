/** The browser's debugging protocol over one WebSocket: commands, events, and a session for each of its targets. */
import { WebSocket } from 'ws';

export type Params = Readonly<Record<string, unknown>>;

export interface ProtocolEvent {
  readonly method: string;
  readonly params: Params;
  /** Of the target that it is about; absent: the browser. */
  readonly sessionId?: string;
}

/** The browser refused a command, or is gone. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

interface Waiting {
  readonly method: string;
  readonly sessionId: string | undefined;
  readonly resolve: (result: Params) => void;
  readonly reject: (error: ProtocolError) => void;
}

export class Cdp {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<(event: ProtocolEvent) => void>();
  #nextId = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#receive(data.toString()));
    socket.on('error', () => socket.terminate()); // 'close' follows
    socket.on('close', () => {
      this.#abandon('the browser is gone', () => true);
    });
  }

  /** @throws ProtocolError when the browser does not answer at `url` */
  static connect(url: string): Promise<Cdp> {
    const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 512 * 1024 * 1024 });
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(new Cdp(socket)));
      socket.once('error', (error) => reject(new ProtocolError(`${url}: ${error.message}`)));
    });
  }

  listen(listener: (event: ProtocolEvent) => void): void {
    this.#listeners.add(listener);
  }

  /** @throws ProtocolError */
  send(method: string, params: Params = {}, sessionId?: string): Promise<Params> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (this.#socket.readyState !== WebSocket.OPEN) {
        reject(new ProtocolError(`${method}: the browser is gone`));
        return;
      }
      this.#waiting.set(id, { method, sessionId, resolve, reject });
      const session = sessionId === undefined ? {} : { sessionId };
      this.#socket.send(JSON.stringify({ id, method, params, ...session }));
    });
  }

  close(): void {
    this.#socket.terminate();
  }

  /** The browser says nothing to a command whose target has ended. */
  #abandon(why: string, isAbandoned: (waiting: Waiting) => boolean): void {
    for (const [id, waiting] of this.#waiting) {
      if (!isAbandoned(waiting)) continue;
      this.#waiting.delete(id);
      waiting.reject(new ProtocolError(`${waiting.method}: ${why}`));
    }
  }

  #receive(text: string): void {
    const message = JSON.parse(text) as {
      readonly id?: number;
      readonly result?: Params;
      readonly error?: { readonly message: string };
    } & Partial<ProtocolEvent>;
    if (message.id === undefined) {
      const { method = '', params = {}, sessionId } = message;
      if (method === 'Target.detachedFromTarget') {
        this.#abandon('its target is gone', ({ sessionId: of }) => of === params['sessionId']);
      }
      const event = { method, params, ...(sessionId !== undefined && { sessionId }) };
      for (const listener of this.#listeners) listener(event);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error) {
      waiting?.reject(new ProtocolError(`${waiting.method}: ${message.error.message}`));
    } else waiting?.resolve(message.result ?? {});
  }
}
