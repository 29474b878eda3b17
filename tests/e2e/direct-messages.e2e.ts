import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRoom, dialog, finishJoining, invite, message, say } from '../support/app-page.ts';
import { Gathering } from '../support/gathering.ts';
import type { TestHost } from '../support/host.ts';

// two browsers at once, on two slow cores
vi.setConfig({ testTimeout: 240_000 });

/** What is waited for ends the wait. */
const PATIENCE = { timeout: 60_000 };

let host: TestHost;
let gathering: Gathering;

beforeEach(async () => {
  gathering = new Gathering();
  host = await gathering.host({ hosted: true });
});

afterEach(() => gathering.dispose());

describe('direct messages', () => {
  it('are written offline, survive a reload, are read by the other alone, and answered', async () => {
    const [ada, ben] = [await gathering.arrive(host), await gathering.arrive(host)];
    await createRoom(ada, 'Weir keepers');
    await say(ada, 'Welcome');
    await message(ada, 'Welcome').getByText('in the room').waitFor(PATIENCE);
    await ben.goto(await invite(ada));
    await finishJoining(ben, 'Ben');
    await message(ada, 'Ben joined the room').waitFor(PATIENCE);

    await host.stop();
    await ada.getByRole('button', { name: 'People in this room' }).click();
    await dialog(ada).getByRole('button', { name: 'Ben' }).click();
    await dialog(ada).getByRole('button', { name: 'Message', exact: true }).click();
    await ada.getByRole('heading', { name: 'Ben', exact: true }).waitFor();
    await say(ada, 'The key is under the pot');
    await message(ada, 'under the pot').getByText('stored here').waitFor();
    await ada.reload();
    await message(ada, 'under the pot').getByText('stored here').waitFor(PATIENCE);

    await host.start();
    await message(ada, 'under the pot').getByText('in the room').waitFor(PATIENCE);
    await ben.getByRole('button', { name: 'Direct messages, 1 unread' }).click(PATIENCE);
    await ben
      .locator('weir-dm-list')
      .getByRole('link', { name: /Ada.*1 unread/s })
      .click();
    await message(ben, 'under the pot').waitFor(PATIENCE);
    await say(ben, 'Found it');
    await message(ada, 'Found it').waitFor(PATIENCE);

    for (const page of [ada, ben]) {
      await page.reload();
      await message(page, 'Found it').waitFor(PATIENCE);
      await message(page, 'under the pot').waitFor();
      await page.getByRole('button', { name: 'Back', exact: true }).click();
      // she came from the room, he from the list
      if (page === ben) await page.getByRole('button', { name: 'Back to the room' }).click();
      // read: nothing is unread, and nothing of it is in the room's own history
      await page.getByRole('button', { name: 'Direct messages', exact: true }).waitFor(PATIENCE);
      await message(page, 'Welcome').waitFor(PATIENCE);
      expect(await message(page, 'Found it').count()).toBe(0);
    }
    expect(gathering.errors).toEqual([]);
  });
});
