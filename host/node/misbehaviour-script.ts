/**
 * How a node is told to misbehave, for tests of what its clients do then: a small JSON.
 *
 *     { "seed": 7, "rules": [
 *       { "match": { "message": "CasStoreRequest", "keyPrefix": "room:" }, "when": { "nth": 2 }, "do": { "type": "drop-answer" } },
 *       { "when": { "probability": 0.05 }, "do": { "type": "delay", "at": "after", "ms": 300 } } ] }
 *
 * The first rule that applies to a request decides, once per request. docs/node.md describes every field.
 */
import type { DelegateRequest as ChatRequest } from '../../src/river/delegate-messages.ts';
import type { Result } from '../../src/shared/result.ts';
import { err, ok } from '../../src/shared/result.ts';

/** What a client can ask of a node; delegate and contract operations by their own names. */
export const REQUESTS = [
  'ApplicationMessages',
  'RegisterDelegate',
  'RegisterDelegateWithPredecessors',
  'UnregisterDelegate',
  'Put',
  'Update',
  'Get',
  'Subscribe',
  'NodeQueries',
  'Authenticate',
  'Disconnect',
  'Close',
] as const;

/** Messages to the chat delegate. */
const MESSAGES = [
  'StoreRequest',
  'GetRequest',
  'DeleteRequest',
  'ListRequest',
  'GetVersionedRequest',
  'CasStoreRequest',
  'StoreSigningKey',
  'GetPublicKey',
  'SignMessage',
  'SignMember',
  'SignBan',
  'SignConfig',
  'SignMemberInfo',
  'SignSecretVersion',
  'SignEncryptedSecret',
  'SignUpgrade',
  'EnsureRoomSubscription',
] as const satisfies readonly ChatRequest['type'][];

const MOMENTS = ['before', 'after'] as const;

/** Before or after the request is carried out. */
export type Moment = (typeof MOMENTS)[number];

/** Which requests; what is left out matches all. */
export interface Match {
  readonly request?: (typeof REQUESTS)[number];
  /** The request carries such a message to the chat delegate. */
  readonly message?: ChatRequest['type'];
  /** Of the storage key of such a message, or of the base58 id of the contract that is asked for. */
  readonly keyPrefix?: string;
}

/** Which of the matching requests. */
export interface When {
  /** From the nth match on, counted from 1; alone, the nth only. */
  readonly nth?: number;
  /** So many requests at most; without it, one if `nth` is given, else all. */
  readonly times?: number;
  /** 0 to 1: how often, by the seed. */
  readonly probability?: number;
  /** Milliseconds since the script was given. */
  readonly fromMs?: number;
  readonly untilMs?: number;
}

export type Deed =
  /** Not carried out; answered as the node answers what failed. */
  | { readonly type: 'refuse' }
  /** The connection's later requests wait too. */
  | { readonly type: 'delay'; readonly at: Moment; readonly ms: number }
  /** The connection is cut without a word. */
  | { readonly type: 'disconnect'; readonly at: Moment }
  /** Carried out; nothing is said. */
  | { readonly type: 'drop-answer' }
  /** Carried out; the generations in the chat delegate's answer are off by so much. */
  | { readonly type: 'wrong-generation'; readonly by: number }
  /** Carried out; the chat delegate's answer names this storage key. */
  | { readonly type: 'wrong-key'; readonly key: string }
  /** Carried out while no secret can be written, as when a user's 4 MiB are full. */
  | { readonly type: 'fill-quota' }
  /** Carried out; so many bits of each frame of the answer are flipped. */
  | { readonly type: 'flip-bits'; readonly bits: number }
  /** Carried out; each frame of the answer is cut short. */
  | { readonly type: 'truncate' }
  /** Carried out once, answered twice. */
  | { readonly type: 'duplicate-answer' }
  /** Carried out; answered behind the connection's next answer, or after so long if there is none. */
  | { readonly type: 'hold-answer'; readonly ms: number }
  /** Every connection is cut, and the node begins anew on its store: tokens, contexts and subscriptions are gone. */
  | { readonly type: 'restart'; readonly at: Moment };

export interface Rule {
  readonly match?: Match;
  readonly when?: When;
  readonly do: Deed;
}

export interface MisbehaviourScript {
  /** 0 to 4,294,967,295: the same script does the same to the same requests. */
  readonly seed: number;
  readonly rules: readonly Rule[];
}

/** Where in a script something is wrong, and what: `rules[0].do.ms`, `a number from 0 to 600000 is missing`. */
export interface BadScript {
  readonly type: 'BadScript';
  readonly path: string;
  readonly reason: string;
}

const MAX_U32 = 0xffff_ffff;
const MAX_MS = 600_000;

/** Reads a script strictly: fields that it doesn't know are refused too. */
export function decodeMisbehaviour(value: unknown): Result<MisbehaviourScript, BadScript> {
  try {
    const script = new Fields(value, '');
    const seed = script.whole('seed', 0, MAX_U32);
    const rules = script.items('rules').map(decodeRule);
    script.end();
    return ok({ seed, rules });
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    return err({ type: 'BadScript', path: error.path, reason: error.message });
  }
}

function decodeRule(value: unknown, index: number): Rule {
  const rule = new Fields(value, `rules[${index}]`);
  const match = rule.optional('match', decodeMatch);
  const when = rule.optional('when', decodeWhen);
  const deed = decodeDeed(rule.inner('do'));
  rule.end();
  return { ...(match && { match }), ...(when && { when }), do: deed };
}

function decodeMatch(fields: Fields): Match {
  const request = fields.has('request') ? fields.oneOf('request', REQUESTS) : undefined;
  const message = fields.has('message') ? fields.oneOf('message', MESSAGES) : undefined;
  const keyPrefix = fields.has('keyPrefix') ? fields.text('keyPrefix') : undefined;
  fields.end();
  return {
    ...(request && { request }),
    ...(message && { message }),
    ...(keyPrefix !== undefined && { keyPrefix }),
  };
}

function decodeWhen(fields: Fields): When {
  const whole = <K extends string>(name: K, least: number, most: number) =>
    fields.has(name) ? ({ [name]: fields.whole(name, least, most) } as Record<K, number>) : {};
  const when: When = {
    ...whole('nth', 1, MAX_U32),
    ...whole('times', 1, MAX_U32),
    ...(fields.has('probability') && { probability: fields.number('probability', 0, 1) }),
    ...whole('fromMs', 0, MAX_U32),
    ...whole('untilMs', 0, MAX_U32),
  };
  fields.end();
  return when;
}

function decodeDeed(fields: Fields): Deed {
  const type = fields.oneOf('type', DEEDS);
  const deed = deedOf(type, fields);
  fields.end();
  return deed;
}

function deedOf(type: Deed['type'], fields: Fields): Deed {
  switch (type) {
    case 'refuse':
    case 'drop-answer':
    case 'fill-quota':
    case 'truncate':
    case 'duplicate-answer':
      return { type };
    case 'delay':
      return { type, at: fields.oneOf('at', MOMENTS), ms: fields.whole('ms', 0, MAX_MS) };
    case 'disconnect':
    case 'restart':
      return { type, at: fields.oneOf('at', MOMENTS) };
    case 'wrong-generation':
      return { type, by: fields.whole('by', -MAX_U32, MAX_U32) };
    case 'wrong-key':
      return { type, key: fields.text('key') };
    case 'flip-bits':
      return { type, bits: fields.whole('bits', 1, 1024) };
    case 'hold-answer':
      return { type, ms: fields.whole('ms', 0, MAX_MS) };
  }
}

const DEEDS = [
  'refuse',
  'delay',
  'disconnect',
  'drop-answer',
  'wrong-generation',
  'wrong-key',
  'fill-quota',
  'flip-bits',
  'truncate',
  'duplicate-answer',
  'hold-answer',
  'restart',
] as const satisfies readonly Deed['type'][];

class Trouble extends Error {
  readonly path: string;

  constructor(path: string, reason: string) {
    super(reason);
    this.path = path;
  }
}

/** An object of the script while it is read; `end` refuses what nobody has asked for. */
class Fields {
  readonly #path: string;
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #known = new Set<string>();

  constructor(value: unknown, path: string) {
    this.#path = path;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Trouble(path === '' ? 'script' : path, 'it is no object');
    }
    this.#fields = value as Record<string, unknown>;
  }

  has(name: string): boolean {
    this.#known.add(name);
    return this.#fields[name] !== undefined;
  }

  inner(name: string): Fields {
    return new Fields(this.#take(name), this.#at(name));
  }

  optional<T>(name: string, read: (fields: Fields) => T): T | undefined {
    return this.has(name) ? read(this.inner(name)) : undefined;
  }

  items(name: string): readonly unknown[] {
    const value = this.#take(name);
    return Array.isArray(value) ? value : this.#fail(name, 'it is no array');
  }

  text(name: string): string {
    const value = this.#take(name);
    return typeof value === 'string' ? value : this.#fail(name, 'it is no text');
  }

  number(name: string, least: number, most: number): number {
    const value = this.#take(name);
    return typeof value === 'number' && value >= least && value <= most
      ? value
      : this.#fail(name, `it is no number from ${least} to ${most}`);
  }

  whole(name: string, least: number, most: number): number {
    const value = this.#take(name);
    return Number.isInteger(value) && Number(value) >= least && Number(value) <= most
      ? Number(value)
      : this.#fail(name, `it is no whole number from ${least} to ${most}`);
  }

  oneOf<const T extends string>(name: string, names: readonly T[]): T {
    const value = this.#take(name);
    const found = names.find((each) => each === value);
    return found ?? this.#fail(name, `it is none of ${names.join(', ')}`);
  }

  end(): void {
    for (const name of Object.keys(this.#fields)) {
      if (!this.#known.has(name)) this.#fail(name, 'there is no such field');
    }
  }

  #take(name: string): unknown {
    return this.has(name) ? this.#fields[name] : this.#fail(name, 'it is missing');
  }

  #at(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }

  #fail(name: string, reason: string): never {
    throw new Trouble(this.#at(name), reason);
  }
}
