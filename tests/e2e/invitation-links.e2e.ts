import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { button, createRoom, dialog, invite, message, say, send } from '../support/app-page.ts';
import { Gathering } from '../support/gathering.ts';
import type { TestHost } from '../support/host.ts';

// two browsers at once, on two slow cores
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const PATIENCE = { timeout: 60_000 };

let host: TestHost;
let gathering: Gathering;
let ada: Page;
let ben: Page;
/** Of Ada's room, for one person. */
let links: readonly string[];

const rooms = (page: Page): Locator => page.locator('weir-room-list a[data-room]');

beforeAll(async () => {
  gathering = new Gathering();
  host = await gathering.host({ hosted: true });
  [ada, ben] = [await gathering.arrive(host), await gathering.arrive(host)];
  await createRoom(ada, 'Weir keepers');
  await say(ada, 'Welcome');
  await message(ada, 'Welcome').getByText('in the room').waitFor(PATIENCE);
  links = [await invite(ada), await invite(ada)];
});

afterAll(() => gathering.dispose());

describe('an invitation link', () => {
  it('that is declined leaves the address, says so when it is opened again, and still works', async () => {
    const [link = ''] = links;
    await ben.goto(link);
    await button(dialog(ben), 'Decline').click();
    await expect.poll(() => new URL(ben.url()).search, PATIENCE).toBe('');
    await ben.reload();
    await ben.getByRole('heading', { name: 'Welcome' }).waitFor(PATIENCE);
    expect(await dialog(ben).count()).toBe(0);
    await ben.goto(link);
    await dialog(ben).getByText('declined').waitFor(PATIENCE);
    await ben.keyboard.press('Escape');
    await expect.poll(() => new URL(ben.url()).search, PATIENCE).toBe('');
  });

  it('opened without a node in two tabs is accepted once; the room comes when there is a node, and a second link changes nothing', async () => {
    const [link = '', another = ''] = links;
    await host.stop();
    const second = await ben.context().newPage();
    await ben.goto(link);
    await second.goto(link);
    for (const tab of [ben, second]) {
      await dialog(tab).getByLabel('Your name in the room').fill('Ben');
    }
    await button(dialog(ben), 'Join').click();
    await expect.poll(() => rooms(ben).count(), PATIENCE).toBe(1);
    await button(dialog(second), 'Join').click();
    await dialog(second).getByText('Nothing was changed').waitFor(PATIENCE);
    await button(dialog(second), 'Open it').click();
    await expect.poll(() => rooms(second).count(), PATIENCE).toBe(1);
    await ben.getByText('On its way').first().waitFor(PATIENCE);
    await ben.reload();
    await expect.poll(() => rooms(ben).count(), PATIENCE).toBe(1);

    await host.start();
    for (const tab of [ben, second]) await message(tab, 'Welcome').waitFor(PATIENCE);
    await message(ada, 'Ben joined the room').waitFor(PATIENCE);
    expect(await message(ada, 'joined the room').count()).toBe(1);
    await second.goto(another);
    await dialog(second).getByText('Nothing was changed').waitFor(PATIENCE);
    await second.close();
  });

  it('of a room that was left brings it back, with the key that one had', async () => {
    const [, another = ''] = links;
    await button(ben, 'About this room').click();
    await button(dialog(ben), 'Leave this room').click();
    await expect.poll(() => rooms(ben).count(), PATIENCE).toBe(0);
    await ben.goto(another);
    await dialog(ben).getByText('Weir keepers').waitFor(PATIENCE);
    expect(await dialog(ben).getByLabel('Your name in the room').count()).toBe(0);
    await button(dialog(ben), 'Come back').click();
    await message(ben, 'Welcome').waitFor(PATIENCE);
    await send(ben, 'Here again');
    await message(ada, 'Here again').waitFor(PATIENCE);
    expect(await message(ada, 'Here again').locator('.who').textContent()).toContain('Ben');
    expect(gathering.errors).toEqual([]);
  });
});
