/** Golden vectors of the room contract: calls of its four entry points, and what the test keys signed. */
import { readFileSync } from 'node:fs';
import {
  getStateDelta,
  summarizeState,
  updateState,
  validateState,
  type ContractError,
  type ContractUpdate,
} from '../../src/river/contract.ts';
import { roomContractKey } from '../../src/river/contract-key.ts';
import { decode } from '../../src/river/cbor/codec.ts';
import { banId, memberId, messageId, signatureDigest } from '../../src/river/ids.ts';
import { sign, verifyingKeyOf } from '../../src/river/keys.ts';
import { roomParameters } from '../../src/river/room-state/parameters.ts';
import { roomState } from '../../src/river/room-state/room-state.ts';
import { readableSecrets } from '../../src/river/secrets.ts';
import { SignatureMemo } from '../../src/river/signatures/memo.ts';
import { chooseVerifier, type SignatureVerifier } from '../../src/river/signatures/verifier.ts';
import { toHex } from '../../src/shared/bytes.ts';
import type { Result } from '../../src/shared/result.ts';
import { difference } from './expect.ts';
import type { JsonValue } from './json.ts';
import { playOverWebsocket } from './room-over-websocket.ts';
import type { Report, RunOptions, Runner, VectorFile } from './runner.ts';

export const settle = (report: Report, name: string, why: string | undefined): void => {
  if (why === undefined) report.pass(name);
  else report.fail(name, why);
};

const UPDATE_KINDS = [
  'state',
  'delta',
  'state_and_delta',
  'related_state',
  'related_delta',
  'related_state_and_delta',
] as const;

/** Undefined for a kind that is not known. */
function updateOf(value: JsonValue): ContractUpdate | undefined {
  const name = value.field('kind').text();
  const kind = UPDATE_KINDS.find((each) => each === name);
  if (kind === 'state' || kind === 'delta') return { kind, data: value.field('data').hex() };
  return kind && { kind };
}

const verdictOf = (result: Result<void, ContractError>): string =>
  result.ok ? 'valid' : `${result.error.type}`;

const expectedVerdict = (expected: JsonValue): string =>
  expected.optional('error')?.field('kind').text() ?? expected.field('verdict').text();

/** Why bytes or an error are not what was recorded. */
function differenceOf(
  what: 'state' | 'summary' | 'delta',
  expected: JsonValue,
  result: Result<Uint8Array, ContractError>,
): string | undefined {
  const error = expected.optional('error');
  if (error) {
    const got = result.ok ? 'an answer' : result.error.type;
    return difference('error', error.field('kind').text(), got);
  }
  if (!result.ok) return `expected an answer but got ${JSON.stringify(result.error)}`;
  return difference(what, toHex(expected.field(what).hex()), toHex(result.value));
}

class Cases {
  readonly #report: Report;
  readonly #verifier: SignatureVerifier;
  /** Resulting states by case, for `same_as`. */
  readonly #results = new Map<string, string>();

  constructor(report: Report, verifier: SignatureVerifier) {
    this.#report = report;
    this.#verifier = verifier;
  }

  async run(each: JsonValue): Promise<void> {
    const name = each.field('name').text();
    const expected = each.field('expect');
    const params = each.field('params').hex();
    const state = each.field('state').hex();
    switch (each.field('op').text()) {
      case 'validate': {
        const verdict = verdictOf(await validateState(params, state, this.#memo()));
        settle(this.#report, name, difference('verdict', expectedVerdict(expected), verdict));
        return;
      }
      case 'summarize':
        settle(
          this.#report,
          name,
          differenceOf('summary', expected, summarizeState(params, state)),
        );
        return;
      case 'delta': {
        const held = each.field('summary').hex();
        settle(
          this.#report,
          name,
          differenceOf('delta', expected, getStateDelta(params, state, held)),
        );
        return;
      }
      case 'update': {
        const updates = each.field('updates').items().map(updateOf);
        if (updates.includes(undefined)) {
          this.#report.notCovered(`${name} (an update of an unknown kind)`);
          return;
        }
        const why = await this.#update(name, expected, params, state, updates as ContractUpdate[]);
        settle(this.#report, name, why);
        return;
      }
      default:
        this.#report.notCovered(`${name} (op ${each.field('op').text()})`);
    }
  }

  async #update(
    name: string,
    expected: JsonValue,
    params: Uint8Array,
    state: Uint8Array,
    updates: readonly ContractUpdate[],
  ): Promise<string | undefined> {
    const result = await updateState(params, state, updates, this.#memo());
    const why = differenceOf('state', expected, result);
    if (why !== undefined || !result.ok) return why;
    const after = toHex(result.value);
    this.#results.set(name, after);
    const changed = expected.optional('changed')?.flag();
    if (changed !== undefined && changed !== (after !== toHex(state))) {
      return `changed: expected ${changed}`;
    }
    const sameAs = expected.optional('same_as')?.text();
    const other = sameAs === undefined ? undefined : this.#results.get(sameAs);
    if (other !== undefined && other !== after) return `same_as ${sameAs}: it is another state`;
    const validate = expected.optional('validate');
    if (validate) {
      const verdict = verdictOf(await validateState(params, result.value, this.#memo()));
      const wrong = difference('validate', expectedVerdict(validate), verdict);
      if (wrong !== undefined) return wrong;
    }
    const summary = expected.optional('summary');
    return summary && differenceOf('summary', expected, summarizeState(params, result.value));
  }

  /** Fresh for each call: no case may profit from what another has verified. */
  #memo(): SignatureMemo {
    return new SignatureMemo(this.#verifier);
  }
}

async function checkSignature(
  root: JsonValue,
  record: JsonValue,
  verifier: SignatureVerifier,
): Promise<string | undefined> {
  const actor = root.field('actors').field(record.field('signer').text());
  const message = record.field('signed_bytes').hex();
  const signature = record.field('signature').hex();
  const seed = actor.field('seed').hex();
  if (!(await verifier.verify(actor.field('verifying_key').hex(), message, signature))) {
    return 'the signature is refused';
  }
  const id = record.optional('id')?.text();
  const isBan = record.field('type').text() === 'ban';
  const digest = record.optional('digest') ?? record.optional('purge_token');
  return (
    difference('signature', toHex(signature), toHex(sign(message, seed))) ??
    (id && difference('id', id, String((isBan ? banId : messageId)({ signature })))) ??
    (digest && difference('digest', toHex(digest.hex()), toHex(signatureDigest(signature))))
  );
}

/** Checks an actor's derived values: key and id from the seed. */
export function checkActor(report: Report, name: string, actor: JsonValue): void {
  const key = verifyingKeyOf(actor.field('seed').hex());
  const why =
    difference('verifying_key', toHex(actor.field('verifying_key').hex()), toHex(key)) ??
    difference('member_id', actor.field('member_id').text(), String(memberId(key)));
  settle(report, name, why);
}

/** `room_secrets` by version; other entries are remarks. */
export const secretsOf = (value: JsonValue): Map<number, string> =>
  new Map(
    value
      .entries()
      .filter(([version]) => /^\d+$/.test(version))
      .map(([version, secret]) => [Number(version), toHex(secret.hex())]),
  );

/** Every secret that the owner can open in a recorded state must be the one that the file names. */
function checkSecrets(root: JsonValue, report: Report): void {
  const given = root.optional('room_secrets');
  if (!given) return;
  const expected = secretsOf(given);
  const owner = root.field('actors').field('owner').field('seed').hex();
  const found = new Map<number, string>();
  for (const each of root.field('cases').items()) {
    if (each.field('expect').optional('error')) continue;
    const state = decode(roomState, each.field('state').hex());
    if (!state.ok) continue;
    const readable = readableSecrets(state.value.secrets, owner, []);
    for (const [version, secret] of readable) found.set(version, toHex(secret));
  }
  for (const [version, secret] of expected) {
    const name = `room_secrets ${version}`;
    const got = found.get(version);
    if (got === undefined) report.notCovered(`${name} (the owner has no copy of it)`);
    else settle(report, name, difference(name, secret, got));
  }
}

function checkContract(root: JsonValue, report: Report): void {
  const contract = root.optional('room_contract');
  const instance = contract?.optional('instance_id');
  if (!contract || !instance) return;
  const params = decode(roomParameters, contract.field('params').hex());
  if (!params.ok) return contract.field('params').fail(params.error.message);
  const key = roomContractKey(contract.field('blake3').hex(), params.value.owner);
  settle(
    report,
    'room_contract.instance_id',
    difference('instance_id', toHex(instance.hex()), toHex(key.instance)),
  );
}

/** Plays the cases on nodes, through their WebSockets. */
async function playCases(root: JsonValue, report: Report, options: RunOptions): Promise<void> {
  const codeHash = root.field('room_contract').field('blake3').hex();
  const contractWasm = options.contract === undefined ? undefined : readFileSync(options.contract);
  for (const each of root.field('cases').items()) {
    const name = each.field('name').text();
    const played = await playOverWebsocket(each, codeHash, contractWasm);
    if ('notCovered' in played) report.notCovered(`${name} (${played.notCovered})`);
    else settle(report, name, played.why);
  }
}

async function runFile({ root }: VectorFile, report: Report, options: RunOptions): Promise<void> {
  if (options.overWebsocket === true) return playCases(root, report, options);
  const verifier = await chooseVerifier(globalThis.crypto.subtle);
  const cases = new Cases(report, verifier);
  for (const each of root.field('cases').items()) await cases.run(each);
  checkContract(root, report);
  for (const [name, actor] of root.optional('actors')?.entries() ?? []) {
    checkActor(report, `actors.${name}`, actor);
  }
  checkSecrets(root, report);
  for (const [i, record] of (root.optional('signatures')?.items() ?? []).entries()) {
    const name = `signatures ${i} (${record.field('type').text()})`;
    settle(report, name, await checkSignature(root, record, verifier));
  }
}

export const roomStateRunner = (options: RunOptions): Runner => ({
  form: 'room state',
  matches: ({ root }) => {
    const cases = root.optional('cases')?.value;
    return Array.isArray(cases) && cases.some((each: unknown) => isCase(each));
  },
  run: (file, report) => runFile(file, report, options),
});

const isCase = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'op' in value && 'params' in value;
