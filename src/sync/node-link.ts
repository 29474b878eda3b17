import type { NodeConnection } from '../freenet/client.ts';
import { describeNodeError, type NodeError } from '../freenet/node-error.ts';
import { idText } from '../freenet/keys.ts';
import type { DelegateKey } from '../freenet/types.ts';
import { userIdOf } from '../freenet/user-id.ts';
import type { WeirDatabase } from '../persist/database.ts';
import type { FailureCode } from '../persist/schema.ts';
import {
  answers,
  decodeDelegateResponse,
  encodeDelegateRequest,
  type DelegateRequest,
  type DelegateResponse,
} from '../river/delegate-messages.ts';
import { utf8, utf8Text } from '../shared/bytes.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { UserToken } from '../shared/user-token.ts';
import { chatDelegateKey, NO_PARAMS } from './delegate-key.ts';
import type { HostConfig } from './host-config.ts';

/** Why nothing can be said to the delegate, or why an answer is worth nothing. */
export interface LinkFailure {
  readonly code: FailureCode;
  /** For a person. */
  readonly sentence: string;
}

export interface LinkDeps {
  readonly db: WeirDatabase;
  /** Connects to the node; every call makes a new connection. */
  readonly connect: (as: UserToken | undefined) => Promise<Result<NodeConnection, NodeError>>;
  /** Who this profile is on a node of several people, as of now. */
  readonly userToken: () => Promise<UserToken>;
  /** @throws when the host does not answer */
  readonly fetchConfig: () => Promise<HostConfig>;
  /** @throws when the host does not answer */
  readonly fetchWasm: (url: string) => Promise<Uint8Array>;
}

/** A value as the delegate holds it, or its absence at generation 0. */
export interface RemoteValue {
  readonly generation: bigint;
  readonly value: Uint8Array | undefined;
}

/** Outcome of one compare-and-swap: `conflict` carries what is there now, read in the same instant. */
export type CasOutcome =
  | { readonly type: 'stored'; readonly generation: bigint }
  | ({ readonly type: 'conflict' } & RemoteValue)
  | { readonly type: 'failed'; readonly reason: string };

export interface CasStore {
  readonly key: string;
  readonly value: Uint8Array;
  readonly expected: bigint;
}

/**
 * One connection to the chat delegate: registered if need be, proved by its first answer, with the index of its keys.
 *
 * Every request is one message to the node, however many keys it names. An answer counts only when it echoes, in order, what
 * was asked; anything else is a failure. After an unknown outcome the connection is closed and the link is of no more use.
 */
export class NodeLink {
  /** What receipts and generations are bound to: another origin, delegate or person is another store. */
  readonly target: string;
  /** As whom it connected; undefined on a node of one person. */
  readonly as: UserToken | undefined;
  /** The delegate. */
  readonly key: DelegateKey;
  /** BLAKE3 of the room contract of now, as the host says it. */
  readonly roomCodeHash: Uint8Array;
  /** The keys that the delegate has listed last, and those stored since. */
  #index: Set<string>;
  /** Whether nobody has asked for the list that the link was opened with. */
  #isListFresh = true;
  /** Keys whose remote value has been seen on this connection: their remembered generation may be used without reading. */
  readonly seen = new Set<string>();
  readonly #connection: NodeConnection;
  #open = true;

  constructor(
    connection: NodeConnection,
    key: DelegateKey,
    of: {
      readonly target: string;
      readonly as: UserToken | undefined;
      readonly roomCodeHash: Uint8Array;
    },
    index: Set<string>,
  ) {
    this.#connection = connection;
    void connection.closed.then(() => (this.#open = false));
    this.key = key;
    this.target = of.target;
    this.as = of.as;
    this.roomCodeHash = of.roomCodeHash;
    this.#index = index;
  }

  get index(): ReadonlySet<string> {
    return this.#index;
  }

  get open(): boolean {
    return this.#open;
  }

  close(): void {
    this.#open = false;
    this.#connection.close();
  }

  /**
   * The keys that the delegate lists now. A link may live for long, and others store meanwhile: what is not in an old list may well
   * be there. The first call has the list that the link was opened with.
   */
  async list(): Promise<Result<ReadonlySet<string>, LinkFailure>> {
    if (!this.#isListFresh) {
      const listed = await list(this.#connection, this.key);
      if (!listed.ok) return listed;
      this.#index = listed.value;
    }
    this.#isListFresh = false;
    return ok(this.#index);
  }

  async getVersioned(
    keys: readonly string[],
  ): Promise<Result<ReadonlyMap<string, RemoteValue>, LinkFailure>> {
    const answered = await ask(
      this.#connection,
      this.key,
      keys.map((key) => ({ type: 'GetVersionedRequest', key: utf8(key) })),
      false,
    );
    if (!answered.ok) return answered;
    const values = new Map<string, RemoteValue>();
    for (const [i, response] of answered.value.entries()) {
      if (response.type !== 'GetVersionedResponse') return err(UNEXPECTED);
      values.set(keys[i] as string, { generation: response.generation, value: response.value });
      this.seen.add(keys[i] as string);
    }
    return ok(values);
  }

  /** All of them in one request. The delegate runs them in order; each has its own outcome. */
  async casStore(
    stores: readonly CasStore[],
  ): Promise<Result<ReadonlyMap<string, CasOutcome>, LinkFailure>> {
    const answered = await ask(
      this.#connection,
      this.key,
      stores.map(({ key, value, expected }) => ({
        type: 'CasStoreRequest',
        key: utf8(key),
        value,
        expectedGeneration: expected,
      })),
      true,
    );
    if (!answered.ok) return answered;
    const outcomes = new Map<string, CasOutcome>();
    for (const [i, response] of answered.value.entries()) {
      const { key, expected } = stores[i] as CasStore;
      if (response.type !== 'CasStoreResponse') return err(UNEXPECTED);
      const { result } = response;
      switch (result.type) {
        case 'Stored':
          if (result.generation !== expected + 1n) {
            this.close();
            return err(UNEXPECTED);
          }
          this.#index.add(key); // the delegate writes its index before it answers
          outcomes.set(key, { type: 'stored', generation: result.generation });
          break;
        case 'Conflict':
          if (result.currentGeneration === expected) {
            // there is none: it answers an earlier request, and the answer to this one is still to come
            this.close();
            return err(UNEXPECTED);
          }
          outcomes.set(key, {
            type: 'conflict',
            generation: result.currentGeneration,
            value: result.currentValue,
          });
          break;
        case 'Failed':
          outcomes.set(key, { type: 'failed', reason: result.reason });
          break;
      }
    }
    return ok(outcomes);
  }
}

const UNEXPECTED: LinkFailure = {
  code: 'unknown',
  sentence: 'The node answered something else than it was asked, so the answer was not believed.',
};

/** Connects, finds or registers the delegate, and reads its index. */
export async function openLink(deps: LinkDeps): Promise<Result<NodeLink, LinkFailure>> {
  let config: HostConfig;
  let key: DelegateKey;
  let as: UserToken | undefined;
  try {
    config = await deps.fetchConfig();
    if (config.hosted) as = await deps.userToken();
    key = await chatDelegateKey(deps.db, config.delegate.url, deps.fetchWasm);
  } catch (error) {
    return err(unreachable(hostAway(error)));
  }
  const connected = await deps.connect(as);
  if (!connected.ok) return err(failureOf(connected.error, false));
  const connection = connected.value;
  const index = await findIndex(deps, connection, config.delegate.url, key);
  if (!index.ok) {
    connection.close();
    return index;
  }
  const target = targetOf(config, key, as);
  const { codeHash: roomCodeHash } = config.roomContract;
  return ok(new NodeLink(connection, key, { target, as, roomCodeHash }, index.value));
}

/** What everything in the delegate is scoped by: the origin it is attested, the delegate, and the person where there are several. */
export function targetOf(
  { contractId }: HostConfig,
  { key }: DelegateKey,
  as: UserToken | undefined,
): string {
  const whose = as === undefined ? '' : `/${userIdOf(as)}`;
  return `${contractId}/${idText(key)}${whose}`;
}

/** Whether a link still speaks for who this profile is: the person may have brought another key since. */
export const isOurs = async (
  deps: Pick<LinkDeps, 'userToken'>,
  link: { readonly as: UserToken | undefined },
): Promise<boolean> => link.as === undefined || link.as === (await deps.userToken());

/**
 * Lists the delegate's keys. Only a real answer proves that the delegate is there; an empty one says nothing, so the
 * delegate is registered and asked once more.
 */
async function findIndex(
  deps: LinkDeps,
  connection: NodeConnection,
  url: string,
  key: DelegateKey,
): Promise<Result<Set<string>, LinkFailure>> {
  const first = await list(connection, key);
  if (first.ok || first.error.code !== 'delegate-unavailable') return first;
  let wasm: Uint8Array;
  try {
    wasm = await deps.fetchWasm(url);
  } catch (error) {
    return err(unreachable(hostAway(error)));
  }
  const registered = await connection.register({ code: wasm, params: NO_PARAMS, key });
  if (!registered.ok) return err(unavailable(describeNodeError(registered.error)));
  const second = await list(connection, key);
  return second.ok ? second : err(unavailable(second.error.sentence));
}

async function list(
  connection: NodeConnection,
  key: DelegateKey,
): Promise<Result<Set<string>, LinkFailure>> {
  const answered = await ask(connection, key, [{ type: 'ListRequest' }], false);
  if (!answered.ok) return answered;
  const [response] = answered.value;
  if (response?.type !== 'ListResponse') return err(UNEXPECTED);
  return ok(new Set(response.keys.map(utf8Text)));
}

async function ask(
  connection: NodeConnection,
  key: DelegateKey,
  requests: readonly DelegateRequest[],
  changesState: boolean,
): Promise<Result<readonly DelegateResponse[], LinkFailure>> {
  let responses: DelegateResponse[] = [];
  const answered = await connection.askDelegate({
    key,
    params: NO_PARAMS,
    payloads: requests.map((request) => encodeDelegateRequest(request, 'byte-strings')),
    changesState,
    accepts: (payloads) => {
      if (payloads.length !== requests.length) return false;
      responses = decodeAll(payloads);
      return requests.every((request, i) => {
        const response = responses[i];
        return response !== undefined && answers(request, response);
      });
    },
  });
  return answered.ok ? ok(responses) : err(failureOf(answered.error, changesState));
}

/** An empty or refused answer to a read means no delegate; to a store it means that nobody knows. */
function failureOf(error: NodeError, changesState: boolean): LinkFailure {
  const sentence = describeNodeError(error);
  if (error.type === 'ConnectFailed') return unreachable(sentence);
  const silent = error.type === 'EmptyValues' || error.type === 'Refused';
  return { code: silent && !changesState ? 'delegate-unavailable' : 'unknown', sentence };
}

/** What does not decode answers nothing: the list is then too short to be accepted. */
function decodeAll(payloads: readonly Uint8Array[]): DelegateResponse[] {
  const responses: DelegateResponse[] = [];
  for (const payload of payloads) {
    const decoded = decodeDelegateResponse(payload);
    if (!decoded.ok) return [];
    responses.push(decoded.value);
  }
  return responses;
}

const hostAway = (error: unknown): string =>
  `Your node can’t be reached: ${error instanceof Error ? error.message : String(error)}.`;

const unreachable = (sentence: string): LinkFailure => ({ code: 'node-unreachable', sentence });

const unavailable = (sentence: string): LinkFailure => ({
  code: 'delegate-unavailable',
  sentence: `Your node is running, but its chat delegate does not answer. ${sentence}`,
});
