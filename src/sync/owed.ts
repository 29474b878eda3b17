import type { WeirDatabase } from '../persist/database.ts';
import { owedMarkers } from '../persist/dirty-markers.ts';
import type { DirtyMarker, Path } from '../persist/schema.ts';
import type { Clock } from '../shared/clock.ts';
import { isDue } from './backoff.ts';

/** What was read this recently is not asked for again by a mere reload. */
const FRESH_MS = 30_000;

interface OwedDeps {
  readonly db: WeirDatabase;
  readonly clock: Pick<Clock, 'now'>;
}

/** What is owed on a path, news that have waited for long enough included. */
export class Owed {
  readonly #deps: OwedDeps;
  readonly #path: Path;

  constructor(deps: OwedDeps, path: Path) {
    this.#deps = deps;
    this.#path = path;
  }

  markers(): Promise<DirtyMarker[]> {
    const { db, clock } = this.#deps;
    return db.read(['dirty'], (tx) => owedMarkers(tx, this.#path, clock.now()));
  }

  async any(): Promise<boolean> {
    return (await this.markers()).length > 0;
  }

  /** Whether a try may be made now. @param forced back-off is skipped */
  async anyDue(forced = false): Promise<boolean> {
    const now = this.#deps.clock.now();
    return (await this.markers()).some((marker) => forced || isDue(marker.failure, now));
  }
}

/** When what a node holds was last read, and over which link. */
export class LastRead<L> {
  readonly #clock: Pick<Clock, 'now'>;
  #last: { readonly link: L; readonly at: number } | undefined;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  done(link: L): void {
    this.#last = { link, at: this.#clock.now() };
  }

  /** Whether it is to be read over this link: for the first time, or again because somebody asks. */
  isDue(link: L, forced: boolean): boolean {
    if (this.#last?.link !== link) return true;
    const age = this.#clock.now() - this.#last.at;
    return forced && (age > FRESH_MS || age < 0);
  }
}
