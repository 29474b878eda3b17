import type { NodeConnection } from '../../freenet/client.ts';
import { describeNodeError } from '../../freenet/node-error.ts';
import type { DelegateKey } from '../../freenet/types.ts';
import {
  answers,
  decodeDelegateResponse,
  encodeDelegateRequest,
  type DelegateRequest,
  type DelegateResponse,
} from '../../river/delegate-messages.ts';
import { utf8, utf8Text } from '../../shared/bytes.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { UserToken } from '../../shared/user-token.ts';
import { chatDelegateKey, NO_PARAMS } from '../delegate-key.ts';
import type { HostConfig } from '../host-config.ts';
import { targetOf, type LinkDeps, type LinkFailure } from '../node-link.ts';

/** Only what reads: nothing is ever written to an earlier delegate. */
type ReadRequest = Extract<DelegateRequest, { type: 'ListRequest' | 'GetRequest' }>;

/** Why a question has no answer. It says nothing of what there is. */
export type Unanswered = { readonly type: 'Unanswered'; readonly reason: string };

/**
 * A connection of its own on which earlier delegates are read. Several may be asked at once, each one question at a time.
 *
 * A node answers for a delegate that it does not have, or can't run, with an empty response or not at all: both are no answer.
 */
export class LegacyLink {
  /** Where it is migrated to. */
  readonly target: string;
  readonly as: UserToken | undefined;
  /** The delegate in use. */
  readonly current: DelegateKey;
  /** BLAKE3 of the room contract of now. */
  readonly roomCodeHash: Uint8Array;
  readonly #connection: NodeConnection;
  readonly #timeoutMs: number | undefined;
  #open = true;

  constructor(
    connection: NodeConnection,
    of: {
      readonly target: string;
      readonly as: UserToken | undefined;
      readonly current: DelegateKey;
      readonly roomCodeHash: Uint8Array;
    },
    timeoutMs?: number,
  ) {
    this.#connection = connection;
    void connection.closed.then(() => (this.#open = false));
    this.target = of.target;
    this.as = of.as;
    this.current = of.current;
    this.roomCodeHash = of.roomCodeHash;
    this.#timeoutMs = timeoutMs;
  }

  get open(): boolean {
    return this.#open;
  }

  close(): void {
    this.#open = false;
    this.#connection.close();
  }

  async list(delegate: DelegateKey): Promise<Result<readonly string[], Unanswered>> {
    const answered = await this.#ask(delegate, [{ type: 'ListRequest' }]);
    if (!answered.ok) return answered;
    const [response] = answered.value;
    return response?.type === 'ListResponse'
      ? ok(response.keys.map(utf8Text))
      : err(unanswered('it answered something else than it was asked'));
  }

  /** The values of all keys, in order, in one request; undefined where there is none. */
  async get(
    delegate: DelegateKey,
    keys: readonly string[],
  ): Promise<Result<readonly (Uint8Array | undefined)[], Unanswered>> {
    const answered = await this.#ask(
      delegate,
      keys.map((key) => ({ type: 'GetRequest', key: utf8(key) })),
    );
    if (!answered.ok) return answered;
    return ok(
      answered.value.map((response) =>
        response.type === 'GetResponse' ? response.value : undefined,
      ),
    );
  }

  /** In River's own byte form, which delegates of every generation read. */
  async #ask(
    key: DelegateKey,
    requests: readonly ReadRequest[],
  ): Promise<Result<readonly DelegateResponse[], Unanswered>> {
    let responses: DelegateResponse[] = [];
    const answered = await this.#connection.askDelegate({
      key,
      params: NO_PARAMS,
      payloads: requests.map((request) => encodeDelegateRequest(request, 'ints')),
      changesState: false,
      ...(this.#timeoutMs !== undefined && { timeoutMs: this.#timeoutMs }),
      accepts: (payloads) => {
        const decoded = payloads.map(decodeDelegateResponse);
        responses = decoded.flatMap((each) => (each.ok ? [each.value] : []));
        return (
          responses.length === requests.length &&
          payloads.length === requests.length &&
          requests.every((request, i) => {
            const response = responses[i];
            return response !== undefined && answers(request, response);
          })
        );
      },
    });
    return answered.ok ? ok(responses) : err(unanswered(describeNodeError(answered.error)));
  }
}

const unanswered = (reason: string): Unanswered => ({ type: 'Unanswered', reason });

/** Connects. That earlier delegates are there is not known by that. */
export async function openLegacyLink(
  deps: LinkDeps,
  timeoutMs?: number,
): Promise<Result<LegacyLink, LinkFailure>> {
  let config: HostConfig;
  let current: DelegateKey;
  let as: UserToken | undefined;
  try {
    config = await deps.fetchConfig();
    if (config.hosted) as = await deps.userToken();
    current = await chatDelegateKey(deps.db, config.delegate.url, deps.fetchWasm);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return err({ code: 'node-unreachable', sentence: `Your node can’t be reached: ${why}.` });
  }
  const connected = await deps.connect(as);
  if (!connected.ok) {
    return err({ code: 'node-unreachable', sentence: describeNodeError(connected.error) });
  }
  const target = targetOf(config, current, as);
  const { codeHash: roomCodeHash } = config.roomContract;
  return ok(new LegacyLink(connected.value, { target, as, current, roomCodeHash }, timeoutMs));
}
