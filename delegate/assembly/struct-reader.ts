import { CborReader } from './cbor-reader.ts';

/** Reads the value of the field of that number. */
type ReadField<R> = (from: R, field: i32) => void;

/**
 * A struct: a map with the names of its fields, in any order. Other names are read over; a field that comes twice or a
 * required one that does not come is a failure.
 *
 * @param required a bit for each field, the lowest for the first
 */
export function readStruct<R extends CborReader>(
  from: R,
  names: StaticArray<string>,
  required: u32,
  read: ReadField<R>,
): void {
  let left = from.map();
  let seen: u32 = 0;
  while (from.hasMore(left)) {
    const name = from.name();
    let field = 0;
    while (field < names.length && !name.equalsText(names[field])) field += 1;
    if (field == names.length) {
      from.skip();
    } else {
      if (seen & (1 << field)) from.fail();
      seen |= 1 << field;
      read(from, field);
    }
    if (left > 0) left -= 1;
  }
  if ((seen & required) != required) from.fail();
  from.leave();
}

/** The payload of an enum's struct variant: a struct with all of its fields, or an array of them in order. */
export function readVariantStruct<R extends CborReader>(
  from: R,
  names: StaticArray<string>,
  read: ReadField<R>,
): void {
  if (!from.payloadIsArray()) return readStruct(from, names, (1 << names.length) - 1, read);
  let left = from.array();
  for (let field = 0; field < names.length; field++) {
    if (!from.hasMore(left)) return from.fail();
    read(from, field);
    if (left > 0) left -= 1;
  }
  from.leave();
}

/** An array whose items are all read the same way. */
export function readArray<R extends CborReader>(from: R, read: (from: R) => void): void {
  let left = from.array();
  while (from.hasMore(left)) {
    read(from);
    if (left > 0) left -= 1;
  }
  from.leave();
}
