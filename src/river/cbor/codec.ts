import { err, ok, type Result } from '../../shared/result.ts';
import { DecodeError } from './errors.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/** How one type of River's is written and read: the bytes of ciborium for its serde shape. */
export interface Codec<T> {
  /** @throws DecodeError */
  readonly read: (reader: Reader) => T;
  readonly write: (writer: Writer, value: T) => void;
  /** As a struct's field: the value when the key is missing. Without it a missing key is refused. */
  readonly absent?: () => T;
  /** As a struct's field: values for which the key is not written. */
  readonly omitted?: (value: T) => boolean;
  /** Integers only: serde takes a byte string for a list of them, one per byte. */
  readonly fromByte?: (byte: number) => T;
}

export function encode<T>(codec: Codec<T>, value: T): Uint8Array {
  const writer = new Writer();
  codec.write(writer, value);
  return writer.finish();
}

/**
 * Reads the first item of `bytes`; what follows it is ignored, as River ignores it.
 *
 * @param name how errors call the value: `room_state`
 */
export const decode = <T>(codec: Codec<T>, bytes: Uint8Array, name = ''): Result<T, DecodeError> =>
  readFirst(codec, new Reader(bytes), name);

/**
 * As `decode`, for bytes that were decoded before they were stored here: that keys are points of the curve, which costs a tenth
 * of a millisecond each, is not looked at again.
 */
export const decodeStored = <T>(
  codec: Codec<T>,
  bytes: Uint8Array,
  name = '',
): Result<T, DecodeError> => readFirst(codec, new Reader(bytes, true), name);

function readFirst<T>(codec: Codec<T>, reader: Reader, name: string): Result<T, DecodeError> {
  if (name !== '') reader.enter(name);
  try {
    return ok(codec.read(reader));
  } catch (error) {
    if (error instanceof DecodeError) return err(error);
    throw error;
  }
}

const unsigned = (most: number, type: string): Codec<number> => ({
  read: (reader) => reader.unsigned(most, type),
  write: (writer, value) => writer.head(0, value),
  fromByte: (byte) => byte,
});

export const u8 = unsigned(0xff, 'u8');
export const u32 = unsigned(0xffff_ffff, 'u32');
/** 32 bits wide in the contract: a larger number does not decode there. */
export const usize = unsigned(0xffff_ffff, 'usize');

export const u64: Codec<bigint> = {
  read: (reader) => reader.u64(),
  write: (writer, value) => writer.integer(value),
  fromByte: BigInt,
};

/** River's signed numbers are ids, each a newtype: serde takes no byte of a byte string for one. */
export const i64: Codec<bigint> = {
  read: (reader) => reader.i64(),
  write: (writer, value) => writer.integer(value),
};

export const text: Codec<string> = {
  read: (reader) => reader.text(),
  write: (writer, value) => writer.text(value),
};

/** `()`: null. */
export const unit: Codec<null> = {
  read: (reader) => {
    reader.unit();
    return null;
  },
  write: (writer) => writer.null(),
};

/** `Vec<u8>`: written as an array of integers, about twice as long as the bytes. */
export const ints: Codec<Uint8Array> = {
  read: (reader) => reader.byteVector(),
  write: (writer, value) => writer.ints(value),
};

/** `[u8; N]` and `Signature`: an array of `length` integers. */
export const fixedInts = (length: number): Codec<Uint8Array> => ({
  read: (reader) => reader.byteArray(length),
  write: (writer, value) => writer.ints(value),
});

export const signature = fixedInts(64);

/** River's own 16- and 64-byte newtypes: written as a byte string, read from any form of exactly `length` bytes. */
export const exactBytes = (length: number): Codec<Uint8Array> => ({
  read: (reader) => {
    const bytes = reader.byteVector();
    if (bytes.length !== length) reader.fail(`${bytes.length} bytes, ${length} wanted`);
    return bytes;
  },
  write: (writer, value) => writer.byteString(value),
});

export const array = <T>(item: Codec<T>): Codec<readonly T[]> => ({
  read: (reader) => {
    const count = reader.openArray();
    if (count instanceof Uint8Array) return Array.from(count, (byte) => itemOf(reader, item, byte));
    const items: T[] = [];
    for (let i = 0; count < 0 ? !reader.takeBreak() : i < count; i++) {
      reader.enter(i);
      items.push(item.read(reader));
      reader.leave();
    }
    reader.ascend();
    return items;
  },
  write: (writer, value) => {
    writer.head(4, value.length);
    for (const each of value) item.write(writer, each);
  },
});

function itemOf<T>(reader: Reader, codec: Codec<T>, byte: number): T {
  return codec.fromByte?.(byte) ?? reader.fail('a byte where no integer is expected');
}

/** A pair: an array of two. */
export const pair = <A, B>(first: Codec<A>, second: Codec<B>): Codec<readonly [A, B]> => ({
  read: (reader) => {
    const count = reader.openArray();
    const item = <T>(codec: Codec<T>, index: number): T => {
      if (count instanceof Uint8Array) {
        const byte = count[index] ?? reader.fail(`${index} of 2 items`);
        return itemOf(reader, codec, byte);
      }
      if (count < 0 ? reader.takeBreak() : index >= count) reader.fail(`${index} of 2 items`);
      reader.enter(index);
      const value = codec.read(reader);
      reader.leave();
      return value;
    };
    const value = [item(first, 0), item(second, 1)] as const;
    if (!(count instanceof Uint8Array)) reader.ascend();
    return value;
  },
  write: (writer, value) => {
    writer.head(4, 2);
    first.write(writer, value[0]);
    second.write(writer, value[1]);
  },
});

/** `Option`: null, or the value without a wrapper. As a struct's field it may be missing. */
export const option = <T>(some: Codec<T>): Codec<T | null> => ({
  read: (reader) => (reader.takeNull() ? null : some.read(reader)),
  write: (writer, value) => {
    if (value === null) writer.null();
    else some.write(writer, value);
  },
  absent: () => null,
});

/** `Option` with `undefined` for null, for fields that are absent more often than null. */
export const optional = <T>(some: Codec<T>): Codec<T | undefined> => ({
  read: (reader) => (reader.takeNull() ? undefined : some.read(reader)),
  write: (writer, value) => {
    if (value === undefined) writer.null();
    else some.write(writer, value);
  },
  absent: () => undefined,
});

/** A struct's field that takes `value()` when its key is missing. */
export const withDefault = <T>(codec: Codec<T>, value: () => T): Codec<T> => ({
  ...codec,
  absent: value,
});

/** A struct's field with a default that is not written while it has that value. */
export const leftOutWhen = <T>(
  codec: Codec<T>,
  isDefault: (value: T) => boolean,
  value: () => T,
): Codec<T> => ({ ...codec, absent: value, omitted: isDefault });

/** A field that can't be missing although it is null when empty: a newtype around an Option. */
export const requiredOption = <T>(some: Codec<T>): Codec<T | null> => {
  const { read, write } = option(some);
  return { read, write };
};

/** A map in the order of `entries`; a key that comes twice keeps its last value. */
export const map = <K, V>(
  key: Codec<K>,
  value: Codec<V>,
  compare: (a: K, b: K) => number,
): Codec<readonly (readonly [K, V])[]> => ({
  read: (reader) => {
    const count = reader.openMap();
    const entries: [K, V][] = [];
    for (let i = 0; count < 0 ? !reader.takeBreak() : i < count; i++) {
      reader.enter(i);
      const k = key.read(reader);
      entries.push([k, value.read(reader)]);
      reader.leave();
    }
    reader.ascend();
    return sortedUnique(entries, (a, b) => compare(a[0], b[0]));
  },
  write: (writer, entries) => {
    writer.head(5, entries.length);
    for (const [k, v] of entries) {
      key.write(writer, k);
      value.write(writer, v);
    }
  },
});

/** `BTreeSet`: an array in ascending order without repetition, whatever order was read. */
export const sortedSet = <T>(
  item: Codec<T>,
  compare: (a: T, b: T) => number,
): Codec<readonly T[]> => {
  const list = array(item);
  return { ...list, read: (reader) => sortedUnique([...list.read(reader)], compare) };
};

/** Sorts in place; of equal items only the last one stays. */
function sortedUnique<T>(items: T[], compare: (a: T, b: T) => number): T[] {
  items.sort(compare);
  return items.filter((item, i) => {
    const next = items[i + 1];
    return next === undefined || compare(item, next) !== 0;
  });
}
