import type { Locator, Page } from 'playwright-core';
import * as app from './app-page.ts';
import type { Profile } from './browser.ts';
import { installed, type Gathering } from './gathering.ts';
import type { TestHost } from './host.ts';
import { storedValue } from './page-database.ts';

/** What is waited for ends the wait. */
const PATIENCE = { timeout: 60_000 };

const exact = { exact: true } as const;

/** Somebody at a browser of their own, which they can close and open again. */
export class Person {
  readonly #gathering: Gathering;
  readonly #host: TestHost;
  readonly #folder: string;
  #profile: Profile | undefined;
  #page: Page | undefined;

  private constructor(gathering: Gathering, host: TestHost, folder: string) {
    this.#gathering = gathering;
    this.#host = host;
    this.#folder = folder;
  }

  static async arrive(gathering: Gathering, host: TestHost): Promise<Person> {
    const person = new Person(gathering, host, await gathering.folder());
    await person.open();
    return person;
  }

  async open(path = ''): Promise<void> {
    this.#profile = await this.#gathering.profile(this.#folder);
    this.#page = await this.#profile.context.newPage();
    await this.goTo(path);
    await installed(this.#page);
  }

  async close(): Promise<void> {
    await this.#profile?.close();
    this.#page = undefined;
  }

  /** Closes Weir; the browser stays. */
  async leave(): Promise<void> {
    await this.page.goto('about:blank');
    await this.#profile?.stopWorkers(this.page);
  }

  async goTo(path: string): Promise<void> {
    await this.page.goto(`${this.#host.url}${path}`);
  }

  get page(): Page {
    if (!this.#page) throw new Error('the browser is closed');
    return this.#page;
  }

  get dialog(): Locator {
    return app.dialog(this.page);
  }

  get history(): Locator {
    return this.page.locator('weir-history');
  }

  get composer(): Locator {
    return app.composer(this.page);
  }

  /** By its own words, not by those that it answers. */
  message(text: string): Locator {
    const words = this.page.locator('.words').filter({ hasText: text });
    return this.history.locator('weir-message').filter({ has: words });
  }

  reaction(of: string, emoji: string): Locator {
    return this.message(of).getByRole('button', { name: emoji });
  }

  row(name: string): Locator {
    return app.row(this.page, name);
  }

  button(name: string): Locator {
    return app.button(this.page, name);
  }

  inDialog(name: string): Locator {
    return app.button(this.dialog, name);
  }

  heading(name: string): Locator {
    return app.heading(this.page, name);
  }

  async closeDialog(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.dialog.waitFor({ state: 'detached' });
  }

  async openRoom(name: string): Promise<void> {
    await this.row(name).click(PATIENCE);
    await this.heading(name).waitFor(PATIENCE);
  }

  async openPeople(): Promise<void> {
    await this.button('People in this room').click();
    await this.dialog.waitFor();
  }

  async openAbout(): Promise<void> {
    await this.button('About this room').click();
    await this.dialog.waitFor();
  }

  /** In the list of members, not in that of bans. */
  member(name: string): Locator {
    const rows = this.dialog.locator('ul[aria-label="Members"] > li');
    return rows.filter({ has: this.page.getByText(name, exact) });
  }

  /** Opens somebody's entry, once they are there. */
  async openMember(name: string): Promise<void> {
    await this.member(name).getByRole('button', { name }).first().click(PATIENCE);
  }

  /** @returns the room's key */
  create(name: string, nickname: string, isPrivate = false): Promise<string> {
    return app.createRoom(this.page, name, nickname, isPrivate);
  }

  /** @returns a link for one person */
  invite(): Promise<string> {
    return app.invite(this.page);
  }

  async join(link: string, nickname: string, said?: string | RegExp): Promise<void> {
    await this.page.goto(link);
    await app.finishJoining(this.page, nickname, said);
  }

  finishJoining(nickname: string): Promise<void> {
    return app.finishJoining(this.page, nickname);
  }

  async say(text: string): Promise<void> {
    await app.send(this.page, text);
    await this.message(text).waitFor();
  }

  async sees(text: string): Promise<void> {
    await this.message(text).waitFor(PATIENCE);
  }

  /** Resolves when the room's contract has what was written here: the message itself says so. */
  async inRoom(text: string): Promise<void> {
    await this.message(text).getByText('in the room').waitFor(PATIENCE);
  }

  async editLast(text: string): Promise<void> {
    await this.composer.press('ArrowUp');
    await this.page.getByLabel('Edit your message').fill(text);
    await this.page.getByLabel('Edit your message').press('Enter');
    await this.message(text).waitFor();
  }

  /** Chooses from the menu of a message. */
  async act(text: string, name: string): Promise<void> {
    await this.message(text).hover();
    await this.message(text).getByRole('button', { name: 'More actions' }).first().click();
    await app.button(this.page.locator('weir-message-menu'), name).click();
  }

  async react(to: string, emoji: string): Promise<void> {
    await this.message(to).hover();
    await this.message(to).getByRole('button', { name: 'Add a reaction' }).click();
    await this.button(`React with ${emoji}`).click();
    await this.reaction(to, emoji).waitFor();
  }

  /** Opens the conversation with a member of the open room. */
  async writeTo(name: string): Promise<void> {
    await this.openPeople();
    await this.openMember(name);
    await this.inDialog('Message').click();
    await this.page
      .locator('weir-dms')
      .getByRole('heading', { name, ...exact })
      .waitFor();
  }

  async exportIdentity(): Promise<string> {
    await this.openAbout();
    await this.inDialog('Show my identity').click();
    const token = await this.dialog.getByRole('textbox', { name: 'Identity' }).inputValue();
    await this.closeDialog();
    return token;
  }

  /** The person's key on a shared node, as this browser keeps it. */
  async key(): Promise<string> {
    return String(await storedValue(this.page, 'settings', 'user-token'));
  }
}
