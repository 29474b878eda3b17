/** The embedded node: delegates, their secrets, tokens and connections, in one process. */
import type { WebSocket } from 'ws';
import { userIdOf } from '../../src/freenet/user-id.ts';
import type { Clock } from '../../src/shared/clock.ts';
import { equalBytes } from '../../src/shared/bytes.ts';
import { systemClock } from '../../src/shared/clock.ts';
import type { Random } from '../../src/shared/random.ts';
import { systemRandom } from '../../src/shared/random.ts';
import type { Result } from '../../src/shared/result.ts';
import { ok } from '../../src/shared/result.ts';
import { codeHash } from '../../src/freenet/keys.ts';
import { GuestPool } from '../wasm/guest-pool.ts';
import type { ConnectionServices } from './connection.ts';
import { Connection } from './connection.ts';
import { DelegateContexts } from './contexts.ts';
import { ContractRequests } from './contract-requests.ts';
import { ContractModules } from './contract-rules.ts';
import { Contracts } from './contracts.ts';
import { ContractsForDelegates } from './delegate-contracts.ts';
import { DelegateService } from './delegates.ts';
import type { FailureShapes } from './failure-shapes.ts';
import { Metrics } from './metrics.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import { Notifier } from './notifier.ts';
import { riverRules, type BuiltInRules } from './river-rules.ts';
import type { StoreError } from './store.ts';
import { NodeStore } from './store.ts';
import { OperationLimit, type OperationRate } from './operation-limit.ts';
import { Subscriptions } from './subscriptions.ts';
import { TokenRegistry } from './tokens.ts';
import type { Caller } from './users.ts';

/** A Freenet node pings so often, the first time after as long. */
const PING_INTERVAL_MS = 30_000;

/** Clients that don't answer a close frame for so long are cut off, and guests that still run ended. */
const CLOSE_TIMEOUT_MS = 1000;

export interface NodeOptions {
  readonly dataDir: string;
  /** Default: as a network node. */
  readonly failureShapes?: FailureShapes;
  readonly tokenTtlMs?: number;
  readonly pingIntervalMs?: number;
  /** Contracts that may be put without their modules; default River's room contract, by Weir's own rules. */
  readonly builtInRules?: BuiltInRules;
  /** A node of several people: each who connects with a user token has secrets of their own. Default: of one, whatever is brought. */
  readonly hosted?: boolean;
  /** A room contract's module, for rooms that are put without one. */
  readonly roomContract?: Uint8Array;
  /** How long one entry of a guest may take; default as on a Freenet node, five seconds. */
  readonly guestLimitMs?: number;
  /** How fast each person of a hosted node may ask for work. */
  readonly operationRate?: OperationRate;
  readonly clock?: Clock;
  readonly random?: Random;
  /** What went wrong with a delegate, which a client of a network node is never told; one line each. */
  readonly log?: (line: string) => void;
}

/** What only the host can do to its node, and goes on when the node begins anew. */
export interface NodeHost {
  readonly misbehaviour: Misbehaviour;
  /** Ends this node and opens another one on its data. */
  restart(): Promise<void>;
}

export class EmbeddedNode {
  readonly tokens: TokenRegistry;
  readonly metrics: Metrics;
  readonly #hosted: boolean;
  readonly #store: NodeStore;
  readonly #guests: GuestPool;
  readonly #services: ConnectionServices;
  readonly #connections = new Set<Connection>();
  #allClosed: (() => void) | undefined;

  private constructor(store: NodeStore, options: NodeOptions, host: NodeHost) {
    const clock = options.clock ?? systemClock;
    const failureShapes = options.failureShapes ?? 'network';
    this.#store = store;
    this.#hosted = options.hosted ?? false;
    this.tokens = new TokenRegistry(clock, options.random ?? systemRandom, options.tokenTtlMs);
    this.metrics = new Metrics(clock);
    this.#guests = new GuestPool(options.guestLimitMs);
    const modules = new ContractModules(this.#guests);
    const builtIn = builtInRules(options, modules);
    const contracts = new Contracts({ store, modules, builtIn });
    const log = options.log ?? (() => undefined);
    const contractsForDelegates = new ContractsForDelegates(contracts);
    const subscriptions = new Subscriptions();
    const delegates = new DelegateService({
      store,
      contexts: new DelegateContexts(clock),
      contracts: contractsForDelegates,
      metrics: this.metrics,
      guests: this.#guests,
      failureShapes,
      log,
    });
    this.#services = {
      clock,
      delegates,
      contracts: new ContractRequests(contracts, subscriptions, failureShapes),
      subscriptions,
      notifier: new Notifier({
        contracts,
        contractsForDelegates,
        delegates,
        subscriptions,
        failureShapes,
        clients: this.#connections,
        log,
      }),
      metrics: this.metrics,
      misbehaviour: host.misbehaviour,
      fillStore: (isFull) => store.fill(isFull),
      restart: () => void host.restart(),
      failureShapes,
      operationLimit: new OperationLimit(clock, options.operationRate),
      pingIntervalMs: options.pingIntervalMs ?? PING_INTERVAL_MS,
    };
  }

  static open(options: NodeOptions, host: NodeHost): Result<EmbeddedNode, StoreError> {
    const store = NodeStore.open(options.dataDir);
    return store.ok ? ok(new EmbeddedNode(store.value, options, host)) : store;
  }

  /**
   * @param webApp the contract id of the web app that the connection acts for, if any
   * @param userToken says as whose secrets are used; ignored where the node is not a hosted one
   */
  accept(socket: WebSocket, webApp: Uint8Array | undefined, userToken?: string): void {
    this.#open(socket, webApp, userToken).serve();
  }

  /** A client with a token: closed with an explanation when the node does not know it. */
  async acceptToken(socket: WebSocket, token: string, userToken?: string): Promise<void> {
    const webApp = this.tokens.contractOf(token);
    const connection = this.#open(socket, webApp, userToken);
    if (webApp === undefined) await connection.refuseToken();
    else connection.serve();
  }

  /** Cuts every connection without a word. The node goes on. */
  dropConnections(): void {
    for (const connection of this.#connections) connection.terminate();
  }

  /** Says goodbye to every client (1001), then closes the store. Requests that have not begun are dropped. */
  async close(): Promise<void> {
    for (const connection of this.#connections) connection.takeNoMore();
    if (this.#connections.size > 0) {
      const closed = new Promise<void>((resolve) => {
        this.#allClosed = resolve;
      });
      for (const connection of this.#connections) connection.close(1001, 'the node is stopping');
      const timer = setTimeout(() => {
        this.dropConnections();
        void this.#guests.close();
      }, CLOSE_TIMEOUT_MS);
      await closed;
      clearTimeout(timer);
    }
    const told = this.#services.notifier.stop();
    await this.#guests.close();
    await told;
    await this.#store.close();
  }

  #open(
    socket: WebSocket,
    webApp: Uint8Array | undefined,
    userToken: string | undefined,
  ): Connection {
    const isUser = this.#hosted && userToken !== undefined && userToken !== '';
    const caller: Caller = {
      ...(webApp && { webApp }),
      ...(isUser && { user: userIdOf(userToken) }),
    };
    const connection = new Connection(socket, this.#services, caller, () => {
      this.#connections.delete(connection);
      if (this.#connections.size === 0) this.#allClosed?.();
    });
    this.#connections.add(connection);
    return connection;
  }
}

/** What decides about contracts that are put without their modules. */
function builtInRules(options: NodeOptions, modules: ContractModules): BuiltInRules {
  const builtIn = options.builtInRules ?? riverRules();
  const { roomContract } = options;
  if (!roomContract) return builtIn;
  const hash = codeHash(roomContract);
  const rules = modules.rules(hash, () => roomContract);
  return (wanted) => (equalBytes(wanted, hash) ? rules : builtIn(wanted));
}
