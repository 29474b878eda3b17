import type { DelegateRunError, LoadedDelegate } from '../../host/wasm/delegate-host.ts';
import { describeWasmError, loadDelegate, runDelegate } from '../../host/wasm/delegate-host.ts';
import { MemorySecrets } from '../../host/wasm/memory-secrets.ts';
import type {
  InboundDelegateMsg,
  MessageOrigin,
  OutboundDelegateMsg,
} from '../../src/freenet/types.ts';
import type { DelegateRequest, DelegateResponse } from '../../src/river/delegate-messages.ts';
import {
  decodeDelegateResponse,
  encodeDelegateRequest,
} from '../../src/river/delegate-messages.ts';
import type { Result } from '../../src/shared/result.ts';
import { ok } from '../../src/shared/result.ts';
import { builtDelegate } from '../compile.ts';

const NO_BYTES = new Uint8Array(0);

/** Secrets whose writes can be refused, by name. */
export class FailingSecrets extends MemorySecrets {
  refuses: (name: string) => boolean = () => false;

  override set(key: Uint8Array, value: Uint8Array): boolean {
    return !this.refuses(Buffer.from(key).toString()) && super.set(key, value);
  }
}

/** A web app's dealings with the chat delegate, on one secret store. */
export class DelegateClient {
  readonly secrets = new FailingSecrets();
  readonly lines: string[] = [];
  readonly #delegate: LoadedDelegate;
  readonly #origin: MessageOrigin;

  /** @param contractId 32 bytes: the web app's */
  constructor(delegate: LoadedDelegate, contractId: Uint8Array) {
    this.#delegate = delegate;
    this.#origin = { type: 'WebApp', contractId };
  }

  run(message: InboundDelegateMsg): Result<readonly OutboundDelegateMsg[], DelegateRunError> {
    return this.runFor(this.#origin, message);
  }

  runFor(
    origin: MessageOrigin | undefined,
    message: InboundDelegateMsg,
  ): Result<readonly OutboundDelegateMsg[], DelegateRunError> {
    const result = runDelegate(this.#delegate, {
      params: NO_BYTES,
      origin,
      messages: [message],
      secrets: this.secrets,
      context: NO_BYTES,
      log: (line) => void this.lines.push(line),
    });
    return result.ok ? ok(result.value.outbound) : result;
  }

  send(payload: Uint8Array): Result<readonly OutboundDelegateMsg[], DelegateRunError> {
    return this.run({ type: 'ApplicationMessage', payload, context: NO_BYTES, processed: false });
  }

  /** The one answer to a request, or the kind of the error. */
  ask(request: DelegateRequest): DelegateResponse | string {
    const result = this.send(encodeDelegateRequest(request, 'ints'));
    if (!result.ok) return kindOf(result.error);
    const [answer] = result.value;
    if (answer?.type !== 'ApplicationMessage') throw new Error(`a ${answer?.type}`);
    const response = decodeDelegateResponse(answer.payload);
    if (!response.ok) throw response.error;
    return response.value;
  }

  /** What the delegate sends when a contract that it watches has a new state. */
  notify(contractId: Uint8Array, newState: Uint8Array): readonly OutboundDelegateMsg[] {
    const message = { type: 'ContractNotification', contractId, newState } as const;
    const result = this.runFor(undefined, { ...message, context: NO_BYTES });
    if (!result.ok) throw new Error(describeWasmError(result.error));
    return result.value;
  }
}

/** The guest's own kind of error where it has answered with one. */
export const kindOf = (error: DelegateRunError): string =>
  error.type === 'GuestError' ? error.error.type : error.type;

export async function loadChatDelegate(): Promise<LoadedDelegate> {
  const loaded = loadDelegate(await builtDelegate());
  if (!loaded.ok) throw new Error(describeWasmError(loaded.error));
  return loaded.value;
}
