import type { NodeConnection } from '../freenet/client.ts';
import { contractKeyOf, idText, wasmContract } from '../freenet/keys.ts';
import {
  describeNodeError,
  RATE_EXCEEDED,
  type NodeError,
  type RefusalKind,
} from '../freenet/node-error.ts';
import type { ContractKey } from '../freenet/types.ts';
import { encode } from '../river/cbor/codec.ts';
import type { VerifyingKey } from '../river/keys.ts';
import { roomParameters } from '../river/room-state/parameters.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { UserToken } from '../shared/user-token.ts';
import type { HostConfig } from './host-config.ts';
import type { LinkFailure } from './node-link.ts';

export interface ContractLinkDeps {
  /** Connects to the node; every call makes a new connection, which the delegate's requests don't share. */
  readonly connect: (as: UserToken | undefined) => Promise<Result<NodeConnection, NodeError>>;
  /** Who this profile is on a node of several people. */
  readonly userToken: () => Promise<UserToken>;
  /** @throws when the host does not answer */
  readonly fetchConfig: () => Promise<HostConfig>;
  /** @throws when the host does not answer */
  readonly fetchWasm: (url: string) => Promise<Uint8Array>;
}

/** How a change of a room's contract went. */
export type PushOutcome =
  /** The contract has taken it. Its summary of the state afterwards, encoded; empty where the node gives none. */
  | { readonly type: 'taken'; readonly summary: Uint8Array }
  /** The contract's own words, possibly empty. */
  | { readonly type: 'refused'; readonly text: string };

/** Why it is not known what a contract holds. */
export interface Silence {
  readonly reason: string;
}

/** As long as River waits for an earlier contract. */
const EARLIER_TIMEOUT_MS = 12_000;

/** A node that takes a contract without its module carries its rules itself. */
const NO_CODE = new Uint8Array();

/** As of a put, whose answer has none. */
const NO_SUMMARY = new Uint8Array();

/**
 * One connection for the rooms' contracts. After an unknown outcome it is closed and of no more use; what was sent on it may
 * or may not have been taken.
 */
export class ContractLink {
  readonly #connection: NodeConnection;
  /** BLAKE3 of the room contract of now. */
  readonly codeHash: Uint8Array;
  readonly #fetchCode: () => Promise<Uint8Array>;
  #open = true;

  constructor(
    connection: NodeConnection,
    codeHash: Uint8Array,
    fetchCode: () => Promise<Uint8Array>,
  ) {
    this.#connection = connection;
    void connection.closed.then(() => (this.#open = false));
    this.codeHash = codeHash;
    this.#fetchCode = fetchCode;
  }

  get open(): boolean {
    return this.#open;
  }

  close(): void {
    this.#open = false;
    this.#connection.close();
  }

  /** The contract's instance id as text: what receipts are bound to. */
  targetOf(owner: VerifyingKey): string {
    return idText(this.#keyOf(owner).instance);
  }

  /** The state as it is now, not verified; undefined when nobody has it (yet). */
  async get(owner: VerifyingKey): Promise<Result<Uint8Array | undefined, LinkFailure>> {
    const answered = await this.#connection.get({ instance: this.#keyOf(owner).instance });
    if (!answered.ok) return err(failureOf(answered.error));
    return ok(answered.value.type === 'Found' ? answered.value.state : undefined);
  }

  /**
   * The state under a key that is not that of now, not verified; undefined when the node says that it is not there. No answer in
   * time, or a refusal, says nothing of it, and leaves the connection as it is.
   *
   * @param instance 32 bytes
   */
  async getAt(instance: Uint8Array): Promise<Result<Uint8Array | undefined, Silence>> {
    const answered = await this.#connection.get({ instance, timeoutMs: EARLIER_TIMEOUT_MS });
    if (!answered.ok) return err({ reason: describeNodeError(answered.error) });
    return ok(answered.value.type === 'Found' ? answered.value.state : undefined);
  }

  /** @param delta the encoded delta */
  update(owner: VerifyingKey, delta: Uint8Array): Promise<Result<PushOutcome, LinkFailure>> {
    return this.updateAt(owner, this.codeHash, delta);
  }

  /** As `update`, for the room's contract under another code hash. */
  async updateAt(
    owner: VerifyingKey,
    codeHash: Uint8Array,
    delta: Uint8Array,
  ): Promise<Result<PushOutcome, LinkFailure>> {
    const key = contractKeyOf(codeHash, paramsOf(owner));
    const data = { type: 'Delta', delta } as const;
    const updated = await this.#connection.update({ key, data });
    return outcomeOf(updated, updated.ok ? updated.value : NO_SUMMARY);
  }

  /** Puts the room with its whole state. Where the contract is there meanwhile, the node merges. */
  async put(owner: VerifyingKey, state: Uint8Array): Promise<Result<PushOutcome, LinkFailure>> {
    let code: Uint8Array;
    try {
      code = await this.#fetchCode();
    } catch (error) {
      return err({ code: 'node-unreachable', sentence: hostAway(error) });
    }
    const contract = wasmContract(code, paramsOf(owner), this.#keyOf(owner));
    return outcomeOf(await this.#connection.put({ contract, state }), NO_SUMMARY);
  }

  #keyOf(owner: VerifyingKey): ContractKey {
    return contractKeyOf(this.codeHash, paramsOf(owner));
  }
}

/** Connects, and learns what rooms are as contracts. The module is fetched when a room is first put. */
export async function openContractLink(
  deps: ContractLinkDeps,
): Promise<Result<ContractLink, LinkFailure>> {
  let config: HostConfig;
  let as: UserToken | undefined;
  try {
    config = await deps.fetchConfig();
    if (config.hosted) as = await deps.userToken();
  } catch (error) {
    return err({ code: 'node-unreachable', sentence: hostAway(error) });
  }
  const connected = await deps.connect(as);
  if (!connected.ok) return err(failureOf(connected.error));
  const { codeHash, url } = config.roomContract;
  const fetchCode = url === undefined ? async () => NO_CODE : () => deps.fetchWasm(url);
  return ok(new ContractLink(connected.value, codeHash, fetchCode));
}

const paramsOf = (owner: VerifyingKey): Uint8Array => encode(roomParameters, { owner });

/** Refusals that are the contract's own, in a network node's words and in a local one's. */
const BY_THE_CONTRACT: ReadonlySet<RefusalKind> = new Set([
  'OperationError',
  'ContractError.Update',
  'ContractError.Put',
]);

function outcomeOf(
  answered: Result<unknown, NodeError>,
  summary: Uint8Array,
): Result<PushOutcome, LinkFailure> {
  if (answered.ok) return ok({ type: 'taken', summary });
  const { error } = answered;
  const isRefused = error.type === 'Refused' && BY_THE_CONTRACT.has(error.kind);
  if (isRefused && error.text !== RATE_EXCEEDED) {
    return ok({ type: 'refused', text: error.text.replace(NODE_PREFIX, '') });
  }
  return err(failureOf(error));
}

/** What a node puts before the contract's words. */
const NODE_PREFIX = /^(?:put|update) error for contract \S+: /;

function failureOf(error: NodeError): LinkFailure {
  const sentence = describeNodeError(error);
  return { code: error.type === 'ConnectFailed' ? 'node-unreachable' : 'unknown', sentence };
}

const hostAway = (error: unknown): string =>
  `Your node can’t be reached: ${error instanceof Error ? error.message : String(error)}.`;
