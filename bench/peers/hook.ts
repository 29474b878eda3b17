/**
 * Counts what is handed to IndexedDB, put into every page and worker before its own code runs: the same for Weir and for every
 * peer. Bytes are those of keys and values at the API; what the browser makes of them on disk is not known.
 */

/** The function that the browser gives to the page for it. */
export const COUNTED = '__benchCounted';

/** What has been counted in one task, or over a time. */
export interface Counts {
  readonly transactions: number;
  readonly puts: number;
  readonly bytes: number;
}

/** One report of the hook's. */
export interface Counted extends Counts {
  /** Ms since 1970, by the clock of the machine. */
  readonly at: number;
}

export const NOTHING: Counts = { transactions: 0, puts: 0, bytes: 0 };

export const plus = (a: Counts, b: Counts): Counts => ({
  transactions: a.transactions + b.transactions,
  puts: a.puts + b.puts,
  bytes: a.bytes + b.bytes,
});

/** Text, so that nothing of a bundler's gets into the page. A report is sent at the end of a task: no reload can come before it. */
export const HOOK = `(() => {
  if (globalThis.${COUNTED}On) return;
  Object.defineProperty(globalThis, '${COUNTED}On', { value: true });
  let transactions = 0, puts = 0, bytes = 0, isWaiting = false;
  const soon = () => {
    if (isWaiting) return;
    isWaiting = true;
    const send = () => {
      // a new process may get the function a little after its document has begun
      if (typeof ${COUNTED} !== 'function') return void setTimeout(send, 5);
      isWaiting = false;
      ${COUNTED}(JSON.stringify({ transactions, puts, bytes, at: performance.timeOrigin + performance.now() }));
      transactions = puts = bytes = 0;
    };
    queueMicrotask(send);
  };
  const size = (value) => {
    if (value === null || value === undefined) return 1;
    if (typeof value === 'string') return value.length;
    if (typeof value === 'number' || typeof value === 'bigint') return 8;
    if (typeof value === 'boolean') return 1;
    if (value instanceof ArrayBuffer) return value.byteLength;
    if (ArrayBuffer.isView(value)) return value.buffer.byteLength;
    if (value instanceof Date) return 8;
    if (Array.isArray(value)) return value.reduce((sum, each) => sum + size(each), 0);
    let sum = 0;
    for (const key in value) sum += key.length + size(value[key]);
    return sum;
  };
  const counting = (prototype, name) => {
    const original = prototype[name];
    prototype[name] = function (value, key) {
      puts += 1;
      bytes += size(value) + (key === undefined ? 0 : size(key));
      soon();
      return original.apply(this, arguments);
    };
  };
  counting(IDBObjectStore.prototype, 'put');
  counting(IDBObjectStore.prototype, 'add');
  counting(IDBCursor.prototype, 'update');
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function (stores, mode) {
    const made = transaction.apply(this, arguments);
    if (mode === 'readwrite') {
      transactions += 1;
      soon();
      made.addEventListener('complete', soon);
    }
    return made;
  };
})()`;
