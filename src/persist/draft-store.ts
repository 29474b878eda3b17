import type { Clock } from '../shared/clock.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { storageError, type StorageError, type WeirDatabase, type WriteTx } from './database.ts';
import type { Alongside } from './edit-queue.ts';
import type { DraftRow } from './schema.ts';

/** What is being written in one place. */
export type Draft = Pick<DraftRow, 'text' | 'replyTo' | 'edit'>;

const isEmpty = ({ text, replyTo, edit }: Draft): boolean =>
  text === '' && replyTo === undefined && edit === undefined;

/**
 * Drafts on disk, so that a reload or a crash takes nothing that was typed. The last page that writes a place's draft has it; a page
 * takes away only what it wrote or took over itself.
 */
export class DraftStore {
  readonly #db: WeirDatabase;
  readonly #clock: Pick<Clock, 'now'>;
  /** Names this page among all that have ever been. */
  readonly #page: string;
  /** The rows of others that were taken over here, as their pages and times. */
  readonly #adopted = new Map<string, string>();

  constructor(db: WeirDatabase, clock: Pick<Clock, 'now'>, page: string) {
    this.#db = db;
    this.#clock = clock;
    this.#page = page;
  }

  async read(place: string): Promise<Draft | undefined> {
    const row = await this.#db.read(['drafts'], (tx) => tx.objectStore('drafts').get(place));
    if (row) this.#adopted.set(place, version(row));
    return row;
  }

  /** An empty draft takes the stored one away, unless another page has written since. */
  async write(place: string, draft: Draft): Promise<Result<void, StorageError>> {
    try {
      await this.#db.write(['drafts'], 'strict', async (tx) => {
        if (isEmpty(draft)) await this.#remove(tx, place);
        else await tx.objectStore('drafts').put({ place, ...draft, ...this.#mine() });
      });
      return ok(undefined);
    } catch (error) {
      return err(storageError(error));
    }
  }

  /** Takes the draft away in the very transaction that stores what was made of it: it is never in both, nor in neither. */
  sent(place: string): Alongside {
    return { stores: ['drafts'], write: (tx) => this.#remove(tx, place) };
  }

  /** As `sent`, for a change of an own message: what else is written there stays. */
  changed(place: string): Alongside {
    return {
      stores: ['drafts'],
      write: async (tx) => {
        const row = await tx.objectStore('drafts').get(place);
        if (!row || !this.#isMine(row)) return;
        const { edit: _, ...others } = row;
        if (isEmpty(others)) await tx.objectStore('drafts').delete(place);
        else await tx.objectStore('drafts').put({ ...others, ...this.#mine() });
      },
    };
  }

  async #remove(tx: WriteTx, place: string): Promise<void> {
    const row = await tx.objectStore('drafts').get(place);
    if (row && this.#isMine(row)) await tx.objectStore('drafts').delete(place);
  }

  #mine(): Pick<DraftRow, 'by' | 'at'> {
    return { by: this.#page, at: this.#clock.now() };
  }

  #isMine(row: DraftRow): boolean {
    return row.by === this.#page || this.#adopted.get(row.place) === version(row);
  }
}

const version = ({ by, at }: DraftRow): string => `${by} ${at}`;
