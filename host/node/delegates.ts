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
import { equalBytes, toHex } from '../../src/shared/bytes.ts';
import type { Result } from '../../src/shared/result.ts';
import { err, ok, unreachable } from '../../src/shared/result.ts';
import type { DelegateRunError, LoadedDelegate } from '../wasm/delegate-host.ts';
import { describeWasmError, loadDelegate, runDelegate } from '../wasm/delegate-host.ts';
import type { DelegateContexts } from './contexts.ts';
import type { DelegateContractRequest } from './contracts.ts';
import { refuseDelegateContractRequest } from './contracts.ts';
import type { DelegateFailure, DelegateOutcome, FailureShapes } from './failure-shapes.ts';
import { answerDelegate, describeDelegateFailure } from './failure-shapes.ts';
import type { Metrics } from './metrics.ts';
import type { NodeStore } from './store.ts';

/** A delegate whose answers keep asking its node for more is stopped after so many rounds of one request. */
const MAX_ROUNDS = 100;

/** Compiled modules kept; a module of 1 MB takes some tens of milliseconds to compile. */
const MAX_LOADED = 16;

export interface DelegateDeps {
  readonly store: NodeStore;
  readonly contexts: DelegateContexts;
  readonly metrics: Pick<Metrics, 'registered'>;
  readonly failureShapes: FailureShapes;
  readonly log: (line: string) => void;
}

export class DelegateService {
  readonly #deps: DelegateDeps;
  /** By `keyText`; the longest unused first. */
  readonly #loaded = new Map<string, LoadedDelegate>();

  constructor(deps: DelegateDeps) {
    this.#deps = deps;
  }

  /**
   * Carries out one request. Nothing of it is in doubt when this returns: what it wrote is on disk.
   *
   * @param webApp the contract id that the client acts for
   */
  carryOut(request: DelegateRequest, webApp: Uint8Array | undefined): HostResult {
    switch (request.type) {
      case 'ApplicationMessages':
        return this.#settle(request.type, request.key, () => this.#call(request, webApp));
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
      this.#keepLoaded(key, loaded.value);
    }
    metrics.registered(key);
    return ok([]);
  }

  #unregister(key: DelegateKey): DelegateOutcome {
    const { store } = this.#deps;
    store.transaction(() => store.removeDelegate(key));
    this.#deps.contexts.remove(keyText(key));
    this.#loaded.delete(keyText(key));
    return ok([]);
  }

  #call(
    { key, params, inbound }: Extract<DelegateRequest, { type: 'ApplicationMessages' }>,
    webApp: Uint8Array | undefined,
  ): DelegateOutcome {
    const origin: MessageOrigin | undefined = webApp && { type: 'WebApp', contractId: webApp };
    const { failureShapes, store } = this.#deps;
    return store.transaction(() =>
      failureShapes === 'local'
        ? this.#run(key, params, inbound, origin)
        : this.#runRounds(key, params, inbound, origin),
    );
  }

  /** As a network node: what the delegate asks of the node is done, and the delegate told, until it asks no more. */
  #runRounds(
    key: DelegateKey,
    params: Uint8Array,
    inbound: readonly InboundDelegateMsg[],
    origin: MessageOrigin | undefined,
  ): DelegateOutcome {
    const values: OutboundDelegateMsg[] = [];
    let messages = inbound;
    for (let round = 1; round <= MAX_ROUNDS && messages.length > 0; round++) {
      const outcome = this.#run(key, params, messages, origin);
      // what came out of earlier rounds is answered all the same
      if (!outcome.ok) return round === 1 ? outcome : ok(values);
      values.push(...outcome.value.filter(isForClient));
      messages = this.#carryOutRequests(key, outcome.value, values);
    }
    return ok(values);
  }

  /** Does what a delegate asked of its node. @returns what it is to be told of it */
  #carryOutRequests(
    caller: DelegateKey,
    outbound: readonly OutboundDelegateMsg[],
    values: OutboundDelegateMsg[],
  ): InboundDelegateMsg[] {
    const told: InboundDelegateMsg[] = [];
    for (const type of CONTRACT_REQUESTS) {
      for (const message of outbound) {
        if (message.type === type) {
          told.push(refuseDelegateContractRequest(message as DelegateContractRequest));
        }
      }
    }
    for (const message of outbound) {
      if (message.type !== 'SendDelegateMessage') continue;
      const { type: _, ...sent } = message;
      const outcome = this.#run(
        sent.target,
        NO_BYTES,
        [{ ...sent, type: 'DelegateMessage', sender: caller }],
        { type: 'Delegate', delegate: caller },
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
    key: DelegateKey,
    params: Uint8Array,
    messages: readonly InboundDelegateMsg[],
    origin: MessageOrigin | undefined,
  ): DelegateOutcome {
    const { contexts, store } = this.#deps;
    const delegate = this.#load(key);
    if (!delegate.ok) return delegate;
    const ran = runDelegate(delegate.value, {
      params,
      origin,
      messages,
      secrets: store.secrets(key),
      context: contexts.get(keyText(key)),
    });
    if (!ran.ok) return err(failureOf(ran.error));
    contexts.set(keyText(key), ran.value.context);
    return ok(ran.value.outbound);
  }

  #load(key: DelegateKey): Result<LoadedDelegate, DelegateFailure> {
    const text = keyText(key);
    const kept = this.#loaded.get(text);
    if (kept) {
      this.#loaded.delete(text);
      this.#loaded.set(text, kept);
      return ok(kept);
    }
    const stored = this.#deps.store.delegate(key);
    if (!stored) return err({ type: 'NotRegistered' });
    const loaded = loadDelegate(stored.wasm);
    if (!loaded.ok) return err({ type: 'BadDelegate', cause: describeWasmError(loaded.error) });
    this.#keepLoaded(key, loaded.value);
    return loaded;
  }

  #keepLoaded(key: DelegateKey, delegate: LoadedDelegate): void {
    this.#loaded.set(keyText(key), delegate);
    if (this.#loaded.size <= MAX_LOADED) return;
    const [oldest] = this.#loaded.keys();
    if (oldest !== undefined) this.#loaded.delete(oldest);
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

/** Both halves: delegates with one text may differ in their code. */
const keyText = (key: DelegateKey): string => `${toHex(key.key)}${toHex(key.codeHash)}`;

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
