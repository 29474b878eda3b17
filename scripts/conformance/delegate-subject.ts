/** The delegate that vectors are played to: its module alone, or on a node behind a WebSocket. */
import { MemorySecrets } from '../../host/wasm/memory-secrets.ts';
import { NodeStore } from '../../host/node/store.ts';
import type { ClientError } from '../../src/freenet/client-error.ts';
import { delegateKey, wasmDelegate } from '../../src/freenet/keys.ts';
import type { DelegateKey, InboundDelegateMsg, MessageOrigin } from '../../src/freenet/types.ts';
import { toHex } from '../../src/shared/bytes.ts';
import type { StepOutcome } from './delegate-run.ts';
import { delegateModule, delegateUnderTest, runStep } from './delegate-run.ts';
import type { TestNode } from './node-socket.ts';
import { NodeSocket, startNode } from './node-socket.ts';
import type { RunOptions } from './runner.ts';

const NO_BYTES = new Uint8Array(0);

export interface DelegateSubject {
  /** @returns undefined when such a call can't be made */
  step(
    origin: MessageOrigin | undefined,
    message: InboundDelegateMsg,
  ): Promise<StepOutcome | undefined>;
  /** What it has stored: key to value, in hex. */
  secrets(): ReadonlyMap<string, string>;
  close(): Promise<void>;
}

export async function delegateSubject(options: RunOptions): Promise<DelegateSubject> {
  if (options.overWebsocket === true) return NodeSubject.start(await delegateModule(options));
  const delegate = await delegateUnderTest(options);
  const secrets = new MemorySecrets();
  return {
    step: async (origin, message) => runStep(delegate, secrets, origin, message),
    secrets: () => secrets.snapshot(),
    close: async () => undefined,
  };
}

class NodeSubject implements DelegateSubject {
  readonly #node: TestNode;
  /** The node's own store, which this process may open twice: what a client can't see. */
  readonly #store: NodeStore;
  readonly #key: DelegateKey;
  /** A connection for each web app, by its contract id in hex. */
  readonly #sockets = new Map<string, NodeSocket>();

  private constructor(node: TestNode, store: NodeStore, key: DelegateKey) {
    this.#node = node;
    this.#store = store;
    this.#key = key;
  }

  static async start(wasm: Uint8Array): Promise<NodeSubject> {
    const node = await startNode();
    const store = NodeStore.open(node.dataDir);
    if (!store.ok) throw new Error(JSON.stringify(store.error));
    const key = delegateKey(wasm, NO_BYTES);
    const subject = new NodeSubject(node, store.value, key);
    const registered = await (
      await subject.#socketOf(undefined)
    ).ask({
      type: 'DelegateOp',
      request: {
        type: 'RegisterDelegate',
        delegate: wasmDelegate(wasm, NO_BYTES, key),
        cipher: new Uint8Array(32),
        nonce: new Uint8Array(24),
      },
    });
    if (registered.ok) return subject;
    await subject.close();
    throw new Error(`the delegate can't be registered: ${JSON.stringify(registered.error)}`);
  }

  async step(
    origin: MessageOrigin | undefined,
    message: InboundDelegateMsg,
  ): Promise<StepOutcome | undefined> {
    if (origin && origin.type !== 'WebApp') return undefined; // no client can be a delegate
    const socket = await this.#socketOf(origin?.contractId);
    const request = { key: this.#key, params: NO_BYTES, inbound: [message] };
    const answer = await socket.ask({
      type: 'DelegateOp',
      request: { type: 'ApplicationMessages', ...request },
    });
    if (!answer.ok) return { error: errorOf(answer.error), outbound: [] };
    if (answer.value.type === 'DelegateResponse') {
      return { error: undefined, outbound: answer.value.values };
    }
    const text = `an answer of type ${answer.value.type}`;
    return { error: { kind: answer.value.type, text }, outbound: [] };
  }

  secrets(): ReadonlyMap<string, string> {
    const secrets = this.#store.secrets(this.#key);
    return new Map(
      secrets.list(NO_BYTES).map((key) => [toHex(key), toHex(secrets.get(key) ?? NO_BYTES)]),
    );
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.values()) socket.close();
    await this.#store.close();
    await this.#node.close();
  }

  async #socketOf(contractId: Uint8Array | undefined): Promise<NodeSocket> {
    const name = contractId ? toHex(contractId) : '';
    const open = this.#sockets.get(name) ?? (await NodeSocket.connect(this.#node.host, contractId));
    this.#sockets.set(name, open);
    return open;
  }
}

/** A guest's error is told in words that begin with its kind. */
function errorOf(error: ClientError): StepOutcome['error'] {
  const text = JSON.stringify(error);
  if (error.type !== 'RequestError' || error.error.type !== 'DelegateError') {
    return { kind: error.type, text };
  }
  const { error: cause } = error.error;
  const kind = cause.type === 'ExecutionError' ? (cause.cause.split(':')[0] ?? '') : cause.type;
  return { kind, text };
}
