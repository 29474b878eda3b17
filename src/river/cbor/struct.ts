import type { Codec } from './codec.ts';
import type { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/** A key and value that this version does not know, as the bytes they came in. */
export interface UnknownField {
  readonly name: string;
  /** CBOR of key and value. */
  readonly bytes: Uint8Array;
}

export type Fields<T> = { readonly [K in keyof T]-?: Codec<T[K]> };

interface Field {
  readonly key: string;
  /** River's name of it. */
  readonly name: string;
  /** CBOR of the name. */
  readonly encodedName: Uint8Array;
  readonly codec: Codec<unknown>;
}

/** `memberInfo` → `member_info`: the one rule between the names here and River's. */
const riverName = (key: string): string => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

function fieldsOf<T>(fields: Fields<T>): readonly Field[] {
  return Object.entries<unknown>(fields).map(([key, codec]) => {
    const name = riverName(key);
    const writer = new Writer();
    writer.text(name);
    return { key, name, encodedName: writer.finish(), codec: codec as Codec<unknown> };
  });
}

const UNSET = Symbol('unset');

/** Reads a map's entries; `descend` has been done for it. */
function readEntries(
  reader: Reader,
  fields: readonly Field[],
  count: number,
  keepUnknown: ((field: UnknownField) => void) | undefined,
): Record<string, unknown> {
  // as River writes it: every field, in order
  const out: Record<string, unknown> = {};
  let read = 0;
  while (read < count) {
    const field = fields[read];
    if (field === undefined || !reader.takeExactly(field.encodedName)) break;
    reader.enter(field.name);
    out[field.key] = field.codec.read(reader);
    reader.leave();
    read += 1;
  }
  if (read === fields.length && read === count) {
    reader.ascend();
    return out;
  }
  const values = fields.map((field, i) => (i < read ? out[field.key] : UNSET));
  for (let i = read; count < 0 ? !reader.takeBreak() : i < count; i++) {
    readEntry(reader, fields, values, keepUnknown);
  }
  reader.ascend();
  return complete(reader, fields, values);
}

function readEntry(
  reader: Reader,
  fields: readonly Field[],
  values: unknown[],
  keepUnknown: ((field: UnknownField) => void) | undefined,
): void {
  const start = reader.at;
  const name = reader.identifier();
  const index = fields.findIndex((each) => each.name === name);
  const field = fields[index];
  reader.enter(name);
  if (field === undefined) {
    reader.skip();
    reader.leave();
    keepUnknown?.({ name, bytes: reader.copySince(start) });
    return;
  }
  if (values[index] !== UNSET) reader.fail('the same field twice');
  values[index] = field.codec.read(reader);
  reader.leave();
}

function complete(
  reader: Reader,
  fields: readonly Field[],
  values: readonly unknown[],
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [i, field] of fields.entries()) {
    let value = values[i];
    if (value === UNSET) {
      if (!field.codec.absent) {
        reader.enter(field.name);
        reader.fail('missing');
      }
      value = field.codec.absent();
    }
    out[field.key] = value;
  }
  return out;
}

/** A struct's fields written as an array, which serde accepts for the struct variants of enums. */
function readSequence(reader: Reader, fields: readonly Field[]): Record<string, unknown> {
  const count = reader.openArray();
  const values: unknown[] = fields.map(() => UNSET);
  if (count instanceof Uint8Array) reader.fail('expected a map or an array');
  for (const [i, field] of fields.entries()) {
    if (count < 0 ? reader.takeBreak() : i >= count) break;
    reader.enter(field.name);
    values[i] = field.codec.read(reader);
    reader.leave();
  }
  reader.ascend();
  return complete(reader, fields, values);
}

function writeEntries(
  writer: Writer,
  fields: readonly Field[],
  value: Record<string, unknown>,
  unknown: readonly UnknownField[],
): void {
  let omitted = 0;
  for (const { key, codec } of fields) if (codec.omitted?.(value[key])) omitted += 1;
  writer.head(5, fields.length - omitted + unknown.length);
  for (const { key, encodedName, codec } of fields) {
    if (omitted > 0 && codec.omitted?.(value[key])) continue;
    writer.raw(encodedName);
    codec.write(writer, value[key]);
  }
  for (const { bytes } of unknown) writer.raw(bytes);
}

/** A struct with named fields: a map in the order of `fields`. Unknown keys are dropped, as River drops them. */
export function struct<T extends object>(fields: Fields<T>): Codec<T> {
  const list = fieldsOf(fields);
  return {
    read: (reader) => readEntries(reader, list, reader.openMap(), undefined) as T,
    write: (writer, value) => writeEntries(writer, list, value as Record<string, unknown>, []),
  };
}

/** A struct that refuses keys it does not know. */
export function closedStruct<T extends object>(fields: Fields<T>): Codec<T> {
  const list = fieldsOf(fields);
  return {
    read: (reader) =>
      readEntries(reader, list, reader.openMap(), ({ name }) =>
        reader.fail(`unknown field ${JSON.stringify(name.slice(0, 40))}`),
      ) as T,
    write: (writer, value) => writeEntries(writer, list, value as Record<string, unknown>, []),
  };
}

/** A struct whose unknown fields are kept and written again after the known ones. */
export function openStruct<T extends { readonly unknown: readonly UnknownField[] }>(
  fields: Fields<Omit<T, 'unknown'>>,
): Codec<T> {
  const list = fieldsOf(fields);
  return {
    read: (reader) => {
      const unknown: UnknownField[] = [];
      const known = readEntries(reader, list, reader.openMap(), (field) => unknown.push(field));
      return { ...known, unknown } as unknown as T;
    },
    write: (writer, value) =>
      writeEntries(writer, list, value as Record<string, unknown>, value.unknown),
  };
}

/** One field that is a struct of its own on the wire but not here: `MembersV1 { members: [...] }` is its list. */
export function wrapped<T>(key: string, codec: Codec<T>): Codec<T> {
  const inner = struct<Record<string, T>>({ [key]: codec });
  return {
    read: (reader) => inner.read(reader)[key] as T,
    write: (writer, value) => inner.write(writer, { [key]: value }),
  };
}

/** The payload of a struct variant: a map, or an array in the order of the fields; no tag before it. */
export function variantStruct<T extends object>(fields: Fields<T>): Codec<T> {
  const list = fieldsOf(fields);
  return {
    read: (reader) => {
      const container = reader.peekContainer();
      if (container === 'array') return readSequence(reader, list) as T;
      if (container === 'other') reader.fail('expected a map or an array');
      return readEntries(reader, list, reader.openMap(), undefined) as T;
    },
    write: (writer, value) => writeEntries(writer, list, value as Record<string, unknown>, []),
  };
}
