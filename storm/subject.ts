/** The web app under test, as the storm sees it. */
import type { Cdp } from './cdp.ts';
import type { Readiness } from './page.ts';
import type { Target } from './targets.ts';

/** What can be done with an app that the storm knows from inside. */
export interface Inside {
  /** How many iterations saved something, by the app's own records. */
  iterations(cdp: Cdp, tab: Target): Promise<number>;
  /** Writes in a tab. Resolves when all of it has been accepted or refused; rejects when the tab goes away meanwhile. */
  edit(cdp: Cdp, tab: Target, count: number): Promise<void>;
  /** A tab says that an edit was accepted. */
  told(what: string): void;
  /** Resolves when everything that was accepted is where it shall be, or `limitMs` have passed. */
  drained(cdp: Cdp, tab: Target, limitMs: number): Promise<void>;
  killNode(): Promise<void>;
  /** From the node's side. */
  counts(): Promise<{ readonly storeRequests: number; readonly bytesIn: number }>;
  judge(): Promise<Losses>;
}

export interface Losses {
  readonly accepted: number;
  /** Accepted edits that are not where they shall be. */
  readonly lost: number;
  readonly duplicated: number;
  /** Bytes of the rooms that were edited, as they are kept now: what one save of each takes. */
  readonly dirtyBytes: number;
  /** Bytes by which the edits made them longer. */
  readonly bytesChanged: number;
}

export interface Subject {
  readonly name: string;
  readonly url: string;
  readonly readiness: Readiness;
  readonly inside?: Inside;
  close(): Promise<void>;
}
