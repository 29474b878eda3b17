import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openProfile, type Profile } from '../support/browser.ts';
import { TestHost } from '../support/host.ts';

// two browsers at once, on two slow cores
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const PATIENCE = { timeout: 60_000 };

let host: TestHost;
let profiles: Profile[];
let ada: Page;
let ben: Page;
/** Of Ada's room, for one person. */
let links: readonly string[];

async function arrive(): Promise<Page> {
  const profile = await openProfile();
  profiles.push(profile);
  const page = await profile.context.newPage();
  await page.goto(host.url);
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  return page;
}

const dialog = (page: Page): Locator => page.getByRole('dialog');
const button = (within: Page | Locator, name: string): Locator =>
  within.getByRole('button', { name, exact: true });
const message = (page: Page, text: string): Locator =>
  page.locator('weir-message').filter({ hasText: text });
const rooms = (page: Page): Locator => page.locator('weir-room-list a[data-room]');

async function invitation(): Promise<string> {
  await button(ada, 'People in this room').click();
  await button(dialog(ada), 'Invite somebody').click();
  const link = await dialog(ada).getByLabel('Link', { exact: true }).inputValue();
  await button(dialog(ada), 'Done').click();
  return link;
}

beforeAll(async () => {
  host = await TestHost.start({ hosted: true });
  profiles = [];
  [ada, ben] = [await arrive(), await arrive()];
  await ada.locator('nav').getByRole('button', { name: 'New room' }).last().click();
  await dialog(ada).getByLabel('Name of the room').fill('Weir keepers');
  await dialog(ada).getByLabel('Your name in it').fill('Ada');
  await button(dialog(ada), 'Create').click();
  await ada.locator('weir-composer textarea').fill('Welcome');
  await ada.locator('weir-composer textarea').press('Enter');
  await message(ada, 'Welcome').getByText('in the room').waitFor(PATIENCE);
  links = [await invitation(), await invitation()];
});

afterAll(async () => {
  for (const profile of profiles) await profile.close();
  await host.dispose();
});

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
    await ben.locator('weir-composer textarea').fill('Here again');
    await ben.locator('weir-composer textarea').press('Enter');
    await message(ada, 'Here again').waitFor(PATIENCE);
    expect(await message(ada, 'Here again').locator('.who').textContent()).toContain('Ben');
    expect(profiles.flatMap(({ errors }) => errors)).toEqual([]);
  });
});
