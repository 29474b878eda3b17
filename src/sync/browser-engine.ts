import { CHANNEL, type Broadcast, type NudgeReason } from '../bridge/messages.ts';
import { EDITING_LOCK } from '../bridge/tags.ts';
import { connectNode } from '../freenet/client.ts';
import { WeirDatabase } from '../persist/database.ts';
import { userToken } from '../persist/user-token.ts';
import { SignatureMemo } from '../river/signatures/memo.ts';
import { chooseVerifier } from '../river/signatures/verifier.ts';
import { appNodeAddress } from '../shared/app-node.ts';
import { systemClock } from '../shared/clock.ts';
import { systemRandom } from '../shared/random.ts';
import type { UserToken } from '../shared/user-token.ts';
import { openContractLink } from './contract-link.ts';
import { ContractsEngine } from './contracts-engine.ts';
import { EarlierRoomsEngine } from './earlier/earlier-rooms-engine.ts';
import { SyncEngine } from './engine.ts';
import type { DrainResult } from './lane.ts';
import { decodeHostConfig } from './host-config.ts';
import { LEGACY_DELEGATES } from './migrate/legacy-delegates.ts';
import { openLegacyLink } from './migrate/legacy-link.ts';
import { MigrateEngine } from './migrate/migrate-engine.ts';
import { isOurs, openLink } from './node-link.ts';
import { OutboundEngine } from './outbound/outbound-engine.ts';

export interface BrowserEngine {
  nudge(reason: NudgeReason): Promise<DrainResult>;
}

interface Engines {
  readonly delegate: SyncEngine;
  readonly contracts: ContractsEngine;
  readonly outbound: OutboundEngine;
  readonly migrate: MigrateEngine;
  readonly earlier: EarlierRoomsEngine;
}

/**
 * The engines on the browser's own parts, for a worker or a page: IndexedDB, Web Locks, fetch, WebSocket.
 *
 * @param origin of the host that serves the app: it is the node, or fronts one
 */
export function browserEngine(origin: string): BrowserEngine {
  const channel = new BroadcastChannel(CHANNEL);
  const tell = (message: Broadcast): void => {
    channel.postMessage(message);
  };
  let engines: Promise<Engines> | undefined;

  const open = async (): Promise<Engines> => {
    const again = (): void => {
      engines = undefined; // what they remember is of a database that is no more: the next nudge opens it afresh
    };
    const opened = await WeirDatabase.open('weir', { outdated: again, deleted: again });
    if (!opened.ok) throw new Error(opened.error.type);
    const db = opened.value;
    const deps = {
      db,
      connect: (as: UserToken | undefined) => {
        const { url, protocols } = appNodeAddress(origin, as);
        return connectNode({ url, openSocket: (at) => new WebSocket(at, protocols) });
      },
      userToken: () => userToken(db, systemRandom),
      fetchConfig: async () => decodeHostConfig(await (await get('/weir/config.json')).json()),
      fetchWasm: async (url: string) => new Uint8Array(await (await get(url)).arrayBuffer()),
    };
    const common = {
      db,
      locks: {
        request: <T>(name: string, body: () => Promise<T>): Promise<T> =>
          navigator.locks.request(name, body),
      },
      clock: systemClock,
      random: systemRandom,
      memo: new SignatureMemo(await chooseVerifier(crypto.subtle)),
      tell,
    };
    const migrate = new MigrateEngine({
      ...common,
      registry: LEGACY_DELEGATES,
      openLink: () => openLegacyLink(deps),
      fits: (link) => isOurs(deps, link),
      drain: async () => {
        await delegate.nudge('timer');
        await outbound.nudge('timer');
      },
    });
    const delegate: SyncEngine = new SyncEngine({
      ...common,
      loaded: (link) => migrate.begin(link),
      openLink: () => openLink(deps),
      fits: (link) => isOurs(deps, link),
      editing: async () => {
        const { held = [] } = await navigator.locks.query();
        return held.some(({ name }) => name === EDITING_LOCK);
      },
    });
    const contracts = new ContractsEngine({ ...common, openLink: () => openContractLink(deps) });
    const earlier = new EarlierRoomsEngine({
      ...common,
      openLink: () => openContractLink(deps),
      drain: () => contracts.nudge('timer'),
    });
    const outbound: OutboundEngine = new OutboundEngine({
      ...common,
      openLink: () => openLink(deps),
      fits: (link) => isOurs(deps, link),
    });
    return { delegate, contracts, outbound, migrate, earlier };
  };

  return {
    async nudge(reason) {
      engines ??= open();
      try {
        const { delegate, contracts, outbound, migrate, earlier } = await engines;
        // by then the delegate is registered: it is not sent to the node twice
        const stored = delegate
          .nudge(reason)
          .then(async (rooms) => [rooms, await outbound.nudge(reason)]);
        const results = (await Promise.all([stored, contracts.nudge(reason)])).flat();
        // last: what earlier versions hold has waited so long that it can wait a moment more
        await Promise.all([migrate.nudge(reason), earlier.nudge(reason)]);
        return results.find(({ type }) => type === 'failed') ?? { type: 'clean' };
      } catch (error) {
        engines = undefined; // the next nudge opens the database afresh
        return { type: 'failed', reason: String(error) };
      }
    },
  };
}

async function get(path: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { cache: 'no-store' });
  } catch {
    throw new Error('it does not answer');
  }
  if (!response.ok) throw new Error(`it answered ${response.status} for ${path}`);
  return response;
}
