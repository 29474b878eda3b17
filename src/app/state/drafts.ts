import type { RoomKey } from '../../shared/brand.ts';
import { LiveValue } from '../../shared/live-query.ts';
import type { Result } from '../../shared/result.ts';
import type { MessageItem } from './api.ts';

/** What a message that is being written answers. */
export type ReplyTarget = Pick<MessageItem, 'id' | 'author' | 'text'>;

/** An own message that is being changed. `before`: as it was. */
export interface EditDraft {
  readonly id: string;
  readonly before: string;
  readonly text: string;
}

/** What is being written in one place: a room's key, or a conversation's. */
export interface Draft {
  readonly text: string;
  readonly replyTo?: ReplyTarget;
  /** `text` waits until that is done. */
  readonly edit?: EditDraft;
}

/** Where a room's draft lies, or that of a conversation in it. */
export const draftPlace = (room: RoomKey | undefined, peer?: string): string =>
  peer === undefined ? (room ?? '') : `${room ?? ''} ${peer}`;

/** Where drafts are kept beyond the page. */
export interface DraftKeeper {
  read(place: string): Promise<Draft | undefined>;
  write(place: string, draft: Draft): Promise<Result<void, unknown>>;
}

/** Typing is written down when it pauses this long, and at the latest after `MOST_MS`. */
const PAUSE_MS = 250;
const MOST_MS = 1_000;

const EMPTY: Draft = { text: '' };

/**
 * Unsent text per place, in memory and a moment later on disk. What is typed in this page is never replaced by what another one has
 * stored; that is taken where nothing is being written here.
 */
export class Drafts {
  /** Whether everything that was typed is on disk, or is about to be; not, when the browser refuses to store it. */
  readonly isKept = new LiveValue<boolean>();
  readonly #keeper: DraftKeeper | undefined;
  readonly #drafts = new Map<string, Draft>();
  /** Places whose draft is not on disk yet, and since when. */
  readonly #unwritten = new Map<string, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(keeper?: DraftKeeper) {
    this.#keeper = keeper;
    this.isKept.set(true);
  }

  get(place: string): string {
    return this.#of(place).text;
  }

  replyTo(place: string): ReplyTarget | undefined {
    return this.#of(place).replyTo;
  }

  edit(place: string): EditDraft | undefined {
    return this.#of(place).edit;
  }

  set(place: string, text: string): void {
    this.#change(place, { ...this.#of(place), text });
  }

  setReplyTo(place: string, replyTo: ReplyTarget | undefined): void {
    const { replyTo: _, ...others } = this.#of(place);
    this.#change(place, { ...others, ...(replyTo && { replyTo }) });
  }

  setEdit(place: string, edit: EditDraft | undefined): void {
    const { edit: _, ...others } = this.#of(place);
    this.#change(place, { ...others, ...(edit && { edit }) });
  }

  /** Gives back a text whose edit was refused, before whatever has been typed since. */
  putBack(place: string, text: string, replyTo?: ReplyTarget): void {
    const typed = this.get(place);
    this.set(place, typed === '' ? text : `${text}\n${typed}`);
    if (replyTo) this.setReplyTo(place, replyTo);
  }

  /**
   * The place is shown: what an earlier page, or another one, has stored comes back where nothing is being written here.
   *
   * @returns whether there is something now that was not there
   */
  async load(place: string): Promise<boolean> {
    if (!this.#keeper || this.#isInUse(place)) return false;
    const stored = await this.#keeper.read(place).catch(() => undefined);
    if (!stored || this.#isInUse(place)) return false;
    const { text, replyTo, edit } = stored;
    this.#drafts.set(place, { text, ...(replyTo && { replyTo }), ...(edit && { edit }) });
    return true;
  }

  /**
   * The text is being sent: it leaves the field, and stays on disk until it is stored as a message (or comes back with
   * `putBack`). What was about to be written is written no more.
   */
  take(place: string): Draft {
    const taken = this.#of(place);
    const { edit } = taken;
    this.#drafts.set(place, { text: '', ...(edit && { edit }) });
    this.#unwritten.delete(place);
    return taken;
  }

  /** What was taken is stored as a message: the disk is to say what is being written now. */
  settle(place: string): void {
    this.#change(place, this.#of(place));
  }

  /** Everything that was typed is on disk when it resolves, as far as that is possible. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const places = [...this.#unwritten.keys()];
    this.#unwritten.clear();
    if (places.length > 0) this.#writing = this.#writing.then(() => this.#write(places));
    return this.#writing;
  }

  async #write(places: readonly string[]): Promise<void> {
    for (const place of places) {
      if (this.#unwritten.has(place)) continue; // it has changed since, and will be written
      const written = await this.#keeper?.write(place, this.#of(place));
      if (written) this.isKept.set(written.ok);
    }
  }

  #isInUse(place: string): boolean {
    const { text, replyTo, edit } = this.#of(place);
    return text !== '' || replyTo !== undefined || edit !== undefined || this.#unwritten.has(place);
  }

  #of(place: string): Draft {
    return this.#drafts.get(place) ?? EMPTY;
  }

  #change(place: string, draft: Draft): void {
    this.#drafts.set(place, draft);
    if (!this.#keeper) return;
    const now = performance.now();
    const since = this.#unwritten.get(place) ?? now;
    this.#unwritten.set(place, since);
    clearTimeout(this.#timer);
    const wait = Math.max(0, Math.min(PAUSE_MS, since + MOST_MS - now));
    this.#timer = setTimeout(() => void this.flush(), wait);
  }
}

/** A page that goes out of sight may never come back: what was typed is written down at once. */
export function flushWhenHidden(drafts: Drafts, page: Document & GlobalEventHandlers): void {
  page.addEventListener('visibilitychange', () => {
    if (page.visibilityState === 'hidden') void drafts.flush();
  });
}
