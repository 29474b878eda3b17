import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memberIdHex } from '../../src/river/ids.ts';
import type { RoomState } from '../../src/river/room-state/room-state.ts';
import { openProfile, type Profile } from '../support/browser.ts';
import { OtherClient } from '../support/contracts.ts';
import { TestHost } from '../support/host.ts';

// up to three browsers at once, on two slow cores
vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

/** What is waited for ends the wait. */
const PATIENCE = { timeout: 60_000 };
const POLL = { timeout: 60_000, interval: 250 };

let host: TestHost;
let profiles: Profile[];

beforeEach(async () => {
  host = await TestHost.start({ hosted: true });
  profiles = [];
});

afterEach(async () => {
  for (const profile of profiles) await profile.close();
  await host.dispose();
});

const errors = (): string[] => profiles.flatMap((profile) => profile.errors);

/** Somebody at a browser of their own, at one node with the others. */
class Person {
  readonly #profile: Profile;
  page: Page;

  private constructor(profile: Profile, page: Page) {
    this.#profile = profile;
    this.page = page;
  }

  static async arrive(): Promise<Person> {
    const profile = await openProfile();
    profiles.push(profile);
    const page = await profile.context.newPage();
    await page.goto(host.url);
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    return new Person(profile, page);
  }

  /** Closes Weir; the browser stays. */
  async leave(): Promise<void> {
    await this.page.goto('about:blank');
    await this.#profile.stopWorkers(this.page);
  }

  async comeBack(room: string): Promise<void> {
    await this.page.goto(`${host.url}/room/${room}`);
  }

  get dialog() {
    return this.page.getByRole('dialog');
  }

  get history() {
    return this.page.locator('weir-history');
  }

  get composer() {
    return this.page.locator('weir-composer textarea');
  }

  message(text: string) {
    return this.history.locator('weir-message').filter({ hasText: text });
  }

  /** A row of the people dialog. */
  member(name: string) {
    return this.dialog.locator('li').filter({ has: this.page.getByText(name, { exact: true }) });
  }

  /** @returns the room's key */
  async create(name: string, nickname: string, isPrivate = false): Promise<string> {
    await this.page.locator('nav').getByRole('button', { name: 'New room' }).last().click();
    await this.dialog.getByLabel('Name of the room').fill(name);
    await this.dialog.getByLabel('Your name in it').fill(nickname);
    if (isPrivate) await this.dialog.getByLabel('Private').check();
    await this.dialog.getByRole('button', { name: 'Create' }).click();
    await this.composer.waitFor();
    return new URL(this.page.url()).pathname.replace('/room/', '');
  }

  async openPeople(): Promise<void> {
    await this.page.getByRole('button', { name: 'People in this room' }).click();
    await this.dialog.waitFor();
  }

  async closeDialog(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.dialog.waitFor({ state: 'detached' });
  }

  /** Opens somebody's entry, once they are there. */
  async openMember(name: string): Promise<void> {
    await this.member(name).getByRole('button', { name }).first().click(PATIENCE);
  }

  /** @returns the path of a link for one person */
  async invite(): Promise<string> {
    await this.openPeople();
    await this.dialog.getByRole('button', { name: 'Invite somebody' }).click();
    const link = this.dialog.getByLabel('Link', { exact: true });
    await link.waitFor();
    const { pathname, search } = new URL(await link.inputValue());
    await this.closeDialog();
    return `${pathname}${search}`;
  }

  async join(link: string, nickname: string): Promise<void> {
    await this.page.goto(`${host.url}${link}`);
    await this.dialog.getByLabel('Your name in the room').fill(nickname);
    await this.dialog.getByRole('button', { name: 'Join', exact: true }).click();
    await this.history
      .getByText(/joined the room/)
      .first()
      .waitFor(PATIENCE);
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
    await this.message(text).waitFor();
  }

  async sees(text: string): Promise<void> {
    await this.message(text).waitFor(PATIENCE);
  }
}

/** What the room's contract holds. */
async function inContract(room: string): Promise<RoomState> {
  const client = await OtherClient.connect(host.url);
  const state = await client.held(room);
  client.close();
  if (!state) throw new Error('the node does not hold the room');
  return state;
}

const membersInContract = async (room: string): Promise<number> =>
  (await inContract(room)).members.length;

describe('members', () => {
  it('a deputy is made, bans somebody whom they could not ban before, and everybody learns of it', async () => {
    const [ana, theo, mira] = [await Person.arrive(), await Person.arrive(), await Person.arrive()];
    const room = await ana.create('Weir keepers', 'Ana');
    await theo.join(await ana.invite(), 'Theo');
    await mira.join(await ana.invite(), 'Mira');
    await mira.say('Buy my boats');
    await theo.sees('Buy my boats');
    await expect.poll(() => membersInContract(room), POLL).toBe(2);

    await theo.openPeople();
    await theo.openMember('Mira');
    await theo.dialog.getByText(/^You may ban whom you invited/).waitFor();

    await ana.openPeople();
    await ana.openMember('Theo');
    await ana.dialog.getByRole('button', { name: 'Make deputy' }).click();
    await ana.member('Theo').getByText('deputy', { exact: true }).waitFor();
    await ana.closeDialog();

    // his own entry says so as soon as he has heard of it; then a ban is offered
    await theo.member('Theo').getByText('deputy', { exact: true }).waitFor(PATIENCE);
    await theo.closeDialog();
    await theo.openPeople();
    await theo.openMember('Mira');
    await theo.dialog.getByRole('button', { name: 'Ban…' }).click(PATIENCE);
    await theo.dialog.getByText(/This removes Mira\. Their 2 messages go too/).waitFor();
    await theo.dialog.getByRole('button', { name: 'Ban', exact: true }).click();
    await theo.dialog.getByText('Bans (1 of 10)').click();
    await theo.dialog.getByText('in force').waitFor();
    await theo.closeDialog();

    await expect.poll(() => membersInContract(room), POLL).toBe(1);
    const { bans, members } = await inContract(room);
    expect(bans.map(({ bannedBy }) => memberIdHex(bannedBy))).toHaveLength(1);
    expect(members).toHaveLength(1);
    await ana.message('Buy my boats').waitFor({ state: 'detached', ...PATIENCE });
    await ana.openPeople();
    await ana.dialog.getByText('Bans (1 of 10)').click(PATIENCE);
    await ana.dialog.getByText(/^by Theo,/).waitFor();
    await ana.closeDialog();
    await mira.page.getByText('You are banned from this room.').first().waitFor(PATIENCE);
    expect(errors()).toEqual([]);
  });

  it('whose name looks like the owner’s is warned of where they write and where they are listed', async () => {
    const [ana, theo] = [await Person.arrive(), await Person.arrive()];
    await ana.create('Weir keepers', 'Ana');
    await theo.join(await ana.invite(), 'Αna'); // the first letter is Greek
    await theo.say('Send me your keys');
    await ana.sees('Send me your keys');
    const warning = 'Not the owner of the room: the name only looks like “Ana”';
    await ana.message('Send me your keys').getByRole('img', { name: warning }).waitFor(PATIENCE);
    await ana.message('Send me your keys').getByRole('button', { name: 'Αna' }).first().click();
    await ana.dialog.getByText('This is not the owner. The name only looks like “Ana”.').waitFor();
    await ana.dialog.getByRole('button', { name: 'Mute' }).click();
    await ana.closeDialog();
    await ana.message('Send me your keys').waitFor({ state: 'detached' });
    await ana.page.reload();
    await ana.history.getByText('Αna joined').waitFor({ state: 'detached' });
    await ana.openPeople();
    await ana.member('Αna').getByText('muted', { exact: true }).waitFor();
    await ana.openMember('Αna');
    await ana.dialog.getByRole('button', { name: 'Show again' }).click();
    await ana.closeDialog();
    await ana.sees('Send me your keys');
    expect(errors()).toEqual([]);
  });

  it('who comes into a private room after its key was changed, with the owner away, is told so and reads on when she is back', async () => {
    const [ana, theo, mira] = [await Person.arrive(), await Person.arrive(), await Person.arrive()];
    const room = await ana.create('Behind the weir', 'Ana', true);
    await theo.join(await ana.invite(), 'Theo');
    await ana.history.getByText('Theo joined the room').waitFor(PATIENCE);
    const link = await theo.invite(); // brings the first key only

    await ana.page.getByRole('button', { name: 'About this room' }).click();
    await ana.dialog.getByRole('button', { name: 'New key' }).click();
    await ana.dialog.getByText('Key version 1 is in use now').waitFor();
    await ana.closeDialog();
    await ana.say('Said behind the new door');
    await theo.sees('Said behind the new door');
    await ana.leave();

    await mira.join(link, 'Mira');
    await mira.page.getByText(/its key of now \(version 1\) has not reached you/).waitFor(PATIENCE);
    await mira.history.getByText('Encrypted with key version 1, which you don’t have.').waitFor();
    expect(await mira.composer.count()).toBe(0);
    await mira.page.getByRole('button', { name: 'About this room' }).click();
    await mira.dialog.getByText(/^You don’t have key version 1:/).waitFor();
    await mira.closeDialog();
    await expect.poll(() => membersInContract(room), POLL).toBe(2);

    await ana.comeBack(room);
    await mira.sees('Said behind the new door');
    await mira.say('I am in');
    await theo.sees('I am in');
    await ana.sees('I am in');
    // her name could not be sealed when she came; it followed the key
    await ana.openPeople();
    await ana.member('Mira').getByText('in your network', { exact: true }).waitFor(PATIENCE);
    await ana.closeDialog();
    const { recentMessages } = await inContract(room);
    const texts = recentMessages.filter(({ message }) => message.content.contentType === 1);
    expect(texts.map(({ message }) => message.content.type)).toEqual(texts.map(() => 'Private'));
    expect(errors()).toEqual([]);
  });
});
