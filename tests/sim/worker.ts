import type { NudgeReason } from '../../src/bridge/messages.ts';
import { connectNode } from '../../src/freenet/client.ts';
import type { WeirDatabase } from '../../src/persist/database.ts';
import type { Path } from '../../src/persist/schema.ts';
import type { Dice } from '../../src/river/testing/dice.ts';
import { openContractLink } from '../../src/sync/contract-link.ts';
import { ContractsEngine } from '../../src/sync/contracts-engine.ts';
import { SyncEngine } from '../../src/sync/engine.ts';
import type { DrainResult, Locks } from '../../src/sync/lane.ts';
import { openLegacyLink } from '../../src/sync/migrate/legacy-link.ts';
import { MigrateEngine } from '../../src/sync/migrate/migrate-engine.ts';
import { openLink } from '../../src/sync/node-link.ts';
import { OutboundEngine } from '../../src/sync/outbound/outbound-engine.ts';
import { REGISTRY } from './earlier.ts';
import { memo } from './rooms.ts';
import type { Features } from './schedule.ts';
import type { Actor, Scheduler } from './scheduler.ts';
import type { SimNode } from './sim-node.ts';

export interface WorkerDeps {
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly node: SimNode;
  readonly db: WeirDatabase;
  readonly locks: Locks;
  readonly features: Features;
  readonly editing: () => Promise<boolean>;
}

/** Asks a path's engine, and watches what it answers. */
export type Ask = (
  path: Path,
  engine: { nudge(reason: NudgeReason): Promise<DrainResult> },
) => Promise<void>;

/** A worker (or a page that drains for itself): the app's engines, put together as `browserEngine` puts them together. */
export class Worker {
  readonly actor: Actor;
  readonly #rooms: SyncEngine;
  readonly #contracts: ContractsEngine | undefined;
  readonly #outbound: OutboundEngine | undefined;
  readonly #migrate: MigrateEngine | undefined;

  constructor(actor: Actor, { scheduler, dice, node, db, locks, features, editing }: WorkerDeps) {
    this.actor = actor;
    const clock = scheduler.clockOf(actor);
    const link = {
      db,
      connect: () =>
        connectNode({ url: 'ws://node/', openSocket: () => node.openSocket(actor), clock }),
      userToken: () => Promise.reject(new Error('a node of one person')),
      fetchConfig: () => node.fetchConfig(actor),
      fetchWasm: () => node.fetchWasm(actor),
    };
    const common = { db, locks, clock, random: dice, memo, tell: () => {} };
    const drain = async (): Promise<void> => {
      await this.#rooms.nudge('timer');
      await this.#outbound?.nudge('timer');
    };
    const migrate = features.earlier
      ? new MigrateEngine({
          ...common,
          registry: REGISTRY,
          openLink: () => openLegacyLink(link),
          drain,
        })
      : undefined;
    this.#migrate = migrate;
    this.#rooms = new SyncEngine({
      ...common,
      openLink: () => openLink(link),
      editing,
      ...(migrate && { loaded: (opened) => migrate.begin(opened) }),
    });
    this.#contracts = features.contracts
      ? new ContractsEngine({ ...common, openLink: () => openContractLink(link) })
      : undefined;
    this.#outbound =
      features.dms || features.earlier
        ? new OutboundEngine({ ...common, openLink: () => openLink(link) })
        : undefined;
  }

  /** Resolves when all paths have answered. */
  async drain(reason: NudgeReason, ask: Ask): Promise<void> {
    const outbound = this.#outbound;
    const stored = ask('rooms', this.#rooms).then(() => outbound && ask('outbound-dms', outbound));
    await Promise.all([stored, this.#contracts && ask('contracts', this.#contracts)]);
    await this.#migrate?.nudge(reason);
  }
}
