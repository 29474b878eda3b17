import type { Broadcast, NudgeReason } from '../../bridge/messages.ts';
import type { SearchedRoom } from '../../persist/begin-search.ts';
import { isAnswered, openSearchesIn } from '../../persist/room-search.ts';
import type { EarlierContract, RoomSearchRow } from '../../persist/earlier-rows.ts';
import type { BaseRow } from '../../persist/schema.ts';
import type { SignatureMemo } from '../../river/signatures/memo.ts';
import { fromBase58, id32FromBase58 } from '../../shared/bytes.ts';
import type { Result } from '../../shared/result.ts';
import { isTimeToAsk } from '../backoff.ts';
import type { ContractLink } from '../contract-link.ts';
import { Lane, type DrainResult, type LaneDeps, type LanePass } from '../lane.ts';
import type { LinkFailure } from '../node-link.ts';
import { EarlierAnswers, type EarlierDeps } from './ask-contract.ts';
import { pointOnward } from './point-onward.ts';

/** Earlier contracts that are asked for at once. */
const WAVE = 8;

/** A drain ends after so long, whatever is left: browsers stop workers that go on for ever. The rest is asked by the next one. */
const LONGEST_DRAIN_MS = 120_000;

export interface EarlierRoomsDeps extends LaneDeps {
  readonly memo: SignatureMemo;
  readonly openLink: () => Promise<Result<ContractLink, LinkFailure>>;
  readonly tell: (message: Broadcast) => void;
  /** Brings what was found to the rooms' contracts of now. */
  readonly drain: () => Promise<unknown>;
}

type PassResult =
  | { readonly type: 'idle' | 'done' }
  | { readonly type: 'broken'; readonly failure: LinkFailure };

/** What is to be done for one room. */
interface Work {
  readonly row: RoomSearchRow;
  /** Contracts to be asked, newest first. */
  readonly ask: readonly EarlierContract[];
  /** Contracts that are to be told where the room is now. */
  readonly point: readonly EarlierContract[];
}

/**
 * Looks for rooms that their contracts of now do not have under the earlier ones: on a path, a lock and a connection of its own, so
 * that nothing waits for it. Without a search that was begun (`beginSearch`) it asks the node for nothing. Everything that it knows
 * is in the database: killed at any point, the next one goes on from there.
 */
export class EarlierRoomsEngine {
  readonly #deps: EarlierRoomsDeps;
  readonly #lane: Lane<ContractLink>;
  #asked = false;
  #found = false;
  #until = 0;

  constructor(deps: EarlierRoomsDeps) {
    this.#deps = deps;
    this.#lane = new Lane(deps, {
      path: 'earlier-rooms',
      quietMs: 0,
      longestBurstMs: 0,
      wanted: async () => (await this.#work(this.#asked)).length > 0,
      openLink: () => deps.openLink(),
      iterate: (link, pass) => this.#pass(link, pass),
      left: async () => (await this.#work(true)).length > 0,
    });
  }

  /** Asks what is due, has what was found brought forward, and then tells the earlier contracts. Never rejects. */
  async nudge(reason: NudgeReason): Promise<DrainResult> {
    if (reason === 'retry') this.#asked = true;
    try {
      if ((await this.#work(this.#asked)).length === 0) return { type: 'clean' };
      // it waits for no burst
      const result = await this.#drainAndBring(reason === 'edit' ? 'timer' : reason);
      this.#deps.tell({ type: 'sync-changed' });
      return result;
    } catch (error) {
      return { type: 'failed', reason: String(error) };
    } finally {
      this.#asked = false;
    }
  }

  async #drainAndBring(reason: NudgeReason): Promise<DrainResult> {
    const result = await this.#drain(reason);
    if (!this.#found) return result;
    this.#found = false;
    await this.#deps.drain();
    return this.#drain('timer');
  }

  #drain(reason: NudgeReason): Promise<DrainResult> {
    this.#until = this.#deps.clock.now() + LONGEST_DRAIN_MS;
    return this.#lane.nudge(reason);
  }

  /** One wave of one room at a time: what was answered is recorded before anything else is asked. */
  async #pass(link: ContractLink, { epoch }: LanePass): Promise<PassResult> {
    const { db, clock, random, memo, tell } = this.#deps;
    const work = await this.#work(this.#asked);
    this.#asked = false;
    const deps: EarlierDeps = { db, clock, random, memo, epoch, tell };
    const answers = new EarlierAnswers(deps);
    for (const { row, ask, point } of work) {
      const searched = searchedOf(row, link);
      if (!searched) continue;
      for (let i = 0; i < ask.length; i += WAVE) {
        if (clock.now() >= this.#until) return { type: 'idle' };
        const asked = await Promise.all(
          ask.slice(i, i + WAVE).map(async (contract) => ({
            contract,
            answered: await link.getAt(fromBase58(contract.id)),
          })),
        );
        if (!link.open) return { type: 'broken', failure: BROKEN };
        for (const { contract, answered } of asked) {
          if (await answers.take(searched, contract, answered)) this.#found = true;
        }
        tell({ type: 'sync-changed' });
      }
      for (const contract of point) {
        const pointed = await pointOnward(deps, link, searched, contract);
        if (pointed.ok) continue;
        link.close();
        return { type: 'broken', failure: pointed.error };
      }
    }
    // what upgrade pointers have named meanwhile
    return { type: (await this.#work(false)).length > 0 ? 'done' : 'idle' };
  }

  /** @param asked what waits for its next try is due too */
  #work(asked: boolean): Promise<Work[]> {
    const now = this.#deps.clock.now();
    return this.#deps.db.read(['room_searches', 'rooms', 'base'], async (tx) => {
      const work: Work[] = [];
      for (const row of await openSearchesIn(tx)) {
        const base = await tx.objectStore('base').get(['contracts', row.room]);
        const due = row.contracts.filter((contract) => asked || isTimeToAsk(contract, now));
        const ask = due.filter((contract) => !isAnswered(contract));
        const point = due.filter((contract) => isProved(contract, row, base));
        if (ask.length + point.length > 0) work.push({ row, ask, point });
      }
      return work;
    });
  }
}

/** Whether the contract of now is known to hold what an earlier one has given, and the owner has yet to say so there. */
const isProved = (
  { pointer, seq = 0 }: EarlierContract,
  { target }: RoomSearchRow,
  base: BaseRow | undefined,
): boolean => pointer === 'owed' && base?.target === target && base.coverage >= seq;

/** A search that was begun under a contract that was then that of now goes on: what it finds is news all the same. */
function searchedOf(
  { room, target }: RoomSearchRow,
  { codeHash }: ContractLink,
): SearchedRoom | undefined {
  const owner = id32FromBase58(room);
  return owner && { room, owner, codeHash, target };
}

const BROKEN: LinkFailure = {
  code: 'unknown',
  sentence: 'The connection to your node ended while earlier versions of a room were being read.',
};
