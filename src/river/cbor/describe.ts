import { Decoder } from 'cbor-x/decode-no-eval';
import { toHex } from '../../shared/bytes.ts';
import { DecodeError } from './errors.ts';
import { Reader } from './reader.ts';

/** Longer descriptions are cut. */
const MAX_CHARACTERS = 4000;

/**
 * Bytes whose shape nobody here knows, for a person who looks for what is wrong with them: an unknown field, a content of a newer
 * kind, an input that was refused. In the manner of CBOR's diagnostic notation (RFC 8949, 8); byte strings are `h'…'`.
 *
 * Never throws, and decides nothing: `decode` says what River would take. What is not one CBOR item says where it ends to be one.
 */
export function describeCbor(bytes: Uint8Array): string {
  const reader = new Reader(bytes);
  try {
    // River's reader bounds depth and lengths before the general one begins
    reader.skip();
  } catch (error) {
    if (error instanceof DecodeError) return `no CBOR: ${error.message}`;
    throw error;
  }
  const item = bytes.slice(0, reader.at);
  const rest = bytes.length - item.length;
  const text = textOf(item);
  const cut = text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
  return rest === 0 ? cut : `${cut}, and ${rest} bytes`;
}

function textOf(item: Uint8Array): string {
  const out = new Description();
  try {
    // a decoder of its own: tags can define what later ones of the same decoder mean
    out.add(new Decoder({ mapsAsObjects: false, useRecords: false }).decode(item) as unknown);
  } catch (error) {
    // tags that mean something to the general reader, and are not what it expects
    return `${toHex(item)} (${error instanceof Error ? error.message : String(error)})`;
  }
  return out.text;
}

class Description {
  text = '';

  add(value: unknown): void {
    if (this.text.length > MAX_CHARACTERS) return;
    if (value instanceof Uint8Array) this.text += `h'${toHex(value)}'`;
    else if (Array.isArray(value)) this.#list('[', value, ']', (each) => this.add(each));
    else if (value instanceof Map) {
      this.#list('{', value, '}', ([key, each]: readonly [unknown, unknown]) => {
        this.add(key);
        this.text += ': ';
        this.add(each);
      });
    } else if (typeof value === 'string') this.text += JSON.stringify(value);
    else if (typeof value === 'object' && value !== null) this.text += JSON.stringify(value);
    else this.text += String(value);
  }

  #list<T>(open: string, items: Iterable<T>, close: string, add: (item: T) => void): void {
    this.text += open;
    let isFirst = true;
    for (const each of items) {
      if (this.text.length > MAX_CHARACTERS) return;
      if (!isFirst) this.text += ', ';
      isFirst = false;
      add(each);
    }
    this.text += close;
  }
}
