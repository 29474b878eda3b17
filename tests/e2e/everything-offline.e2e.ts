import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decode } from '../../src/river/cbor/codec.ts';
import type { RoomState } from '../../src/river/room-state/room-state.ts';
import { roomsMeta } from '../../src/river/rooms-meta.ts';
import { toBase58, utf8Text } from '../../src/shared/bytes.ts';
import { heldByContract, textsOf } from '../support/contracts.ts';
import { heldRaw, heldRooms, textsIn } from '../support/delegate.ts';
import { Gathering } from '../support/gathering.ts';
import type { TestHost } from '../support/host.ts';
import { Person } from '../support/person.ts';

// three browsers, on two slow cores, and every action that there is
vi.setConfig({ testTimeout: 420_000, hookTimeout: 60_000 });

/** What is waited for ends the wait. */
const PATIENCE = { timeout: 60_000 };
const POLL = { timeout: 60_000, interval: 250 };

let host: TestHost;
let gathering: Gathering;

beforeEach(async () => {
  gathering = new Gathering();
  host = await gathering.host({ hosted: true });
});

afterEach(() => gathering.dispose());

const exact = { exact: true } as const;

const arrive = (): Promise<Person> => Person.arrive(gathering, host);

/** The names of the list, in its order. */
const names = ({ page }: Person): Promise<string[]> =>
  page.locator('weir-room-list a[data-room] .name bdi').allInnerTexts();

const inContract = (room: string): Promise<RoomState | undefined> => heldByContract(host.url, room);

/** What the rooms are, by the names that they have before anything is done offline. */
interface Rooms {
  readonly keepers: string;
  readonly vault: string;
  readonly ferry: string;
  readonly mill: string;
}

/** Ada's four rooms; Ben in two of them, Cy in one. All of it is on the node. */
async function together(ada: Person, ben: Person): Promise<Rooms> {
  const mill = await ada.create('Old mill', 'Ada');
  const ferry = await ada.create('Ferry', 'Ada');
  await ada.say('The rope holds');
  const vault = await ada.create('Vault', 'Ada', true);
  await ada.say('Behind the old door');
  const forBenInVault = await ada.invite();
  const keepers = await ada.create('Weir keepers', 'Ada');
  await ada.say('Close it at nine');
  await ada.say('a mistake');
  const [forBen, forCy] = [await ada.invite(), await ada.invite()];
  await expect.poll(() => inContract(keepers), POLL).toBeDefined();
  await expect.poll(() => inContract(vault), POLL).toBeDefined();

  const cy = await arrive();
  await cy.join(forCy, 'Cy');
  await cy.say('Buy my boats');
  await ada.sees('Buy my boats');
  await cy.close();
  await ben.join(forBenInVault, 'Ben');
  await ben.join(forBen, 'Ben');
  await ben.say('I have the key');
  await ben.say('The boat is tied');
  await ada.sees('The boat is tied');
  await ben.writeTo('Ada');
  await ben.say('psst');
  await ada.button('Direct messages, 1 unread').waitFor(PATIENCE);
  await ada.react('The boat is tied', '🎉');

  await ada.openRoom('Vault');
  await ada.openPeople();
  await ada.openMember('Ben');
  await ada.inDialog('Make deputy').click();
  await ada.member('Ben').getByText('deputy', exact).waitFor();
  await ada.closeDialog();
  await ben.openRoom('Vault');
  await ben.openPeople();
  await ben.member('Ben').getByText('deputy', exact).waitFor(PATIENCE);
  await ben.closeDialog();
  await ben.openRoom('Weir keepers');
  await ben.reaction('The boat is tied', '🎉').waitFor(PATIENCE);
  return { keepers, vault, ferry, mill };
}

/** What Ada does in the rooms that were there before. */
async function actInRooms(ada: Person): Promise<void> {
  await ada.openRoom('Weir keepers');
  await ada.composer.fill('A **bold** word for @Be');
  await ada.composer.press('Enter'); // takes the person, not the message
  await expect.poll(() => ada.composer.inputValue(), POLL).toBe('A **bold** word for @Ben ');
  await ada.composer.press('Enter');
  await ada.message('bold').locator('button.mention').waitFor();
  await ada.act('I have the key', 'Reply');
  await ada.say('Keep it dry');
  await ada.act('Close it at nine', 'Edit');
  await ada.composer.fill('Close it at ten');
  await ada.composer.press('Enter');
  await ada.message('Close it at ten').getByText('(edited)').waitFor();
  await ada.act('a mistake', 'Delete');
  await ada.button('Delete for everyone').click();
  await ada.message('a mistake').waitFor({ state: 'detached' });
  await ada.react('I have the key', '👍');
  await ada.reaction('The boat is tied', '🎉').click();
  await ada.reaction('The boat is tied', '🎉').waitFor({ state: 'detached' });

  await ada.openAbout();
  await ada.dialog.getByLabel('Name', exact).fill('Keepers of the weir');
  await ada.dialog.getByLabel('Description', exact).fill('Gates and boats');
  await ada.dialog.getByLabel('Bytes in a message').fill('900');
  await ada.inDialog('Save').click();
  await ada.inDialog('Saved').waitFor();
  await ada.closeDialog();
  await ada.heading('Keepers of the weir').waitFor();

  await ada.openPeople();
  await ada.openMember('Ada');
  await ada.dialog.getByLabel('Your name in this room').fill('Adela');
  await ada.inDialog('Save').click();
  await ada.member('Adela').waitFor();
  await ada.openMember('Ben');
  await ada.inDialog('Make deputy').click();
  await ada.member('Ben').getByText('deputy', exact).waitFor();
  await ada.openMember('Cy');
  await ada.inDialog('Ban…').click();
  await ada.inDialog('Ban').click();
  await ada.member('Cy').waitFor({ state: 'detached' });
  await ada.closeDialog();
  await ada.message('Buy my boats').waitFor({ state: 'detached' });

  await ada.button('Notifications: all messages').click();
  await ada.dialog.getByRole('button', { name: /^Muted/ }).click();
  await ada.button('Notifications: muted').waitFor();

  await ada.openRoom('Vault');
  await ada.openAbout();
  await ada.inDialog('New key').click();
  await ada.dialog.getByText('Key version 1 is in use now').waitFor();
  await ada.closeDialog();
  await ada.say('Behind the new door');
  await ada.openPeople();
  await ada.openMember('Ben');
  await ada.inDialog('Take deputyship back').click();
  await ada.member('Ben').getByText('deputy', exact).waitFor({ state: 'detached' });
  await ada.inDialog('Mute').click();
  await ada.member('Ben').getByText('muted', exact).waitFor();
  await ada.closeDialog();
}

/** What Ada does with rooms as a whole. @returns what is passed on or was exported */
async function actWithRooms(ada: Person, lighthouse: string) {
  const harbour = await ada.create('Harbour', 'Ada');
  await ada.say('Harbour is open');
  const link = await ada.invite();
  const attic = await ada.create('Attic', 'Ada', true);
  await ada.say('Mind your head');

  for (const name of ['Ferry', 'Old mill']) {
    await ada.openRoom(name);
    await ada.openAbout();
    await ada.inDialog('Leave this room').click();
    await ada.row(name).waitFor({ state: 'detached' });
  }
  await ada.page.locator('nav').getByRole('button', { name: 'Join a room' }).last().click();
  await ada.inDialog('Come back to “Ferry”').click();
  await ada.sees('The rope holds');
  const identity = await ada.exportIdentity();

  await ada.page.locator('nav').getByRole('button', { name: 'Join a room' }).last().click();
  await ada.dialog.getByLabel('Invitation').fill(lighthouse);
  await ada.inDialog('Next').click();
  await ada.page.getByText('Identity brought here').waitFor();
  return { harbour, attic, link, identity };
}

/** What Ada does between her and Ben alone. */
async function actInDirectMessages(ada: Person): Promise<void> {
  await ada.openRoom('Keepers of the weir');
  await ada.writeTo('Ben');
  await ada.sees('psst');
  await ada.button('Delete their messages').click();
  await ada.inDialog('Delete').click();
  await ada.message('psst').waitFor({ state: 'detached' });
  await ada.say('The key is under the pot');
  await ada.button('Send an invitation to another room').click();
  await ada.dialog.getByLabel('Attic').check();
  await ada.dialog.getByLabel('A few words with it').fill('Come up');
  await ada.inDialog('Send').click();
  await ada.sees('Come up');
  await ada.button('Archive this conversation').click();
  await ada.page.getByText('Archived the conversation with Ben').waitFor();
  await ada.heading('Keepers of the weir').waitFor();
  await ada.button('Direct messages').click();
  const list = ada.page.locator('weir-dm-list'); // the rail beside it has the same
  await list.getByText('Archived (1)').click();
  await list.getByRole('button', { name: 'Take out of the archive' }).click();
  await list.getByText('Archived (1)').waitFor({ state: 'detached' });
}

const ORDER = ['Vault', 'Ferry'];

/** Everything that Ada has done, as her own screen shows it. */
async function showsAll(ada: Person): Promise<void> {
  await ada.row('Vault').waitFor(PATIENCE);
  expect((await names(ada)).slice(0, 2)).toEqual(ORDER);
  for (const name of ['Harbour', 'Attic']) await ada.row(name).waitFor();
  expect(await ada.row('Old mill').count()).toBe(0);
  await ada.row('Keepers of the weir').getByText('muted').waitFor();

  await ada.openRoom('Keepers of the weir');
  await ada.message('bold').locator('strong').waitFor();
  await ada.message('Keep it dry').getByText('I have the key').waitFor();
  await ada.message('Close it at ten').getByText('(edited)').waitFor();
  await ada.reaction('I have the key', '👍').waitFor();
  expect(await ada.reaction('The boat is tied', '🎉').count()).toBe(0);
  for (const gone of ['a mistake', 'Buy my boats', 'Close it at nine']) {
    expect(await ada.message(gone).count()).toBe(0);
  }
  await ada.openPeople();
  await ada.member('Adela').getByText('you', exact).waitFor();
  await ada.member('Ben').getByText('deputy', exact).waitFor();
  await ada.dialog.getByText('Bans (1 of 10)').waitFor();
  expect(await ada.member('Cy').count()).toBe(0);
  await ada.closeDialog();
  await ada.openAbout();
  expect(await ada.dialog.getByLabel('Description', exact).inputValue()).toBe('Gates and boats');
  expect(await ada.dialog.getByLabel('Bytes in a message').inputValue()).toBe('900');
  await ada.closeDialog();
  await ada.writeTo('Ben');
  await ada.sees('The key is under the pot');
  await ada.sees('Come up');
  expect(await ada.message('psst').count()).toBe(0);

  await ada.openRoom('Vault');
  await ada.sees('Behind the new door');
  await ada.openPeople();
  await ada.member('Ben').getByText('muted', exact).waitFor();
  expect(await ada.member('Ben').getByText('deputy', exact).count()).toBe(0);
  await ada.closeDialog();
  await ada.openRoom('Ferry');
  await ada.sees('The rope holds');
  await ada.openRoom('Harbour');
  await ada.sees('Harbour is open');
  await ada.openRoom('Attic');
  await ada.sees('Mind your head');
}

/** Everything that Ada has done, as Ben sees it. */
async function benSeesAll(ben: Person, link: string): Promise<void> {
  await ben.openRoom('Keepers of the weir');
  await ben.message('bold').locator('strong').waitFor(PATIENCE);
  await ben.message('bold').locator('.mention.self', { hasText: '@Ben' }).waitFor();
  await ben.message('bold').getByText('Adela').first().waitFor(PATIENCE);
  await ben.message('Keep it dry').getByText('I have the key').waitFor(PATIENCE);
  await ben.message('Close it at ten').getByText('(edited)').waitFor(PATIENCE);
  await ben.reaction('I have the key', '👍').waitFor(PATIENCE);
  await ben.reaction('The boat is tied', '🎉').waitFor({ state: 'detached', ...PATIENCE });
  for (const gone of ['a mistake', 'Buy my boats']) {
    await ben.message(gone).waitFor({ state: 'detached', ...PATIENCE });
  }
  await ben.openPeople();
  await ben.member('Ben').getByText('deputy', exact).waitFor(PATIENCE);
  await ben.dialog.getByText('Bans (1 of 10)').waitFor(PATIENCE);
  expect(await ben.member('Cy').count()).toBe(0);
  await ben.closeDialog();
  await ben.openAbout();
  await ben.dialog.getByText('Gates and boats').waitFor();
  await ben.dialog.getByText('900', exact).waitFor();
  await ben.closeDialog();
  await ben.openRoom('Vault');
  await ben.sees('Behind the new door');
  await ben.openPeople();
  await ben
    .member('Ben')
    .getByText('deputy', exact)
    .waitFor({ state: 'detached', ...PATIENCE });
  await ben.closeDialog();

  await ben.openRoom('Keepers of the weir');
  await ben.writeTo('Adela');
  await ben.sees('The key is under the pot');
  await ben.message('psst').waitFor({ state: 'detached', ...PATIENCE });
  const card = ben.message('Come up');
  await card.getByRole('link', { name: 'Accept invitation' }).click(PATIENCE);
  await ben.finishJoining('Ben');
  await ben.sees('Mind your head');
  await ben.join(link, 'Ben');
  await ben.sees('Harbour is open');
}

async function holdsOrder(person: string): Promise<unknown> {
  const held = await heldRaw(host.url, 'rooms_meta', person);
  if (!held) return undefined;
  const meta = decode(roomsMeta, held.bytes);
  if (!meta.ok) throw new Error(`${meta.error.path}: ${meta.error.reason}`);
  const { roomOrder, notificationModes } = meta.value;
  return {
    order: roomOrder.slice(0, 2).map(toBase58),
    modes: notificationModes.map(([room, mode]) => [toBase58(room), mode]),
  };
}

describe('everything that Weir can do', () => {
  it('is done with no node, outlives a restart without one, and is seen by another person and on the node', async () => {
    const [ada, ben] = [await arrive(), await arrive()];
    const own = await ben.create('Lighthouse', 'Keeper');
    await ben.say('The lamp is lit');
    const lighthouse = await ben.exportIdentity();
    const { keepers, vault, ferry, mill } = await together(ada, ben);
    const person = await ada.key();
    await expect.poll(async () => (await heldRooms(host.url, person)).size, POLL).toBe(4);

    await host.stop();
    await actInRooms(ada);
    const { harbour, attic, link, identity } = await actWithRooms(ada, lighthouse);
    await actInDirectMessages(ada);
    for (const name of ORDER.toReversed()) {
      await ada.row(name).focus();
      await ada.page.keyboard.press('Alt+Home');
      await expect.poll(async () => (await names(ada))[0], POLL).toBe(name);
    }
    await ada.close();
    await ada.open();
    await showsAll(ada);

    await host.start();
    await benSeesAll(ben, link);
    await showsAll(ada);
    await ada.openRoom('Lighthouse');
    await ada.sees('The lamp is lit');

    const rooms = [keepers, vault, ferry, harbour, attic, own].map((room) => `room:${room}`);
    const held = (): ReturnType<typeof heldRooms> => heldRooms(host.url, person);
    await expect
      .poll(async () => [...(await held()).keys()].sort(), POLL)
      .toEqual(rooms.toSorted());
    expect(await held().then((all) => all.has(`room:${mill}`))).toBe(false);
    const kept = await held();
    expect(textsIn(kept.get(`room:${vault}`))).toContain('Behind the new door');
    expect(textsIn(kept.get(`room:${attic}`))).toContain('Mind your head');
    await expect
      .poll(() => holdsOrder(person), POLL)
      .toEqual({ order: [vault, ferry], modes: [[keepers, 'Muted']] });
    const outbound = await heldRaw(host.url, 'outbound_dms', person);
    expect(utf8Text(outbound?.bytes ?? new Uint8Array())).toContain('The key is under the pot');

    const room = await inContract(keepers);
    const { configuration } = room?.configuration ?? {};
    expect(configuration?.maxMessageSize).toBe(900);
    expect(room?.bans).toHaveLength(1);
    expect(room?.members).toHaveLength(1);
    expect(textsOf(room)).toEqual(expect.arrayContaining(['Keep it dry', 'I have the key']));
    expect((await inContract(vault))?.secrets.currentVersion).toBe(1);
    expect(textsOf(await inContract(harbour))).toContain('Harbour is open');
    expect(identity).toContain('RIVER');
    expect(gathering.errors).toEqual([]);
  });
});
