/** What a misbehaving node does to each request: by its script and nothing else. Without a script it behaves. */
import type { ClientRequest } from '../../src/freenet/client-request.ts';
import { idText } from '../../src/freenet/keys.ts';
import { decodeDelegateRequest } from '../../src/river/delegate-messages.ts';
import { Dice } from '../../src/river/testing/dice.ts';
import { utf8Text } from '../../src/shared/bytes.ts';
import type { Clock } from '../../src/shared/clock.ts';
import { messageName } from './message-name.ts';
import type { Deed, Match, MisbehaviourScript, Rule } from './misbehaviour-script.ts';

export interface Verdict {
  readonly deed: Deed;
  /** For what the deed leaves open, such as which bits are flipped. */
  readonly dice: Dice;
}

interface RuleState {
  readonly rule: Rule;
  readonly dice: Dice;
  matches: number;
  applied: number;
}

/** The same script gives the same verdicts on the same requests: each rule has counters and dice of its own. */
export class Misbehaviour {
  readonly #clock: Pick<Clock, 'now'>;
  #rules: readonly RuleState[] = [];
  #since = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** From now on; undefined to behave again. */
  follow(script: MisbehaviourScript | undefined): void {
    this.#since = this.#clock.now();
    this.#rules = (script?.rules ?? []).map((rule, index) => ({
      rule,
      dice: new Dice((script?.seed ?? 0) + index * 0x9e37_79b9),
      matches: 0,
      applied: 0,
    }));
  }

  /** How often each rule of the script has been applied. */
  get applied(): readonly number[] {
    return this.#rules.map(({ applied }) => applied);
  }

  /** The first rule that applies decides; the others have counted the request all the same. */
  verdictOn(request: ClientRequest): Verdict | undefined {
    if (this.#rules.length === 0) return undefined;
    const elapsed = this.#clock.now() - this.#since;
    let verdict: Verdict | undefined;
    for (const state of this.#rules) {
      const { rule, dice } = state;
      if (!matches(rule.match ?? {}, request)) continue;
      state.matches += 1;
      const { nth = 1, fromMs = 0, untilMs = Infinity, probability = 1 } = rule.when ?? {};
      const times = rule.when?.times ?? (rule.when?.nth === undefined ? Infinity : 1);
      // the dice are thrown for every match, so that other rules and the clock don't change what follows
      const isDrawn = dice.chance(probability);
      const applies =
        isDrawn &&
        state.matches >= nth &&
        state.applied < times &&
        elapsed >= fromMs &&
        elapsed < untilMs;
      if (!applies || verdict) continue;
      state.applied += 1;
      verdict = { deed: rule.do, dice };
    }
    return verdict;
  }
}

function matches({ request: wanted, message, keyPrefix }: Match, request: ClientRequest): boolean {
  const operation = 'request' in request ? request.request : request;
  if (wanted !== undefined && operation.type !== wanted) return false;
  if (message === undefined && keyPrefix === undefined) return true;
  if (operation.type === 'ApplicationMessages') {
    return operation.inbound.some(
      (each) =>
        each.type === 'ApplicationMessage' &&
        (message === undefined || messageName(each.payload) === message) &&
        (keyPrefix === undefined || storageKey(each.payload)?.startsWith(keyPrefix) === true),
    );
  }
  if (message !== undefined || keyPrefix === undefined) return false;
  return contractId(operation)?.startsWith(keyPrefix) === true;
}

/** The storage key that a message to the chat delegate names, if it names one. */
function storageKey(payload: Uint8Array): string | undefined {
  const request = decodeDelegateRequest(payload);
  return request.ok && 'key' in request.value ? utf8Text(request.value.key) : undefined;
}

type Operation = Extract<ClientRequest, { readonly request: unknown }>['request'] | ClientRequest;

function contractId(operation: Operation): string | undefined {
  switch (operation.type) {
    case 'Get':
    case 'Subscribe':
      return idText(operation.key);
    case 'Update':
      return idText(operation.key.instance);
    case 'Put': {
      const { contract } = operation;
      return contract.type === 'Wasm' && contract.version.type === 'V1'
        ? idText(contract.version.contract.key.instance)
        : undefined;
    }
    default:
      return undefined;
  }
}
