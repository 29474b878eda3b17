import type { Page } from 'playwright-core';
import type { KillableChromium } from './chromium.ts';
import {
  makeEdit,
  readApp,
  readRows,
  retry,
  type AppState,
  type Rows,
  type Told,
} from './in-page.ts';
import type { Edit, Ledger } from './ledger.ts';
import { becomes, pause, within } from './wait.ts';

/** Longer than any page takes that is alive, even on a busy machine. */
const ANSWERS_WITHIN_MS = 20_000;
const OPENS_WITHIN_MS = 30_000;

/** The tabs of one browser in which the app is open. */
export class Tabs {
  readonly #chromium: KillableChromium;
  readonly #url: string;
  readonly pages: Page[] = [];

  constructor(chromium: KillableChromium, url: string) {
    this.#chromium = chromium;
    this.#url = url;
  }

  get first(): Page {
    const [page] = this.pages;
    if (!page) throw new Error('no tab is open');
    return page;
  }

  /** Opens the app in one more tab and waits until edits can be made there. */
  async open(): Promise<Page> {
    const page = await this.#chromium.context.newPage();
    this.pages.push(page);
    await this.load(page);
    return page;
  }

  /** Loads the app (again) in a tab. @throws Error when it does not come up */
  async load(page: Page): Promise<void> {
    await within(
      OPENS_WITHIN_MS,
      'a page to load',
      page.goto(`${this.#url}/`, { waitUntil: 'commit' }),
    );
    let last: AppState | undefined;
    const isUp = await becomes(OPENS_WITHIN_MS, async () => {
      last = await stateOf(page);
      return last?.isUp === true;
    });
    if (!isUp) throw new Error(`the app does not come up: ${JSON.stringify(last)}`);
  }

  /** What a browser does with a tab that has crashed. */
  async drop(page: Page): Promise<void> {
    this.pages.splice(this.pages.indexOf(page), 1);
    await within(5_000, 'a tab to close', page.close()).catch(() => undefined);
  }

  /** @returns undefined when there is no database */
  rows(): Promise<Rows | undefined> {
    return within(60_000, 'the rows', this.first.evaluate(readRows));
  }

  /** Makes a room that nobody counts on. */
  tryEdit(page: Page): Promise<Told> {
    const edit = { kind: 'room', room: '', text: 'a room of nobody' } as const;
    return within(ANSWERS_WITHIN_MS, 'an edit', page.evaluate(makeEdit, edit));
  }

  async retry(): Promise<void> {
    await this.first.evaluate(retry);
  }
}

/** Undefined while the page is between two documents. */
export async function stateOf(page: Page): Promise<AppState | undefined> {
  try {
    return await within(ANSWERS_WITHIN_MS, 'a page to say how it is', page.evaluate(readApp));
  } catch {
    return undefined;
  }
}

/** Makes edits in tabs, one after the other in each, until it is stopped; what is told of each goes into the ledger. */
export class Writing {
  readonly #ledger: Ledger;
  readonly #heard = new Set<(edit: Edit) => void>();
  readonly #running: Promise<void>[] = [];
  #stopped = false;

  constructor(ledger: Ledger, tabs: readonly Page[], pauseMs: () => number) {
    this.#ledger = ledger;
    for (const page of tabs) this.#running.push(this.#write(page, pauseMs));
  }

  /** Resolves with the next edit that is accepted; with undefined when none is for so long. */
  async nextAccepted(ms: number): Promise<Edit | undefined> {
    let done: (edit: Edit) => void = () => {};
    const accepted = new Promise<Edit>((resolve) => {
      done = (edit) => edit.fate.type === 'accepted' && resolve(edit);
      this.#heard.add(done);
    });
    try {
      return await within(ms, 'an accepted edit', accepted);
    } catch {
      return undefined;
    } finally {
      this.#heard.delete(done);
    }
  }

  /** No new edit is begun; those under way are waited for, unless their page is gone. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  async #write(page: Page, pauseMs: () => number): Promise<void> {
    while (!this.#stopped) {
      const edit = this.#ledger.next();
      if (!(await this.#make(page, edit))) return;
      for (const heard of this.#heard) heard(edit);
      await pause(pauseMs());
    }
  }

  /** @returns false when the page is gone */
  async #make(page: Page, edit: Edit): Promise<boolean> {
    const { kind, text, room = '' } = edit;
    try {
      const told = await within(
        ANSWERS_WITHIN_MS,
        'an edit',
        page.evaluate(makeEdit, { kind, text, room }),
      );
      if (told.ok) {
        edit.room = told.value.key;
        edit.fate = { type: 'accepted', seq: told.value.seq };
      } else {
        const { type, reason } = told.error;
        edit.fate = { type: 'refused', why: reason === undefined ? type : `${type}: ${reason}` };
      }
      return true;
    } catch {
      return false; // killed, crashed, or loaded anew in the middle: nothing was heard
    }
  }
}
