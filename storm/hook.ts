/**
 * What is put into every page and worker before its own code runs: it reports what is sent. A service worker's WebSockets are not
 * reported by the browser itself. Only the head of what is sent travels, so that the measuring weighs nothing.
 */

/** Bytes of a message that a decoder is shown. */
export const HEAD_BYTES = 512;

/** The function that the browser gives to the page for it. */
export const BINDING = '__stormSent';

/** By which a storm's own expressions tell what the app has accepted. */
export const TOLD = '__stormTold';

/** One message or request body on its way out. */
export interface Sent {
  readonly kind: 'socket' | 'request';
  readonly url: string;
  /** Of a request. */
  readonly method?: string;
  /** Bytes in all. */
  readonly length: number;
  /** Its first bytes, base64. */
  readonly head: string;
}

/** Runs in the page. Written as text: nothing of a bundler's may get into it. */
export const HOOK = `(() => {
  if (globalThis.${BINDING}On) return;
  Object.defineProperty(globalThis, '${BINDING}On', { value: true });
  // a page that came from another process may be given the function a little later than this
  const report = (text, tries = 100) => {
    if (typeof globalThis.${BINDING} === 'function') globalThis.${BINDING}(text);
    else if (tries > 0) setTimeout(() => report(text, tries - 1), 20);
  };
  const headOf = (data) => {
    if (typeof data === 'string') {
      const head = new TextEncoder().encode(data.slice(0, ${HEAD_BYTES}));
      return [data.length, head];
    }
    if (data instanceof ArrayBuffer) return [data.byteLength, new Uint8Array(data, 0, Math.min(data.byteLength, ${HEAD_BYTES}))];
    if (ArrayBuffer.isView(data)) {
      return [data.byteLength, new Uint8Array(data.buffer, data.byteOffset, Math.min(data.byteLength, ${HEAD_BYTES}))];
    }
    if (data instanceof Blob) return [data.size, new Uint8Array()];
    return [0, new Uint8Array()];
  };
  const tell = (kind, url, method, data) => {
    try {
      const [length, head] = headOf(data);
      report(JSON.stringify({ kind, url: String(url), method, length, head: btoa(String.fromCharCode(...head)) }));
    } catch {
      // what is measured must not notice
    }
  };
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    tell('socket', this.url, undefined, data);
    return send.call(this, data);
  };
  const { fetch } = globalThis;
  globalThis.fetch = function (input, init) {
    const method = (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase();
    if (method !== 'GET' && method !== 'HEAD') tell('request', input instanceof Request ? input.url : input, method, init?.body);
    return fetch.apply(this, arguments);
  };
  if (globalThis.XMLHttpRequest) {
    const { open, send: sendRequest } = XMLHttpRequest.prototype;
    const methods = new WeakMap();
    XMLHttpRequest.prototype.open = function (method, url) {
      methods.set(this, [String(method).toUpperCase(), url]);
      return open.apply(this, arguments);
    };
    XMLHttpRequest.prototype.send = function (body) {
      const [method, url] = methods.get(this) ?? [];
      if (method !== undefined && method !== 'GET' && method !== 'HEAD') tell('request', url, method, body);
      return sendRequest.apply(this, arguments);
    };
  }
})()`;
