import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeStored } from '../../src/persist/stored-room.ts';
import { encode } from '../../src/river/cbor/codec.ts';
import { roomState } from '../../src/river/room-state/room-state.ts';
import { toHex } from '../../src/shared/bytes.ts';
import { openProfile, type Profile } from '../support/browser.ts';
import { OtherClient } from '../support/contracts.ts';
import { heldRooms } from '../support/delegate.ts';
import { TestHost } from '../support/host.ts';

// up to three browsers at once, on two slow cores
vi.setConfig({ testTimeout: 300_000 });

/** What is waited for ends the wait. */
const PATIENCE = { timeout: 45_000 };
const POLL = { timeout: 45_000, interval: 250 };

let host: TestHost;
let folders: string[];
let profiles: Profile[];

beforeEach(async () => {
  host = await TestHost.start({ hosted: true });
  folders = [];
  profiles = [];
});

afterEach(async () => {
  for (const profile of profiles) await profile.close();
  await host.dispose();
  for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Somebody at a browser of their own, which they can close and open again. */
class Person {
  readonly #folder: string;
  #profile: Profile | undefined;
  #page: Page | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async arrive(): Promise<Person> {
    const folder = await mkdtemp(join(tmpdir(), 'weir-person-'));
    folders.push(folder);
    const person = new Person(folder);
    await person.open();
    return person;
  }

  async open(path = ''): Promise<void> {
    this.#profile = await openProfile({ folder: this.#folder });
    profiles.push(this.#profile);
    this.#page = await this.#profile.context.newPage();
    await this.#page.goto(`${host.url}${path}`);
    await this.page.evaluate(async () => void (await navigator.serviceWorker.ready));
  }

  async close(): Promise<void> {
    await this.#profile?.close();
    profiles = profiles.filter((profile) => profile !== this.#profile);
  }

  get page(): Page {
    if (!this.#page) throw new Error('the browser is closed');
    return this.#page;
  }

  get errors(): readonly string[] {
    return this.#profile?.errors ?? [];
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

  row(name: string) {
    return this.page.locator('[data-room]').filter({ hasText: name });
  }

  /** @returns the room's key */
  async create(name: string, nickname: string): Promise<string> {
    await this.page.locator('nav').getByRole('button', { name: 'New room' }).last().click();
    await this.dialog.getByLabel('Name of the room').fill(name);
    await this.dialog.getByLabel('Your name in it').fill(nickname);
    await this.dialog.getByRole('button', { name: 'Create' }).click();
    await this.composer.waitFor();
    return new URL(this.page.url()).pathname.replace('/room/', '');
  }

  /** @returns the path of a link for one person */
  async invite(): Promise<string> {
    await this.page.getByRole('button', { name: 'People in this room' }).click();
    await this.dialog.getByRole('button', { name: 'Invite somebody' }).click();
    const link = this.dialog.getByLabel('Link', { exact: true });
    await link.waitFor();
    const { pathname, search } = new URL(await link.inputValue());
    await this.dialog.getByRole('button', { name: 'Done' }).click();
    return `${pathname}${search}`;
  }

  async join(link: string, nickname: string): Promise<void> {
    await this.page.goto(`${host.url}${link}`);
    await this.dialog.getByLabel('Your name in the room').fill(nickname);
    await this.dialog.getByRole('button', { name: 'Join', exact: true }).click();
    await this.history.getByText(`${nickname} joined the room`).waitFor(PATIENCE);
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
    await this.message(text).waitFor();
  }

  /** Resolves when the room's contract has what was written here: the message itself says so. */
  async inRoom(text: string): Promise<void> {
    await this.message(text).getByText('in the room').waitFor(PATIENCE);
  }

  async sees(text: string): Promise<void> {
    await this.message(text).waitFor(PATIENCE);
  }

  async editLast(text: string): Promise<void> {
    await this.composer.press('ArrowUp');
    await this.page.getByLabel('Edit your message').fill(text);
    await this.page.getByLabel('Edit your message').press('Enter');
    await this.message(text).waitFor();
  }

  async react(to: string, emoji: string): Promise<void> {
    await this.message(to).hover();
    await this.message(to).getByRole('button', { name: 'Add a reaction' }).click();
    await this.page.getByRole('button', { name: `React with ${emoji}` }).click();
    await this.message(to).getByRole('button', { name: emoji }).waitFor();
  }

  /** The conversation as it is read: who, what, with which reactions. */
  rows(): Promise<string[]> {
    return this.history.locator('weir-message').evaluateAll((messages) =>
      messages.flatMap((message) => {
        const root = message.shadowRoot ?? message;
        const text = root.querySelector('.bubble .words')?.textContent?.trim();
        if (text === undefined) return [];
        const reactions = [...root.querySelectorAll('.reactions .emoji')].map((each) =>
          String(each.textContent),
        );
        return [[text, ...reactions.sort()].join(' ')];
      }),
    );
  }

  /** The person's key on the node, as this browser keeps it. */
  key(): Promise<string> {
    return this.page.evaluate(
      () =>
        new Promise<string>((resolve, reject) => {
          const opening = indexedDB.open('weir');
          opening.onerror = () => reject(new Error('no database'));
          opening.onsuccess = () => {
            const db = opening.result;
            const asked = db.transaction('settings').objectStore('settings').get('user-token');
            asked.onsuccess = () => {
              db.close();
              resolve(String(asked.result));
            };
          };
        }),
    );
  }

  /** The room's state as this browser has it, encoded as River does; hex. */
  async state(room: string): Promise<string> {
    const stored = await this.page.evaluate(async (key) => {
      const done = <T>(request: IDBRequest<T>): Promise<T> =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error ?? new Error('it failed'));
        });
      const db = await done(indexedDB.open('weir'));
      const tx = db.transaction(['rooms', 'parts', 'messages']);
      const range = IDBKeyRange.bound([key], [key, []]);
      const row: unknown = await done(tx.objectStore('rooms').get(key));
      const parts = (await done(tx.objectStore('parts').getAll(range))) as {
        part: string;
        bytes: Uint8Array;
      }[];
      const messages = (await done(tx.objectStore('messages').getAll(range))) as {
        bytes: Uint8Array;
      }[];
      db.close();
      return {
        row,
        parts: parts.map(({ part, bytes }): [string, number[]] => [part, [...bytes]]),
        messages: messages.map(({ bytes }) => [...bytes]),
      };
    }, room);
    const decoded = decodeStored({
      row: stored.row as never,
      parts: Object.fromEntries(
        stored.parts.map(([part, bytes]) => [part, Uint8Array.from(bytes)]),
      ),
      messages: stored.messages.map((bytes) => ({
        order: new Uint8Array(20),
        row: { bytes: Uint8Array.from(bytes) },
      })),
    });
    if (!decoded.ok) throw new Error(JSON.stringify(decoded.error));
    return toHex(encode(roomState, decoded.value.state));
  }
}

async function contractState(room: string): Promise<string> {
  const client = await OtherClient.connect(host.url);
  const state = await client.held(room);
  client.close();
  return state ? toHex(encode(roomState, state)) : '';
}

/** How long after it was sent each text could be read elsewhere. */
async function latencies(from: Person, to: Person, texts: readonly string[]): Promise<number[]> {
  const measured: number[] = [];
  for (const text of texts) {
    const seen = to.sees(text).then(() => Date.now());
    await from.composer.fill(text);
    const sent = Date.now();
    await from.composer.press('Enter');
    measured.push((await seen) - sent);
  }
  return measured;
}

const heldBy = async (key: string, room: string) =>
  (await heldRooms(host.url, key)).get(`room:${room}`);

describe('people on one shared node', () => {
  it('create, invite, join, talk, edit, react; a third joins while the first is away; one is banned, one leaves', async () => {
    const [ada, ben] = [await Person.arrive(), await Person.arrive()];
    const room = await ada.create('Weir keepers', 'Ada');
    await ada.say('The gate is open');
    await ada.inRoom('The gate is open');
    const [forBen, forCy] = [await ada.invite(), await ada.invite()];
    await expect.poll(() => heldBy('', room), POLL).toBeUndefined(); // nobody's: the shared namespace is empty
    await expect.poll(async () => heldBy(await ada.key(), room), POLL).toBeDefined();

    await ben.page.getByText('No rooms yet').first().waitFor(); // another person on the same node
    await ben.join(forBen, 'Ben');
    await ben.sees('The gate is open');
    await ben.say('I have the key');
    await ada.sees('I have the key');
    const took = [
      ...(await latencies(ada, ben, ['ping 1', 'ping 2', 'ping 3'])),
      ...(await latencies(ben, ada, ['pong 1', 'pong 2', 'pong 3'])),
    ];
    process.stderr.write(`read by the other after ${took.join(', ')} ms\n`);

    await ada.say('Close it at nine');
    await ben.sees('Close it at nine');
    await ada.editLast('Close it at ten');
    await ben.sees('Close it at ten');
    await ben.react('Close it at ten', '👍');
    await ada.message('Close it at ten').getByRole('button', { name: '👍' }).waitFor(PATIENCE);

    await ada.close();
    const cy = await Person.arrive();
    await cy.join(forCy, 'Cy');
    await cy.sees('Close it at ten');
    await cy.say('Hello from Cy');
    await ben.sees('Hello from Cy');
    await cy.inRoom('Hello from Cy');
    await ada.open(`/room/${room}`);
    await ada.sees('Hello from Cy');
    await ada.say('Welcome, Cy');
    await cy.sees('Welcome, Cy');

    await ada.page.getByRole('button', { name: 'People in this room' }).click();
    await ada.dialog.getByRole('button', { name: 'Ben' }).click();
    await ada.dialog.getByRole('button', { name: 'Ban…' }).click();
    await ada.dialog.getByRole('button', { name: 'Ban', exact: true }).click();
    await ada.dialog.getByRole('button', { name: 'Ben' }).waitFor({ state: 'detached' });
    await ada.dialog.getByRole('button', { name: 'Close' }).click();
    await ben.composer.waitFor({ state: 'detached', ...PATIENCE }); // he can write no more
    await cy.message('I have the key').waitFor({ state: 'detached', ...PATIENCE });

    await cy.page.getByRole('button', { name: 'About this room' }).click();
    await cy.dialog.getByRole('button', { name: 'Leave this room' }).click();
    await cy.row('Weir keepers').waitFor({ state: 'detached' });
    await expect.poll(async () => heldBy(await cy.key(), room), POLL).toBeUndefined();
    await ada.row('Weir keepers').waitFor();
    expect(await heldBy(await ada.key(), room)).toBeDefined();
    expect([...ada.errors, ...ben.errors, ...cy.errors]).toEqual([]);
  });

  it('converge to the same bytes after ten minutes apart in which both have written', async () => {
    const [ada, ben] = [await Person.arrive(), await Person.arrive()];
    const room = await ada.create('Weir keepers', 'Ada');
    await ada.say('Before the storm');
    await ada.inRoom('Before the storm');
    await ben.join(await ada.invite(), 'Ben');
    await ben.say('I am here');
    await ben.inRoom('I am here');
    await ada.sees('I am here');
    for (const { page } of [ada, ben]) await page.clock.install();

    await host.stop();
    await ada.say('Ada at the start');
    await ben.say('Ben at the start');
    await ada.react('I am here', '👍');
    for (const { page } of [ada, ben]) await page.clock.fastForward('10:00');
    await ben.say('Ben ten minutes later');
    await ben.editLast('Ben, eleven minutes later');
    await ada.say('Ada ten minutes later');
    await ben.page.reload();
    await ben.sees('Ben, eleven minutes later');
    await host.start();

    await ada.sees('Ben, eleven minutes later');
    await ben.sees('Ada ten minutes later');
    await expect
      .poll(async () => new Set([await ada.state(room), await ben.state(room)]).size, POLL)
      .toBe(1);
    await expect
      .poll(async () => (await contractState(room)) === (await ada.state(room)), POLL)
      .toBe(true);
    // what each had written came as one update
    expect(host.running.metrics().requests['Update']).toBe(2);
    const rows = [
      'Before the storm',
      'I am here 👍',
      'Ada at the start',
      'Ben at the start',
      'Ben, eleven minutes later (edited)',
      'Ada ten minutes later',
    ];
    expect((await ada.rows()).sort()).toEqual(rows.sort());
    expect(await ben.rows()).toEqual(await ada.rows());
    await ada.say('Together again');
    await ben.sees('Together again');
    expect([...ada.errors, ...ben.errors]).toEqual([]);
  });

  it('somebody takes their key to another browser, and finds their rooms and their name there', async () => {
    const home = await Person.arrive();
    const room = await home.create('Weir keepers', 'Ada');
    await home.say('From home');
    await expect.poll(async () => heldBy(await home.key(), room), POLL).toBeDefined();
    await home.page.getByRole('button', { name: 'Shared node: your key' }).click();
    await home.dialog.getByRole('button', { name: 'Show my key' }).click();
    const key = await home.dialog.getByRole('textbox', { name: 'Your key' }).inputValue();
    expect(key).toBe(await home.key());

    const office = await Person.arrive();
    const own = await office.create('Office notes', 'Ada');
    await expect.poll(async () => heldBy(await office.key(), own), POLL).toBeDefined();
    await office.page.getByRole('button', { name: 'Shared node: your key' }).click();
    await office.dialog.getByLabel('Key from your other browser').fill(key);
    await office.dialog.getByRole('button', { name: 'Use this key' }).click();
    await office.dialog.getByText('Your rooms are on their way').waitFor();
    await office.dialog.getByRole('button', { name: 'Done' }).click();
    await office.row('Weir keepers').click(PATIENCE);
    await office.sees('From home');
    await expect.poll(() => heldBy(key, own), POLL).toBeDefined(); // what was here was brought along
    await office.say('From the office');
    await office.inRoom('From the office');
    await home.dialog.getByRole('button', { name: 'Done' }).click();
    await home.sees('From the office');
    expect([...home.errors, ...office.errors]).toEqual([]);
  });
});
