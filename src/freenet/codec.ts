/**
 * Wire types put together from parts: a type's layout is written once and read and written by the same description.
 *
 * Every unit is bincode's (see bincode.ts): a struct is its fields in order, an enum a u32 number and the variant's fields.
 */
import type { Result } from '../shared/result.ts';
import { err, ok } from '../shared/result.ts';
import type { UnknownVariants } from './bincode.ts';
import { Reader, RestDropped, WireError, Writer } from './bincode.ts';

export interface Codec<T> {
  /** The fewest bytes a value takes; bounds the elements a frame can claim to hold. */
  readonly least: number;
  read(from: Reader): T;
  write(to: Writer, value: T): void;
}

/**
 * A variant that a newer node knows and we don't. Its content, and whatever stood behind it in the frame, are lost; what
 * stood before it is kept. It can't be written.
 */
export interface Unknown {
  readonly type: 'unknown';
  /** The enum it is a variant of, as Freenet calls it. */
  readonly of: string;
  /** Its number on the wire; for a known variant cut short by an unknown one inside, that variant's number. */
  readonly tag: number;
}

/** @throws WireError with the path of what does not fit the format */
export function encode<T>(codec: Codec<T>, value: T): Uint8Array<ArrayBuffer> {
  const to = new Writer();
  codec.write(to, value);
  return to.finish();
}

/** Bytes behind the value are ignored, as Freenet ignores them. */
export function decode<T>(
  codec: Codec<T>,
  bytes: Uint8Array,
  unknownVariants: UnknownVariants = 'keep',
): Result<T, WireError> {
  try {
    return ok(codec.read(new Reader(bytes, unknownVariants)));
  } catch (error) {
    if (error instanceof WireError) return err(error);
    if (error instanceof RestDropped) return err(new WireError('', 'an unknown variant inside'));
    throw error;
  }
}

export const u16: Codec<number> = {
  least: 2,
  read: (from) => from.u16(),
  write: (to, value) => to.u16(value),
};

export const u32: Codec<number> = {
  least: 4,
  read: (from) => from.u32(),
  write: (to, value) => to.u32(value),
};

/** Also Rust's usize. */
export const u64: Codec<bigint> = {
  least: 8,
  read: (from) => from.u64(),
  write: (to, value) => to.u64(value),
};

export const i32: Codec<number> = {
  least: 4,
  read: (from) => from.i32(),
  write: (to, value) => to.i32(value),
};

export const i64: Codec<bigint> = {
  least: 8,
  read: (from) => from.i64(),
  write: (to, value) => to.i64(value),
};

export const f32: Codec<number> = {
  least: 4,
  read: (from) => from.f32(),
  write: (to, value) => to.f32(value),
};

/** One byte, 0 or 1; anything else is malformed. */
export const bool: Codec<boolean> = {
  least: 1,
  read: (from) => {
    const byte = from.u8();
    return byte > 1 ? from.fail(`${byte} is no bool`) : byte === 1;
  },
  write: (to, value) => to.u8(value ? 1 : 0),
};

/** Rust's (). */
export const unit: Codec<undefined> = {
  least: 0,
  read: () => undefined,
  write: () => undefined,
};

/** u64 length and bytes. */
export const byteString: Codec<Uint8Array> = {
  least: 8,
  read: (from) => from.raw(from.byteLength()),
  write: (to, value) => {
    to.u64(BigInt(value.length));
    to.raw(value);
  },
};

const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf8Encoder = new TextEncoder();

/** u64 length in bytes and UTF-8. */
export const text: Codec<string> = {
  least: 8,
  read: (from) => {
    const bytes = from.raw(from.byteLength());
    try {
      return utf8Decoder.decode(bytes);
    } catch {
      return from.fail('not UTF-8'); // the only way a fatal decoder throws
    }
  },
  write: (to, value) => {
    if (!value.isWellFormed()) to.fail('a lone surrogate has no UTF-8 form');
    byteString.write(to, utf8Encoder.encode(value));
  },
};

/** `[u8; length]`: raw bytes without a length. */
export const fixedBytes = (length: number): Codec<Uint8Array> => ({
  least: length,
  read: (from) => from.raw(length),
  write: (to, value) => {
    if (value.length !== length) to.fail(`${value.length} bytes instead of ${length}`);
    to.raw(value);
  },
});

/** u8 0, or u8 1 and the value. */
export const option = <T>(some: Codec<T>): Codec<T | undefined> => ({
  least: 1,
  read: (from) => {
    const byte = from.u8();
    if (byte > 1) return from.fail(`${byte} is no Option`);
    return byte === 1 ? some.read(from) : undefined;
  },
  write: (to, value) => {
    to.u8(value === undefined ? 0 : 1);
    if (value !== undefined) some.write(to, value);
  },
});

/** u64 count and elements. A HashMap is a list of pairs in arbitrary order. */
export const list = <T>(element: Codec<T>): Codec<readonly T[]> => ({
  least: 8,
  read: (from) => {
    const count = from.count(element.least);
    const values: T[] = [];
    for (let i = 0; i < count && !from.dropped; i++) {
      from.enter(i);
      values.push(element.read(from));
      from.leave();
    }
    return values;
  },
  write: (to, values) => {
    to.count(values.length);
    for (const [i, value] of values.entries()) {
      to.enter(i);
      element.write(to, value);
      to.leave();
    }
  },
});

/** What `struct` takes: a codec for each field, in wire order. */
export type Fields<T> = { readonly [K in keyof T]: Codec<T[K]> };

export function struct<T extends object>(fields: Fields<T>): Codec<T> {
  const entries = Object.entries(fields) as [string, Codec<unknown>][];
  return {
    least: entries.reduce((sum, [, codec]) => sum + codec.least, 0),
    read: (from) => readFields(from, entries) as T,
    write: (to, value) => writeFields(to, entries, value as Record<string, unknown>),
  };
}

function readFields(from: Reader, entries: [string, Codec<unknown>][]): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [name, codec] of entries) {
    if (from.dropped) throw new RestDropped();
    from.enter(name);
    value[name] = codec.read(from);
    from.leave();
  }
  return value;
}

function writeFields(
  to: Writer,
  entries: [string, Codec<unknown>][],
  value: Record<string, unknown>,
): void {
  for (const [name, codec] of entries) {
    to.enter(name);
    codec.write(to, value[name]);
    to.leave();
  }
}

type Known<U extends { readonly type: string }> = Exclude<U, Unknown>;

/** What `variants` takes: each variant's fields, in the order of the numbers on the wire. */
export type Variants<U extends { readonly type: string }> = {
  readonly [V in Known<U>['type']]: Fields<Omit<Extract<U, { readonly type: V }>, 'type'>>;
};

/**
 * A Rust enum: u32 number, then the variant's fields.
 *
 * A number beyond the known ones becomes `unknown` (or, where the reader refuses unknown variants, an error) and drops the
 * rest of the frame. When that happens inside a variant that has more fields to come, the variant itself is `unknown`.
 *
 * @param name as Freenet calls the enum
 */
export function variants<U extends { readonly type: string }>(
  name: string,
  cases: Variants<U>,
): Codec<U | Unknown> {
  const byTag = Object.entries(cases).map(
    ([type, fields]) =>
      [type, Object.entries(fields as object)] as [string, [string, Codec<unknown>][]],
  );
  const tagOf = new Map(byTag.map(([type], tag) => [type, tag]));
  return {
    least: 4,
    read: (from) => {
      const tag = from.u32();
      const known = byTag[tag];
      if (!known) {
        if (from.unknownVariants === 'refuse') from.fail(`${name} has no variant ${tag}`);
        from.dropRest();
        return { type: 'unknown', of: name, tag };
      }
      const [type, fields] = known;
      from.enter(type);
      try {
        const value = { type, ...readFields(from, fields) } as unknown as U;
        from.leave();
        return value;
      } catch (error) {
        if (!(error instanceof RestDropped)) throw error;
        return { type: 'unknown', of: name, tag };
      }
    },
    write: (to, value) => {
      const tag = tagOf.get(value.type);
      const known = tag === undefined ? undefined : byTag[tag];
      if (tag === undefined || !known) {
        return to.fail(`${name} has no variant ${value.type} that can be written`);
      }
      to.u32(tag);
      to.enter(value.type);
      writeFields(to, known[1], value as unknown as Record<string, unknown>);
      to.leave();
    },
  };
}

/** Rust's Result: u32 0 and the value, or u32 1 and the error. It has no other variants. */
export const result = <T, E>(value: Codec<T>, error: Codec<E>): Codec<Result<T, E>> => ({
  least: 4,
  read: (from) => {
    const tag = from.u32();
    switch (tag) {
      case 0:
        return ok(inside(from, 'Ok', value));
      case 1:
        return err(inside(from, 'Err', error));
      default:
        return from.fail(`${tag} is no Result`);
    }
  },
  write: (to, outcome) => {
    to.u32(outcome.ok ? 0 : 1);
    to.enter(outcome.ok ? 'Ok' : 'Err');
    if (outcome.ok) value.write(to, outcome.value);
    else error.write(to, outcome.error);
    to.leave();
  },
});

function inside<T>(from: Reader, name: string, codec: Codec<T>): T {
  from.enter(name);
  const value = codec.read(from);
  from.leave();
  return value;
}
