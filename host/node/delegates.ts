/**
 * Delegates: registered, called, forgotten.
 *
 * A run of a delegate, of all the messages of a request in order, is alone with its secrets: nobody else's run of the same
 * delegate begins before it has ended. What it wrote is on disk, in one transaction, before the answer leaves. A guest that
 * failed by itself keeps what it wrote up to there, as on a Freenet node; of one that was ended, because its time was over,
 * nothing is kept.
 *
 * Source: freenet-core: crates/core/src/contract.rs, wasm_runtime/delegate/{execution,interface}.rs (0.2.129).
 */
import type { DelegateRequest } from '../../src/freenet/client-request.ts';
import type { HostResult } from '../../src/freenet/host-response.ts';
import { codeHash, delegateKeyOf, delegateKeyText, sameDelegate } from '../../src/freenet/keys.ts';
import type {
  Delegate,
  DelegateContainer,
  DelegateKey,
  InboundDelegateMsg,
  MessageOrigin,
  OutboundDelegateMsg,
} from '../../src/freenet/types.ts';
import { equalBytes, toHex } from '../../src/shared/bytes.ts';
import { err, ok, unreachable } from '../../src/shared/result.ts';
import type { DelegateRunError } from '../wasm/delegate-host.ts';
import { describeWasmError } from '../wasm/delegate-host.ts';
import type { GuestPool } from '../wasm/guest-pool.ts';
import type { DelegateContexts } from './contexts.ts';
import type {
  ContractsForDelegates,
  DelegateContractRequest,
  OwnedDelegate,
} from './delegate-contracts.ts';
import type { DelegateFailure, DelegateOutcome, FailureShapes } from './failure-shapes.ts';
import { answerDelegate, describeDelegateFailure } from './failure-shapes.ts';
import { keyText } from './key-text.ts';
import type { Metrics } from './metrics.ts';
import { PendingSecrets } from './pending-secrets.ts';
import { RegisteredDelegates } from './registered-delegates.ts';
import type { NodeStore } from './store.ts';
import { Turns } from './turns.ts';
import type { Caller } from './users.ts';

/** A delegate whose answers keep asking its node for more is stopped after so many rounds of one request. */
const MAX_ROUNDS = 100;

/** Whether other delegates are sent messages: not by a run that no client has asked for, which nobody vouches for. */
type ToOthers = 'sends' | 'silent';

export interface DelegateDeps {
  readonly store: NodeStore;
  readonly guests: GuestPool;
  readonly contexts: DelegateContexts;
  readonly contracts: ContractsForDelegates;
  readonly metrics: Pick<Metrics, 'registered'>;
  readonly failureShapes: FailureShapes;
  readonly log: (line: string) => void;
}

export class DelegateService {
  readonly #deps: DelegateDeps;
  readonly #registered: RegisteredDelegates;
  /** By `keyText`. */
  readonly #turns = new Turns();

  constructor(deps: DelegateDeps) {
    this.#deps = deps;
    this.#registered = new RegisteredDelegates(deps.store);
  }

  /**
   * Carries out one request. Nothing of it is in doubt when this has resolved: what it wrote is on disk.
   *
   * @param caller for whom the client acts. Code is everybody's; secrets, context and subscriptions are the user's
   */
  async carryOut(request: DelegateRequest, caller: Caller): Promise<HostResult> {
    switch (request.type) {
      case 'ApplicationMessages':
        return this.#settle(request.type, request.key, () => this.#call(request, caller));
      case 'RegisterDelegate':
      case 'RegisterDelegateWithPredecessors': {
        const delegate = containedDelegate(request.delegate);
        if (!delegate) return NOT_READABLE;
        return this.#settle(request.type, delegate.key, () => this.#register(delegate));
      }
      case 'UnregisterDelegate':
        return this.#settle(request.type, request.key, () => this.#unregister(request.key));
      case 'unknown':
        return NOT_READABLE;
      default:
        return unreachable(request);
    }
  }

  /**
   * Runs a delegate because a contract it subscribed to has changed. Nobody is its origin; on a hosted node it runs as the
   * person's who made it subscribe (a Freenet node lets it run with the secrets that all share).
   *
   * @returns what it has to say to that person's clients that know it
   */
  async notify(
    { delegate: key, user }: OwnedDelegate,
    contractId: Uint8Array,
    newState: Uint8Array,
  ): Promise<readonly HostResult[]> {
    const message = {
      type: 'ContractNotification',
      contractId,
      newState,
      context: NO_BYTES,
    } as const;
    const answer = await this.#settle('ApplicationMessages', key, () =>
      this.#runRounds({ delegate: key, user }, NO_BYTES, [message], undefined, 'silent'),
    );
    if (!answer.ok || answer.value.type !== 'DelegateResponse') return [];
    return answer.value.values
      .filter((value) => value.type === 'ApplicationMessage')
      .map((value) => ok({ type: 'DelegateResponse', key, values: [value] }));
  }

  /** The answer to a request that was not carried out, as if it had failed. */
  pretendFailure(request: DelegateRequest): HostResult {
    if (request.type === 'unknown') return NOT_READABLE;
    const key = 'key' in request ? request.key : containedDelegate(request.delegate)?.key;
    if (!key) return NOT_READABLE;
    const failure = { type: 'Broken', cause: 'this node was told to fail' } as const;
    return answerDelegate(this.#deps.failureShapes, request.type, key, err(failure));
  }

  async #settle(
    request: DelegateRequest['type'],
    key: DelegateKey,
    work: () => Promise<DelegateOutcome>,
  ): Promise<HostResult> {
    let outcome: DelegateOutcome;
    try {
      outcome = await work();
    } catch (error) {
      // the disk is full, say: the transaction is undone
      outcome = err({ type: 'Broken', cause: `the node could not store it: ${String(error)}` });
    }
    if (!outcome.ok && outcome.error.type !== 'NotRegistered') {
      const what = describeDelegateFailure(outcome.error);
      this.#deps.log(`delegate ${delegateKeyText(key)}: ${what}`);
    }
    return answerDelegate(this.#deps.failureShapes, request, key, outcome);
  }

  async #register({ key, parameters: params, data }: Delegate): Promise<DelegateOutcome> {
    const { guests, metrics, store } = this.#deps;
    const known = store.delegate(key);
    const same = known && equalBytes(known.params, params) && equalBytes(known.wasm, data.data);
    if (!same) {
      // the client names the key, but it is the module's and the parameters'
      const hash = codeHash(data.data);
      if (!equalBytes(hash, data.codeHash) || !sameDelegate(delegateKeyOf(hash, params), key)) {
        return err({ type: 'BadDelegate', cause: 'its key is not the key of its module' });
      }
      const checked = await guests.checkDelegate({ name: toHex(hash), wasm: () => data.data });
      if (!checked.ok) return err({ type: 'BadDelegate', cause: describeWasmError(checked.error) });
      await store.commit(() => store.putDelegate(key, { params, wasm: data.data }));
    }
    metrics.registered(key);
    return ok([]);
  }

  async #unregister(key: DelegateKey): Promise<DelegateOutcome> {
    const { contexts, contracts, store } = this.#deps;
    await store.commit(() => store.removeDelegate(key));
    contexts.removeAll(keyText(key));
    contracts.forget(key);
    this.#registered.forget(key);
    return ok([]);
  }

  #call(
    { key, params, inbound }: Extract<DelegateRequest, { type: 'ApplicationMessages' }>,
    { webApp, user }: Caller,
  ): Promise<DelegateOutcome> {
    const origin: MessageOrigin | undefined = webApp && { type: 'WebApp', contractId: webApp };
    return this.#deps.failureShapes === 'local'
      ? this.#run({ delegate: key, user }, params, inbound, origin)
      : this.#runRounds({ delegate: key, user }, params, inbound, origin, 'sends');
  }

  /** As a network node: what the delegate asks of the node is done, and the delegate told, until it asks no more. */
  async #runRounds(
    delegate: OwnedDelegate,
    params: Uint8Array,
    inbound: readonly InboundDelegateMsg[],
    origin: MessageOrigin | undefined,
    toOthers: ToOthers,
  ): Promise<DelegateOutcome> {
    const values: OutboundDelegateMsg[] = [];
    let messages = inbound;
    for (let round = 1; round <= MAX_ROUNDS && messages.length > 0; round++) {
      const outcome = await this.#run(delegate, params, messages, origin);
      // what came out of earlier rounds is answered all the same
      if (!outcome.ok) return round === 1 ? outcome : ok(values);
      values.push(...outcome.value.filter(isForClient));
      messages = await this.#carryOutRequests(delegate, outcome.value, values, toOthers);
    }
    return ok(values);
  }

  /** Does what a delegate asked of its node. @returns what it is to be told of it */
  async #carryOutRequests(
    asking: OwnedDelegate,
    outbound: readonly OutboundDelegateMsg[],
    values: OutboundDelegateMsg[],
    toOthers: ToOthers,
  ): Promise<InboundDelegateMsg[]> {
    const told: InboundDelegateMsg[] = [];
    for (const type of CONTRACT_REQUESTS) {
      for (const message of outbound) {
        if (message.type === type) {
          const request = message as DelegateContractRequest;
          told.push(await this.#deps.contracts.carryOut(request, asking));
        }
      }
    }
    for (const message of outbound) {
      if (message.type !== 'SendDelegateMessage' || toOthers === 'silent') continue;
      const { type: _, ...sent } = message;
      const sender = asking.delegate;
      const outcome = await this.#run(
        { delegate: sent.target, user: undefined }, // as on a Freenet node: a user is the connection's, not passed on
        NO_BYTES,
        [{ ...sent, type: 'DelegateMessage', sender }],
        { type: 'Delegate', delegate: sender },
      );
      // one hop: what the target would send on to others is dropped, and so is a failure
      if (outcome.ok) values.push(...outcome.value.filter(isForClient));
    }
    for (const message of outbound) {
      // nobody is asked here: a prompt that nobody answers ends with an empty response
      if (message.type !== 'RequestUserInput') continue;
      const { requestId } = message;
      told.push({ type: 'UserResponse', requestId, response: NO_BYTES, context: NO_BYTES });
    }
    return told;
  }

  /** Runs messages in order on one fresh instance; an error in the middle loses the answers of those before. */
  #run(
    running: OwnedDelegate,
    params: Uint8Array,
    messages: readonly InboundDelegateMsg[],
    origin: MessageOrigin | undefined,
  ): Promise<DelegateOutcome> {
    const { delegate: key, user } = running;
    const name = keyText(key, user);
    return this.#turns.take(name, async () => {
      const { contexts, contracts, guests, store } = this.#deps;
      const module = this.#registered.module(key);
      if (!module) return err({ type: 'NotRegistered' });
      const secrets = new PendingSecrets(store.secrets(key, user));
      const pending = contracts.pending(running);
      const context = contexts.get(name);
      const request = { params, origin, messages, context, secrets, contracts: pending };
      const ran = await guests.runDelegate(module, request);
      const isKept = ran.ok || FAILED_BY_ITSELF.has(ran.error.type);
      if (isKept && !(secrets.isEmpty && pending.isEmpty)) {
        await pending.commit(() => secrets.commit());
      }
      if (!ran.ok) return err(failureOf(ran.error));
      contexts.set(name, ran.value.context);
      return ok(ran.value.outbound);
    });
  }
}

/** What a guest ends with, and not its node. */
const FAILED_BY_ITSELF: ReadonlySet<DelegateRunError['type']> = new Set([
  'GuestError',
  'Trap',
  'BadResult',
]);

const NO_BYTES = new Uint8Array(0);

/** In the order a network node carries them out. */
const CONTRACT_REQUESTS: readonly DelegateContractRequest['type'][] = [
  'PutContractRequest',
  'GetContractRequest',
  'UpdateContractRequest',
  'SubscribeContractRequest',
];

const isForClient = (message: OutboundDelegateMsg): boolean =>
  message.type === 'ApplicationMessage' || message.type === 'ContextUpdated';

function failureOf(error: DelegateRunError): DelegateFailure {
  const cause = describeWasmError(error);
  switch (error.type) {
    case 'GuestError':
      return { type: 'GuestError', cause };
    case 'InvalidModule':
    case 'UnknownImport':
    case 'MissingExport':
      return { type: 'BadDelegate', cause };
    case 'Trap':
    case 'BadResult':
    case 'Stopped':
      return { type: 'Broken', cause };
    default:
      return unreachable(error);
  }
}

const containedDelegate = (container: DelegateContainer): Delegate | undefined =>
  container.type === 'Wasm' && container.version.type === 'V1'
    ? container.version.delegate
    : undefined;

const NOT_READABLE: HostResult = err({
  type: 'DeserializationError',
  cause: 'a delegate request of a kind this node does not know',
});
