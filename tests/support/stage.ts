import type { Locator, Page } from 'playwright-core';
import { editRoom } from '../../src/river/edits/author.ts';
import { createRoom } from '../../src/river/edits/create-room.ts';
import { createInvitation, invitationCode } from '../../src/river/invitation.ts';
import { SignatureMemo } from '../../src/river/signatures/memo.ts';
import { timeFromMillis } from '../../src/river/system-time.ts';
import { systemRandom } from '../../src/shared/random.ts';
import * as app from './app-page.ts';
import { openProfile, type Profile } from './browser.ts';
import { seedUser } from './delegate.ts';
import { installed } from './gathering.ts';
import { TestHost } from './host.ts';
import { readVectors } from './vectors.ts';

export type Theme = 'light' | 'dark';

export interface Size {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** A phone: fingers instead of a mouse. */
  readonly touch: boolean;
}

export const SIZES: readonly Size[] = [
  { name: '1280', width: 1280, height: 800, touch: false },
  { name: '768', width: 768, height: 1024, touch: false },
  { name: '390', width: 390, height: 844, touch: true },
];

const user = readVectors<{
  readonly rooms: readonly { readonly name: string; readonly owner_vk_base58: string }[];
}>('user-data');

const keyOf = (name: string): string => {
  const found = user.rooms.find((room) => room.name === name);
  if (!found) throw new Error(`no recorded room is called ${name}`);
  return found.owner_vk_base58;
};

/** The recorded user's rooms, by what they are for here. */
export const ROOMS = {
  /** Public, the user owns it; with a reply, reactions, Markdown and mentions. */
  garden: keyOf('small public room'),
  /** Public, of somebody else, with two bans. */
  mesh: keyOf('lively public room'),
  /** With two hundred people, and direct messages. */
  meadow: keyOf('big room'),
  attic: keyOf('private room'),
  club: keyOf('own private room'),
  limits: keyOf('limits'),
} as const;

const PATIENCE_MS = 15_000;

/** The recorded user at a browser, with all that they can come across on their screens. */
export class Stage {
  readonly host: TestHost;
  /** Another node, whose user has nothing. */
  readonly empty: TestHost;
  readonly profile: Profile;
  readonly page: Page;

  private constructor(host: TestHost, empty: TestHost, profile: Profile, page: Page) {
    this.host = host;
    this.empty = empty;
    this.profile = profile;
    this.page = page;
  }

  static async set(size: Size): Promise<Stage> {
    const { width, height, touch } = size;
    const [host, empty] = [await TestHost.start(), await TestHost.start()];
    await seedUser(host.url);
    const profile = await openProfile({ viewport: { width, height }, touch });
    const page = await profile.context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const stage = new Stage(host, empty, profile, page);
    await page.goto(host.url);
    await stage.row(ROOMS.garden).waitFor();
    await installed(page);
    await stage.#furnish();
    return stage;
  }

  async dispose(): Promise<void> {
    await this.profile.close();
    await this.host.dispose();
    await this.empty.dispose();
  }

  get dialog(): Locator {
    return app.dialog(this.page);
  }

  get composer(): Locator {
    return app.composer(this.page);
  }

  row(room: string): Locator {
    return this.page.locator(`weir-room-list a[data-room="${room}"]`);
  }

  message(text: string): Locator {
    return app.message(this.page, text);
  }

  button(name: string): Locator {
    return app.button(this.page, name);
  }

  /** Goes to an address without loading the page again, as the browser's own "back" does. */
  async go(path: string): Promise<void> {
    await this.page.evaluate((to) => {
      history.pushState({}, '', to);
      dispatchEvent(new PopStateEvent('popstate'));
    }, path);
  }

  async room(room: string): Promise<void> {
    await this.go(`/room/${room}`);
    await this.page.locator('weir-conversation-header h2').waitFor();
    await this.page.locator('weir-message').last().waitFor();
  }

  inMenu(name: string): Locator {
    return app.button(this.page.locator('weir-message-menu'), name);
  }

  /** What can be done with a message, by its button. */
  async menuOf(text: string): Promise<void> {
    const message = this.message(text).first();
    await message.scrollIntoViewIfNeeded();
    await message.hover();
    await message.getByRole('button', { name: 'More actions' }).first().click();
    await this.inMenu('Reply').waitFor();
  }

  /** Closes whatever is open, and goes back to the list. */
  async rest(): Promise<void> {
    for (let i = 0; i < 4; i++) {
      const open = await this.page
        .locator('dialog[open], :popover-open')
        .filter({ visible: true })
        .count();
      if (open === 0) break;
      await this.page.keyboard.press('Escape');
    }
    await this.go('/');
    await this.page.locator('weir-room-list').waitFor();
  }

  /** From now on the node does not answer, and something waits for it. */
  async loseNode(): Promise<void> {
    await this.host.stop();
    await this.room(ROOMS.club);
    await this.say('Written with no node');
    await this.rest();
  }

  /** An invitation to a room that nobody has put on this node. */
  invitation(): string {
    const contractCodeHash = new Uint8Array(32);
    const createdAt = timeFromMillis(Date.UTC(2026, 10, 20));
    const made = createRoom(
      {
        name: 'Far away',
        description: null,
        nickname: 'Ines',
        isPrivate: false,
        contractCodeHash,
        createdAt,
      },
      systemRandom,
    );
    if (!made.ok) throw new Error(made.error.type);
    const { roomState, ...own } = made.value;
    const room = editRoom(roomState, own, new SignatureMemo());
    if (!room.ok) throw new Error(room.error.type);
    const invited = createInvitation(room.value, systemRandom);
    if (!invited.ok) throw new Error(invited.error.type);
    return invitationCode(invited.value);
  }

  /** What the recorded user has not: code, a table, a room that was left, an invitation in a direct message. */
  async #furnish(): Promise<void> {
    const { page } = this;
    await app.createRoom(page, 'Old mill', 'Marit');
    await this.button('About this room').click();
    await this.dialog.getByRole('button', { name: 'Leave this room' }).click();
    await page.getByText('You left “Old mill”').waitFor();
    await page.locator('weir-toast').getByRole('button', { name: 'Dismiss' }).click();
    await this.room(ROOMS.garden);
    await this.say(
      '```ts\nconst level = await gauge.read();\nif (level > 2.4) await gate.open();\n```',
      'gauge.read',
    );
    await this.say('| gate | level |\n|:--|--:|\n| upper | 2.31 m |\n| lower | 1.08 m |', '1.08 m');
    await page.locator('weir-message table').waitFor();
    await this.room(ROOMS.meadow);
    await this.go(`/room/${ROOMS.meadow}/dm`);
    await page.locator('weir-dm-list').getByRole('link', { name: 'Bao 1' }).click();
    await this.button('Send an invitation to another room').click();
    await this.dialog.getByLabel('Weir Garden').check();
    await this.dialog.getByLabel('A few words with it').fill('Come and help with the tomatoes');
    await this.dialog.getByRole('button', { name: 'Send' }).click();
    await this.message('Come and help').waitFor();
    await this.rest();
  }

  /** Writes in the room that is open. @param shown words of it that stand together on screen */
  async say(text: string, shown = text): Promise<void> {
    await app.send(this.page, text);
    await this.message(shown).first().waitFor();
  }
}
