import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memberIdHex } from '../../src/river/ids.ts';
import type { RoomState } from '../../src/river/room-state/room-state.ts';
import { heldByContract } from '../support/contracts.ts';
import { Gathering } from '../support/gathering.ts';
import type { TestHost } from '../support/host.ts';
import { Person } from '../support/person.ts';

// up to three browsers at once, on two slow cores
vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

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

const arrive = (): Promise<Person> => Person.arrive(gathering, host);

async function inContract(room: string): Promise<RoomState> {
  const state = await heldByContract(host.url, room);
  if (!state) throw new Error('the node does not hold the room');
  return state;
}

const membersInContract = async (room: string): Promise<number> =>
  (await inContract(room)).members.length;

describe('members', () => {
  it('a deputy is made, bans somebody whom they could not ban before, and everybody learns of it', async () => {
    const [ana, theo, mira] = [await arrive(), await arrive(), await arrive()];
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
    expect(gathering.errors).toEqual([]);
  });

  it('whose name looks like the owner’s is warned of where they write and where they are listed', async () => {
    const [ana, theo] = [await arrive(), await arrive()];
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
    expect(gathering.errors).toEqual([]);
  });

  it('who comes into a private room after its key was changed, with the owner away, is told so and reads on when she is back', async () => {
    const [ana, theo, mira] = [await arrive(), await arrive(), await arrive()];
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

    await mira.join(link, 'Mira', /joined the room/);
    await mira.page.getByText(/its key of now \(version 1\) has not reached you/).waitFor(PATIENCE);
    await mira.history.getByText('Encrypted with key version 1, which you don’t have.').waitFor();
    expect(await mira.composer.count()).toBe(0);
    await mira.page.getByRole('button', { name: 'About this room' }).click();
    await mira.dialog.getByText(/^You don’t have key version 1:/).waitFor();
    await mira.closeDialog();
    await expect.poll(() => membersInContract(room), POLL).toBe(2);

    await ana.goTo(`/room/${room}`);
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
    expect(gathering.errors).toEqual([]);
  });
});
