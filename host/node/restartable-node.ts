/** The host's node, which can end and begin anew on its data while the host goes on, as a node that is killed and started again. */
import { systemClock } from '../../src/shared/clock.ts';
import type { Result } from '../../src/shared/result.ts';
import { ok } from '../../src/shared/result.ts';
import { Misbehaviour } from './misbehaviour.ts';
import type { NodeHost, NodeOptions } from './node.ts';
import { EmbeddedNode } from './node.ts';
import { describeStoreError, type StoreError } from './store.ts';

export class RestartableNode implements NodeHost {
  readonly misbehaviour: Misbehaviour;
  readonly #options: NodeOptions;
  #node: EmbeddedNode | undefined;
  #restarting: Promise<void> | undefined;
  #closing = false;

  private constructor(options: NodeOptions) {
    this.#options = options;
    this.misbehaviour = new Misbehaviour(options.clock ?? systemClock);
  }

  static open(options: NodeOptions): Result<RestartableNode, StoreError> {
    const running = new RestartableNode(options);
    const opened = EmbeddedNode.open(options, running);
    if (!opened.ok) return opened;
    running.#node = opened.value;
    return ok(running);
  }

  /** While the node is down between two lives, the one that has ended. */
  get node(): EmbeddedNode {
    if (!this.#node) throw new Error('the node was not opened');
    return this.#node;
  }

  get isUp(): boolean {
    return this.#restarting === undefined;
  }

  /** Resolves when the node is up again. */
  async restart(): Promise<void> {
    if (this.#closing) return;
    this.#restarting ??= this.#beginAnew().finally(() => {
      this.#restarting = undefined;
    });
    await this.#restarting;
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#restarting;
    await this.#node?.close();
  }

  async #beginAnew(): Promise<void> {
    const { node } = this;
    node.dropConnections();
    await node.close();
    const opened = EmbeddedNode.open(this.#options, this);
    if (!opened.ok) throw new Error(describeStoreError(opened.error));
    this.#node = opened.value;
  }
}
