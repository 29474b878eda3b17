/**
 * Runs Freenet delegates: any module that keeps to the ABI, River's own among them.
 *
 * A run is one request of a client: a fresh instance, `process` once per message, in order. The first error ends it, and
 * what earlier messages answered is dropped; what they stored stays stored. Nothing here stops a guest that loops: guests of
 * others run in a thread (`GuestPool`).
 *
 * Semantics: freenet-core: crates/core/src/wasm_runtime/delegate/.
 */
import {
  decodeDelegateResultStruct,
  decodeProcessResult,
  encodeInboundDelegateMsg,
  encodeMessageOrigin,
} from '../../src/freenet/guest-abi.ts';
import type {
  InboundDelegateMsg,
  MessageOrigin,
  OutboundDelegateMsg,
} from '../../src/freenet/types.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { systemRandom } from '../../src/shared/random.ts';
import type { Result } from '../../src/shared/result.ts';
import { err, ok, unreachable } from '../../src/shared/result.ts';
import type { DelegateContracts, DelegateSession, SecretStore } from './delegate-imports.ts';
import { delegateImports } from './delegate-imports.ts';
import type { GuestImports, GuestServices } from './guest-imports.ts';
import { commonImports } from './guest-imports.ts';
import type { GuestInstance, GuestModule } from './guest-instance.ts';
import { instantiate, loadGuest } from './guest-instance.ts';
import type { GuestMemory } from './guest-memory.ts';
import { MAX_RESULT_BYTES } from './guest-memory.ts';
import type { DelegateRefused, ExecutionError, GuestStopped, ModuleError } from './wasm-error.ts';
import { executionError, GuestFault } from './wasm-error.ts';

/** A context this long is not kept. */
const MAX_CONTEXT = 409_600;

/** So many messages may come of one run, with `MAX_RESULT_BYTES` in all. */
const MAX_OUTBOUND = 65_536;

export interface LoadedDelegate extends GuestModule {
  readonly kind: 'delegate';
}

export interface DelegateRequest extends Partial<GuestServices> {
  readonly params: Uint8Array;
  /** Who asks, as the host attests it; undefined: nobody that it knows. */
  readonly origin: MessageOrigin | undefined;
  readonly messages: readonly InboundDelegateMsg[];
  readonly secrets: SecretStore;
  /** What the delegate left at the end of its last run. It takes the place of the messages' own contexts. */
  readonly context: Uint8Array;
  /** Without them every contract is unknown. */
  readonly contracts?: DelegateContracts;
}

export interface DelegateRun {
  readonly outbound: readonly OutboundDelegateMsg[];
  /** To be given to the next run. */
  readonly context: Uint8Array;
}

/** `message` is the index of the message at which the run ended. */
export type DelegateRunError =
  | ModuleError
  | GuestStopped
  | ((ExecutionError | DelegateRefused) & { readonly message: number });

/** In words, for a log or a person. */
export function describeWasmError(error: DelegateRunError): string {
  switch (error.type) {
    case 'InvalidModule':
      return `no WASM module that can be run: ${error.reason}`;
    case 'UnknownImport':
      return `it imports ${error.module}.${error.name}, which no node gives`;
    case 'MissingExport':
      return `it does not export ${error.name}`;
    case 'Trap':
      return `it trapped: ${error.reason}`;
    case 'Stopped':
      return error.reason;
    case 'BadResult':
      return `its result cannot be read: ${error.reason}`;
    case 'GuestError': {
      const { error: cause } = error;
      return cause.type === 'unknown' ? 'it failed' : `${cause.type}: ${cause.cause}`;
    }
    default:
      return unreachable(error);
  }
}

function imports(
  services: GuestServices,
  memory: () => GuestMemory | undefined,
  session: () => DelegateSession | undefined,
): GuestImports {
  return { ...commonImports(services, memory, []), ...delegateImports(memory, session) };
}

const NO_SERVICES: GuestServices = { clock: systemClock, random: systemRandom };

export function loadDelegate(wasm: Uint8Array): Result<LoadedDelegate, ModuleError> {
  const known = imports(
    NO_SERVICES,
    () => undefined,
    () => undefined,
  );
  const guest = loadGuest(wasm, known, ['process']);
  return guest.ok ? ok({ ...guest.value, kind: 'delegate' }) : guest;
}

/** The message as the guest sees it: the context is the host's. */
function withContext(message: InboundDelegateMsg, context: Uint8Array): InboundDelegateMsg {
  return message.type === 'unknown' ? message : { ...message, context };
}

function process(
  instance: GuestInstance,
  request: DelegateRequest,
  message: InboundDelegateMsg,
  said: { bytes: number },
): Result<readonly OutboundDelegateMsg[], DelegateRefused> {
  const { memory } = instance;
  const address = instance.call('process', [
    memory.pass(request.params),
    memory.pass(encodeMessageOrigin(request.origin)),
    memory.pass(encodeInboundDelegateMsg(message)),
  ]);
  const struct = decodeDelegateResultStruct(memory.read(address, 16));
  if (!struct.ok) throw new GuestFault(struct.error.message);
  const { pointer, size } = struct.value;
  said.bytes += size;
  if (said.bytes > MAX_RESULT_BYTES) throw new GuestFault(`${said.bytes} bytes of results`);
  const result = decodeProcessResult(memory.read(pointer, size));
  if (!result.ok) throw new GuestFault(result.error.message);
  return result.value.ok ? result.value : err({ type: 'GuestError', error: result.value.error });
}

/**
 * Contexts at the front are the node's to keep; the first message behind them leaves its context here too.
 *
 * @returns what goes on to the client or the node
 */
function settle(
  outbound: readonly OutboundDelegateMsg[],
  session: DelegateSession,
): readonly OutboundDelegateMsg[] {
  let front = 0;
  for (const message of outbound) {
    if (message.type !== 'ContextUpdated') break;
    session.context = message.context;
    front++;
  }
  const [first, ...rest] = outbound.slice(front);
  if (first?.type !== 'ApplicationMessage') return outbound.slice(front);
  return [{ ...first, context: new Uint8Array(0) }, ...rest];
}

/** @throws what `secrets` or `contracts` throw */
export function runDelegate(
  delegate: LoadedDelegate,
  request: DelegateRequest,
): Result<DelegateRun, DelegateRunError> {
  const session: DelegateSession = {
    secrets: request.secrets,
    contracts: request.contracts,
    context: request.context,
  };
  const outbound: OutboundDelegateMsg[] = [];
  const said = { bytes: 0 };
  let memory: GuestMemory | undefined;
  let running = false;
  let index = 0;
  if (request.messages.length === 0) return ok({ outbound, context: session.context });
  try {
    const services = { ...NO_SERVICES, ...request };
    const given = imports(
      services,
      () => memory,
      () => (running ? session : undefined),
    );
    const instance = instantiate(delegate, given, (of) => {
      memory = of;
    });
    if (!instance.ok) return instance;
    running = true;
    for (const message of request.messages) {
      request.entering?.();
      const own = withContext(message, session.context);
      const result = process(instance.value, request, own, said);
      if (!result.ok) return err({ ...result.error, message: index });
      outbound.push(...settle(result.value, session));
      if (outbound.length > MAX_OUTBOUND) throw new GuestFault(`${outbound.length} messages`);
      if (session.context.length >= MAX_CONTEXT) session.context = new Uint8Array(0);
      index++;
    }
    return ok({ outbound, context: session.context });
  } catch (thrown) {
    const failure = executionError(thrown);
    if (!failure) throw thrown;
    return err({ ...failure, message: index });
  }
}
