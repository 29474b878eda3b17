import type { Codec } from './codec.ts';
import type { Reader } from './reader.ts';

/** An enum of bare names: text on the wire. */
export function unitEnum<const N extends string>(names: readonly N[]): Codec<N> {
  return {
    read: (reader) => {
      reader.openEnum();
      const name = readName(reader, names);
      reader.ascend();
      return name;
    },
    write: (writer, value) => writer.text(value),
  };
}

/** The payloads of an enum's variants by River's names; `null` for a bare one. */
export type Variants<T extends { readonly type: string }> = {
  readonly [N in T['type']]: Payload<Extract<T, { readonly type: N }>> | null;
};

/** What a variant carries: its fields without `type`. */
type Payload<T> = Codec<Omit<T, 'type'>>;

/**
 * An enum whose variants carry fields: `{"Public": {...}}` or the bare name; here `{ type: 'Public', ... }`.
 *
 * As River's reader does, it takes the payload from what follows a bare name too, and leaves the value of a bare variant that
 * was written as a map unread.
 */
export function variants<T extends { readonly type: string }>(payloads: Variants<T>): Codec<T> {
  const names = Object.keys(payloads) as T['type'][];
  return {
    read: (reader) => {
      reader.openEnum();
      const type = readName(reader, names);
      const payload = payloads[type] as Codec<object> | null;
      reader.enter(type);
      const value = payload === null ? { type } : { type, ...payload.read(reader) };
      reader.leave();
      reader.ascend();
      return value as unknown as T;
    },
    write: (writer, value) => {
      const payload = payloads[value.type as T['type']] as Codec<object> | null;
      if (payload === null) {
        writer.text(value.type);
        return;
      }
      writer.head(5, 1);
      writer.text(value.type);
      payload.write(writer, value);
    },
  };
}

/** A variant that carries one value, kept here under the name `key`. */
export function newtype<K extends string, V>(key: K, codec: Codec<V>): Codec<{ [P in K]: V }> {
  return {
    read: (reader) => ({ [key]: codec.read(reader) }) as { [P in K]: V },
    write: (writer, value) => codec.write(writer, value[key]),
  };
}

function readName<N extends string>(reader: Reader, names: readonly N[]): N {
  const name = reader.identifier();
  const known = names.find((each) => each === name);
  return known ?? reader.fail(`unknown variant ${JSON.stringify(name.slice(0, 40))}`);
}
