import { readFileSync } from 'node:fs';
import { builtDelegate } from '../../delegate/compile.ts';
import type { LoadedDelegate } from '../../host/wasm/delegate-host.ts';
import { describeWasmError, loadDelegate, runDelegate } from '../../host/wasm/delegate-host.ts';
import type { MemorySecrets } from '../../host/wasm/memory-secrets.ts';
import type {
  InboundDelegateMsg,
  MessageOrigin,
  OutboundDelegateMsg,
} from '../../src/freenet/types.ts';
import type { Random } from '../../src/shared/random.ts';
import type { RunOptions } from './runner.ts';

/** The module to test: the one that was asked for, or Weir's own. */
export const delegateModule = (options: RunOptions): Promise<Uint8Array> =>
  options.delegate ? Promise.resolve(readFileSync(options.delegate)) : builtDelegate();

/** The same, ready to run. */
export async function delegateUnderTest(options: RunOptions): Promise<LoadedDelegate> {
  const loaded = loadDelegate(await delegateModule(options));
  if (loaded.ok) return loaded.value;
  throw new Error(
    `${options.delegate ?? "Weir's delegate"} cannot be run: ${describeWasmError(loaded.error)}`,
  );
}

/** How one call of a delegate ended. */
export interface StepOutcome {
  /** Of the guest's error (`Deser`, `Other`), or of what kept it from answering (`Trap`, …). */
  readonly error: { readonly kind: string; readonly text: string } | undefined;
  readonly outbound: readonly OutboundDelegateMsg[];
}

const NO_BYTES = new Uint8Array(0);

/** A delegate that needs randomness for what it answers would show by it. */
const noRandom: Pick<Random, 'bytes'> = { bytes: (length) => new Uint8Array(length) };

export function runStep(
  delegate: LoadedDelegate,
  secrets: MemorySecrets,
  origin: MessageOrigin | undefined,
  message: InboundDelegateMsg,
): StepOutcome {
  const run = runDelegate(delegate, {
    params: NO_BYTES,
    origin,
    messages: [message],
    secrets,
    context: NO_BYTES,
    random: noRandom,
  });
  if (run.ok) return { error: undefined, outbound: run.value.outbound };
  const { error } = run;
  const kind = error.type === 'GuestError' ? error.error.type : error.type;
  return { error: { kind, text: describeWasmError(error) }, outbound: [] };
}

export function applicationMessage(payload: Uint8Array, processed: boolean): InboundDelegateMsg {
  return { type: 'ApplicationMessage', payload, context: NO_BYTES, processed };
}
