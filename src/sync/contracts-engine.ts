import type { Broadcast, NudgeReason } from '../bridge/messages.ts';
import type { SignatureMemo } from '../river/signatures/memo.ts';
import type { Result } from '../shared/result.ts';
import type { ContractLink } from './contract-link.ts';
import { Lane, type DrainResult, type LaneDeps } from './lane.ts';
import type { LinkFailure } from './node-link.ts';
import { Owed } from './owed.ts';
import { pushRooms } from './push-rooms.ts';

/** Others wait for what is written: a burst of edits is gathered for a moment only. */
const QUIET_MS = 60;
const LONGEST_BURST_MS = 500;

export interface ContractsEngineDeps extends LaneDeps {
  readonly memo: SignatureMemo;
  readonly openLink: () => Promise<Result<ContractLink, LinkFailure>>;
  readonly tell: (message: Broadcast) => void;
}

/**
 * Brings changes of rooms to their contracts: one update per dirty room and iteration. Independent of the delegate's path: own
 * lock, markers, back-off and connection.
 */
export class ContractsEngine {
  readonly #lane: Lane<ContractLink>;
  readonly #tell: ContractsEngineDeps['tell'];

  constructor(deps: ContractsEngineDeps) {
    const { db, clock, random, memo, openLink, tell } = deps;
    this.#tell = tell;
    const owed = new Owed(deps, 'contracts');
    this.#lane = new Lane(deps, {
      path: 'contracts',
      quietMs: QUIET_MS,
      longestBurstMs: LONGEST_BURST_MS,
      openLink,
      wanted: (forced) => owed.anyDue(forced),
      iterate: (link, { epoch, forced }) =>
        pushRooms({ db, clock, random, memo, link, epoch, forced, tell }),
      left: () => owed.any(),
    });
  }

  /** Drains what is due, together with whatever else is asked meanwhile. Never rejects. */
  async nudge(reason: NudgeReason): Promise<DrainResult> {
    const result = await this.#lane.nudge(reason);
    this.#tell({ type: 'sync-changed' });
    return result;
  }
}
