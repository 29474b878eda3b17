import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeStored } from '../../src/persist/stored-room.ts';
import { encode } from '../../src/river/cbor/codec.ts';
import { roomState } from '../../src/river/room-state/room-state.ts';
import { toHex } from '../../src/shared/bytes.ts';
import { heldByContract } from '../support/contracts.ts';
import { heldRooms } from '../support/delegate.ts';
import { Gathering } from '../support/gathering.ts';
import type { TestHost } from '../support/host.ts';
import { Person } from '../support/person.ts';

// up to three browsers at once, on two slow cores
vi.setConfig({ testTimeout: 300_000 });

/** What is waited for ends the wait. */
const PATIENCE = { timeout: 45_000 };
const POLL = { timeout: 45_000, interval: 250 };

let host: TestHost;
let gathering: Gathering;

beforeEach(async () => {
  gathering = new Gathering();
  host = await gathering.host({ hosted: true });
});

afterEach(() => gathering.dispose());

const arrive = (): Promise<Person> => Person.arrive(gathering, host);

/** The conversation as it is read: who, what, with which reactions. */
const linesOf = ({ history }: Person): Promise<string[]> =>
  history.locator('weir-message').evaluateAll((messages) =>
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

/** The room's state as this browser has it, encoded as River does; hex. */
async function stateOf({ page }: Person, room: string): Promise<string> {
  const stored = await page.evaluate(async (key) => {
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
    parts: Object.fromEntries(stored.parts.map(([part, bytes]) => [part, Uint8Array.from(bytes)])),
    messages: stored.messages.map((bytes) => ({
      order: new Uint8Array(20),
      row: { bytes: Uint8Array.from(bytes) },
    })),
  });
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.error));
  return toHex(encode(roomState, decoded.value.state));
}

async function contractState(room: string): Promise<string> {
  const state = await heldByContract(host.url, room);
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
    const [ada, ben] = [await arrive(), await arrive()];
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
    const cy = await arrive();
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
    expect(gathering.errors).toEqual([]);
  });

  it('converge to the same bytes after ten minutes apart in which both have written', async () => {
    const [ada, ben] = [await arrive(), await arrive()];
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
      .poll(async () => new Set([await stateOf(ada, room), await stateOf(ben, room)]).size, POLL)
      .toBe(1);
    await expect
      .poll(async () => (await contractState(room)) === (await stateOf(ada, room)), POLL)
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
    expect((await linesOf(ada)).sort()).toEqual(rows.sort());
    expect(await linesOf(ben)).toEqual(await linesOf(ada));
    await ada.say('Together again');
    await ben.sees('Together again');
    expect(gathering.errors).toEqual([]);
  });

  it('somebody takes their key to another browser, and finds their rooms and their name there', async () => {
    const home = await arrive();
    const room = await home.create('Weir keepers', 'Ada');
    await home.say('From home');
    await expect.poll(async () => heldBy(await home.key(), room), POLL).toBeDefined();
    await home.page.getByRole('button', { name: 'Shared node: your key' }).click();
    await home.dialog.getByRole('button', { name: 'Show my key' }).click();
    const key = await home.dialog.getByRole('textbox', { name: 'Your key' }).inputValue();
    expect(key).toBe(await home.key());

    const office = await arrive();
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
    expect(gathering.errors).toEqual([]);
  });
});
