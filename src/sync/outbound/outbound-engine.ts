import type { Broadcast, NudgeReason } from '../../bridge/messages.ts';
import { OUTBOUND_KEY } from '../../persist/outbound-rows.ts';
import { ok, type Result } from '../../shared/result.ts';
import { Lane, type DrainResult, type LaneDeps, type LanePass } from '../lane.ts';
import type { LinkFailure, NodeLink, RemoteValue } from '../node-link.ts';
import { LastRead, Owed } from '../owed.ts';
import type { ImportOutcome } from '../remote-base.ts';
import { REQUEST_BOUND, type SaveResult } from '../save-keys.ts';
import { importOutbound } from './import-outbound.ts';
import { saveOutboundDmsToDelegate } from './save-outbound.ts';

const QUIET_MS = 250;
const LONGEST_BURST_MS = 5_000;

export interface OutboundEngineDeps extends LaneDeps {
  readonly openLink: () => Promise<Result<NodeLink, LinkFailure>>;
  /** Whether an open link still speaks for who this profile is. */
  readonly fits?: (link: NodeLink) => Promise<boolean>;
  readonly tell: (message: Broadcast) => void;
}

/**
 * Brings the words of sent direct messages, and which conversations are archived, to the delegate's key for them, and what it
 * holds to the rows. Independent of the rooms: own lock, marker, back-off and connection.
 */
export class OutboundEngine {
  readonly #deps: OutboundEngineDeps;
  readonly #lane: Lane<NodeLink>;
  readonly #read: LastRead<NodeLink>;

  constructor(deps: OutboundEngineDeps) {
    this.#deps = deps;
    this.#read = new LastRead(deps.clock);
    const owed = new Owed(deps, 'outbound-dms');
    this.#lane = new Lane(deps, {
      path: 'outbound-dms',
      quietMs: QUIET_MS,
      longestBurstMs: LONGEST_BURST_MS,
      wanted: async (forced) => forced || owed.anyDue(),
      openLink: deps.openLink,
      ...(deps.fits && { fits: deps.fits }),
      iterate: (link, pass) => this.#iterate(link, pass),
      left: () => owed.any(),
    });
  }

  /** Drains what is due, together with whatever else is asked meanwhile. Never rejects. */
  async nudge(reason: NudgeReason): Promise<DrainResult> {
    const result = await this.#lane.nudge(reason);
    this.#deps.tell({ type: 'sync-changed' });
    return result;
  }

  async #iterate(link: NodeLink, { epoch, forced }: LanePass): Promise<SaveResult> {
    const { db, clock, random, tell } = this.#deps;
    const importRemote = importOutbound({ db, clock, epoch, target: link.target, tell });
    if (this.#read.isDue(link, forced)) {
      const read = await fireLoadOutboundDmsRequest(link, importRemote);
      if (!read.ok) return { type: 'broken', failure: read.error };
      this.#read.done(link);
    }
    return saveOutboundDmsToDelegate({
      db,
      clock,
      random,
      link,
      epoch,
      forced,
      importRemote,
      requestBound: REQUEST_BOUND,
    });
  }
}

/** Reads the key and merges what is news into the rows; what it lacks becomes owed. */
async function fireLoadOutboundDmsRequest(
  link: NodeLink,
  importRemote: (key: string, remote: RemoteValue) => Promise<ImportOutcome>,
): Promise<Result<undefined, LinkFailure>> {
  const read = await link.getVersioned([OUTBOUND_KEY]);
  if (!read.ok) {
    link.close();
    return read;
  }
  for (const [key, remote] of read.value) await importRemote(key, remote);
  return ok(undefined);
}
