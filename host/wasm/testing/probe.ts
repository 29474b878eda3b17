import { compile } from '../../../delegate/compile.ts';
import type { InboundDelegateMsg } from '../../../src/freenet/types.ts';
import { concatBytes, utf8 } from '../../../src/shared/bytes.ts';
import type { DelegateRequest, LoadedDelegate } from '../delegate-host.ts';
import { describeWasmError, loadDelegate, runDelegate } from '../delegate-host.ts';
import { MemorySecrets } from '../memory-secrets.ts';

/** Operations of delegate/assembly/testing/probe.ts. */
export const OP = {
  scratch: 0,
  early: 1,
  ctxLen: 2,
  ctxRead: 3,
  ctxWrite: 4,
  getSecretLen: 5,
  getSecret: 6,
  setSecret: 7,
  hasSecret: 8,
  removeSecret: 9,
  listSecretsLen: 10,
  listSecrets: 11,
  contractStateLen: 12,
  contractState: 13,
  putContractState: 14,
  updateContractState: 15,
  subscribeContract: 16,
  createDelegate: 17,
  log: 18,
  random: 19,
  time: 20,
  recurse: 21,
  trap: 99,
  answer: 100,
  nowhere: 101,
  context: 102,
  arguments: 103,
} as const;

const NO_BYTES = new Uint8Array(0);

export type RunResult = ReturnType<typeof runDelegate>;

/** What an import answered, and what then stands at the scratch area. */
export interface ImportAnswer {
  readonly code: number;
  readonly at: (offset: number, length: number) => Uint8Array;
}

/** The payload of an operation that calls an import. */
export function payload(
  operation: number,
  args: readonly bigint[],
  bytes: Uint8Array = NO_BYTES,
): Uint8Array {
  const head = new Uint8Array(33);
  head[0] = operation;
  const view = new DataView(head.buffer);
  for (const [index, arg] of args.entries()) view.setBigInt64(1 + index * 8, arg, true);
  return concatBytes([head, bytes]);
}

function message(bytes: Uint8Array): InboundDelegateMsg {
  const context = utf8('the client’s');
  return { type: 'ApplicationMessage', payload: bytes, context, processed: false };
}

/** The delegate that does what its messages say, in the host. */
export class Probe {
  /** Where the bytes of an operation are put, in guest memory. */
  readonly scratch: bigint;
  readonly #delegate: LoadedDelegate;

  private constructor(delegate: LoadedDelegate) {
    this.#delegate = delegate;
    this.scratch = BigInt(this.callImport(OP.scratch, []).code);
  }

  static async load(): Promise<Probe> {
    const loaded = loadDelegate(await compile('testing/probe.ts'));
    if (!loaded.ok) throw new Error(describeWasmError(loaded.error));
    return new Probe(loaded.value);
  }

  run(payloads: readonly Uint8Array[], more: Partial<DelegateRequest> = {}): RunResult {
    return runDelegate(this.#delegate, {
      params: NO_BYTES,
      origin: undefined,
      messages: payloads.map(message),
      secrets: new MemorySecrets(),
      context: NO_BYTES,
      ...more,
    });
  }

  /** The payloads of the answers. */
  replies(payloads: readonly Uint8Array[], more?: Partial<DelegateRequest>): Uint8Array[] {
    const result = this.run(payloads, more);
    if (!result.ok) throw new Error(describeWasmError(result.error));
    return result.value.outbound.map((one) => {
      if (one.type !== 'ApplicationMessage') throw new Error(`a ${one.type}`);
      return one.payload;
    });
  }

  callImport(
    operation: number,
    args: readonly bigint[],
    bytes?: Uint8Array,
    more?: Partial<DelegateRequest>,
  ): ImportAnswer {
    const [reply] = this.replies([payload(operation, args, bytes)], more);
    if (!reply) throw new Error('no reply');
    const code = Number(new DataView(reply.buffer, reply.byteOffset).getBigInt64(0, true));
    return { code, at: (offset, length) => reply.subarray(8 + offset, 8 + offset + length) };
  }
}
