/** A key of IndexedDB, of the kinds that Weir's schema has. */
export type SimKey = string | number | Uint8Array | ArrayBuffer | readonly SimKey[];

/**
 * A text whose order (by UTF-16 units) is the order of the keys: number, string, binary, array; element by element.
 *
 * Source: Indexed Database API 3.0, "compare two keys".
 */
export function keyName(key: unknown): string {
  if (typeof key === 'number' && Number.isSafeInteger(key) && key >= 0) {
    return `1${key.toString(16).padStart(14, '0')}`;
  }
  if (typeof key === 'string') return `3${closed(key)}`;
  if (key instanceof ArrayBuffer) return `4${closed(latin1(new Uint8Array(key)))}`;
  if (key instanceof Uint8Array) return `4${closed(latin1(key))}`;
  if (Array.isArray(key)) return `5${key.map(keyName).join('')}\0`;
  throw new DOMException('no valid key', 'DataError');
}

/** Ends with a zero, so that a text comes before every longer one that begins with it. */
const closed = (text: string): string =>
  `${text.replaceAll('\x01', '\x01\x02').replaceAll('\0', '\x01\x01')}\0`;

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** As IndexedDB gives a key back: binary ones as an ArrayBuffer of their own. */
export function keyBack(key: SimKey): SimKey {
  if (key instanceof Uint8Array) return key.slice().buffer;
  if (key instanceof ArrayBuffer) return key.slice(0);
  return Array.isArray(key) ? key.map(keyBack) : key;
}

/** A deep copy, as storing and reading make one. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'function') throw new DOMException('can’t be stored', 'DataCloneError');
    return value;
  }
  if (value instanceof Uint8Array) return value.slice() as T;
  if (value instanceof ArrayBuffer) return value.slice(0) as T;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    throw new DOMException(`a ${value.constructor.name} is stored nowhere`, 'DataCloneError');
  }
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copyOf(each)])) as T;
}
