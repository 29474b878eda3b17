/**
 * Delegates: registered, called, forgotten.
 *
 * A request runs alone and to its end, in one transaction of the store that is on disk before the answer leaves: also when
 * the guest failed in the middle, because a Freenet node keeps what was written up to there.
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
import { equalBytes } from '../../src/shared/bytes.ts';
import { err, ok, unreachable } from '../../src/shared/result.ts';
import type { DelegateRunError } from '../wasm/delegate-host.ts';
import { describeWasmError, loadDelegate, runDelegate } from '../wasm/delegate-host.ts';
import type { DelegateContexts } from './contexts.ts';
import type {
  ContractsForDelegates,
  DelegateContractRequest,
  OwnedDelegate,
} from './delegate-contracts.ts';
import type { DelegateFailure, DelegateOutcome, FailureShapes } from './failure-shapes.ts';
import { answerDelegate, describeDelegateFailure } from './failure-shapes.ts';
import { keyText } from './key-text.ts';
import { LoadedDelegates } from './loaded-delegates.ts';
import type { Metrics } from './metrics.ts';
import type { NodeStore } from './store.ts';
import type { Caller } from './users.ts';

/** A delegate whose answers keep asking its node for more is stopped after so many rounds of one request. */
const MAX_ROUNDS = 100;

/** Whether other delegates are sent messages: not by a run that no client has asked for, which nobody vouches for. */
type ToOthers = 'sends' | 'silent';

export interface DelegateDeps {
  readonly store: NodeStore;
  readonly contexts: DelegateContexts;
  readonly contracts: ContractsForDelegates;
  readonly metrics: Pick<Metrics, 'registered'>;
  readonly failureShapes: FailureShapes;
  readonly log: (line: string) => void;
}

export class DelegateService {
  readonly #deps: DelegateDeps;
  readonly #loaded: LoadedDelegates;

  constructor(deps: DelegateDeps) {
    this.#deps = deps;
    this.#loaded = new LoadedDelegates(deps.store);
  }

  /**
   * Carries out one request. Nothing of it is in doubt when this returns: what it wrote is on disk.
   *
   * @param caller for whom the client acts. Code is everybody's; secrets, context and subscriptions are the user's
   */
  carryOut(request: DelegateRequest, caller: Caller): HostResult {
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
  notify(
    { delegate: key, user }: OwnedDelegate,
    contractId: Uint8Array,
    newState: Uint8Array,
  ): readonly HostResult[] {
    const message = {
      type: 'ContractNotification',
      contractId,
      newState,
      context: NO_BYTES,
    } as const;
    const answer = this.#settle('ApplicationMessages', key, () =>
      this.#deps.store.transaction(() =>
        this.#runRounds({ delegate: key, user }, NO_BYTES, [message], undefined, 'silent'),
      ),
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

  #settle(
    request: DelegateRequest['type'],
    key: DelegateKey,
    work: () => DelegateOutcome,
  ): HostResult {
    let outcome: DelegateOutcome;
    try {
      outcome = work();
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

  #register({ key, parameters: params, data }: Delegate): DelegateOutcome {
    const { metrics, store } = this.#deps;
    const known = store.delegate(key);
    const same = known && equalBytes(known.params, params) && equalBytes(known.wasm, data.data);
    if (!same) {
      // the client names the key, but it is the module's and the parameters'
      const hash = codeHash(data.data);
      if (!equalBytes(hash, data.codeHash) || !sameDelegate(delegateKeyOf(hash, params), key)) {
        return err({ type: 'BadDelegate', cause: 'its key is not the key of its module' });
      }
      const loaded = loadDelegate(data.data);
      if (!loaded.ok) return err({ type: 'BadDelegate', cause: describeWasmError(loaded.error) });
      store.transaction(() => store.putDelegate(key, { params, wasm: data.data }));
      this.#loaded.keep(key, loaded.value);
    }
    metrics.registered(key);
    return ok([]);
  }

  #unregister(key: DelegateKey): DelegateOutcome {
    const { contexts, contracts, store } = this.#deps;
    store.transaction(() => store.removeDelegate(key));
    contexts.removeAll(keyText(key));
    contracts.forget(key);
    this.#loaded.drop(key);
    return ok([]);
  }

  #call(
    { key, params, inbound }: Extract<DelegateRequest, { type: 'ApplicationMessages' }>,
    { webApp, user }: Caller,
  ): DelegateOutcome {
    const origin: MessageOrigin | undefined = webApp && { type: 'WebApp', contractId: webApp };
    const { failureShapes, store } = this.#deps;
    return store.transaction(() =>
      failureShapes === 'local'
        ? this.#run({ delegate: key, user }, params, inbound, origin)
        : this.#runRounds({ delegate: key, user }, params, inbound, origin, 'sends'),
    );
  }

  /** As a network node: what the delegate asks of the node is done, and the delegate told, until it asks no more. */
  #runRounds(
    delegate: OwnedDelegate,
    params: Uint8Array,
    inbound: readonly InboundDelegateMsg[],
    origin: MessageOrigin | undefined,
    toOthers: ToOthers,
  ): DelegateOutcome {
    const values: OutboundDelegateMsg[] = [];
    let messages = inbound;
    for (let round = 1; round <= MAX_ROUNDS && messages.length > 0; round++) {
      const outcome = this.#run(delegate, params, messages, origin);
      // what came out of earlier rounds is answered all the same
      if (!outcome.ok) return round === 1 ? outcome : ok(values);
      values.push(...outcome.value.filter(isForClient));
      messages = this.#carryOutRequests(delegate, outcome.value, values, toOthers);
    }
    return ok(values);
  }

  /** Does what a delegate asked of its node. @returns what it is to be told of it */
  #carryOutRequests(
    asking: OwnedDelegate,
    outbound: readonly OutboundDelegateMsg[],
    values: OutboundDelegateMsg[],
    toOthers: ToOthers,
  ): InboundDelegateMsg[] {
    const told: InboundDelegateMsg[] = [];
    for (const type of CONTRACT_REQUESTS) {
      for (const message of outbound) {
        if (message.type === type) {
          const request = message as DelegateContractRequest;
          told.push(this.#deps.contracts.carryOut(request, asking));
        }
      }
    }
    for (const message of outbound) {
      if (message.type !== 'SendDelegateMessage' || toOthers === 'silent') continue;
      const { type: _, ...sent } = message;
      const sender = asking.delegate;
      const outcome = this.#run(
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
  ): DelegateOutcome {
    const { contexts, contracts, store } = this.#deps;
    const { delegate: key, user } = running;
    const delegate = this.#loaded.get(key);
    if (!delegate.ok) return delegate;
    const name = keyText(key, user);
    const ran = runDelegate(delegate.value, {
      params,
      origin,
      messages,
      secrets: store.secrets(key, user),
      context: contexts.get(name),
      contracts: contracts.imports(running),
    });
    if (!ran.ok) return err(failureOf(ran.error));
    contexts.set(name, ran.value.context);
    return ok(ran.value.outbound);
  }
}

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
  return { type: error.type === 'GuestError' ? 'GuestError' : 'Broken', cause };
}

const containedDelegate = (container: DelegateContainer): Delegate | undefined =>
  container.type === 'Wasm' && container.version.type === 'V1'
    ? container.version.delegate
    : undefined;

const NOT_READABLE: HostResult = err({
  type: 'DeserializationError',
  cause: 'a delegate request of a kind this node does not know',
});
