import { fromHex } from '../../src/shared/bytes.ts';

/** A file that is not what it says it is. `path` is where in it, outermost first: `steps.3.expect`. */
export class BadFile extends Error {
  readonly type = 'BadFile';
  readonly path: string;

  constructor(path: string, reason: string) {
    super(path === '' ? reason : `${path}: ${reason}`);
    this.name = 'BadFile';
    this.path = path;
  }
}

/** A value of a JSON file that knows where it is, so that whatever is wrong with it can be named. */
export class JsonValue {
  readonly path: string;
  readonly value: unknown;

  constructor(value: unknown, path = '') {
    this.value = value;
    this.path = path;
  }

  /** @throws BadFile always */
  fail(reason: string): never {
    throw new BadFile(this.path, reason);
  }

  #child(key: string | number, value: unknown): JsonValue {
    return new JsonValue(value, this.path === '' ? String(key) : `${this.path}.${key}`);
  }

  get isObject(): boolean {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value);
  }

  /** The field, or undefined when this is no object or has none of that name. */
  optional(name: string): JsonValue | undefined {
    if (!this.isObject) return undefined;
    const fields = this.value as Record<string, unknown>;
    return Object.hasOwn(fields, name) ? this.#child(name, fields[name]) : undefined;
  }

  /** @throws BadFile */
  field(name: string): JsonValue {
    if (!this.isObject) this.fail('expected an object');
    return this.optional(name) ?? this.fail(`no field "${name}"`);
  }

  /** @throws BadFile */
  entries(): [string, JsonValue][] {
    if (!this.isObject) this.fail('expected an object');
    return Object.entries(this.value as object).map(([key, value]) => [
      key,
      this.#child(key, value),
    ]);
  }

  /** @throws BadFile */
  items(): JsonValue[] {
    if (!Array.isArray(this.value)) this.fail('expected an array');
    return this.value.map((item: unknown, index) => this.#child(index, item));
  }

  /** @throws BadFile */
  text(): string {
    return typeof this.value === 'string' ? this.value : this.fail('expected a text');
  }

  /** @throws BadFile */
  flag(): boolean {
    return typeof this.value === 'boolean' ? this.value : this.fail('expected true or false');
  }

  /** @throws BadFile */
  integer(): number {
    return Number.isSafeInteger(this.value)
      ? (this.value as number)
      : this.fail('expected an integer');
  }

  /** @throws BadFile */
  hex(): Uint8Array {
    const text = this.text();
    if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) this.fail('expected hex digits');
    return fromHex(text);
  }
}
