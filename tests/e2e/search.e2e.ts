import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openProfile, type Profile } from '../support/browser.ts';
import { TestHost } from '../support/host.ts';

const PATIENCE = { timeout: 60_000 };

// two browsers at once, on two slow cores
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let host: TestHost;
let profiles: Profile[];
let ada: Page;
let ben: Page;
/** The address of Ada's own room. */
let garden: string;

async function arrive(): Promise<Page> {
  const profile = await openProfile();
  profiles.push(profile);
  const page = await profile.context.newPage();
  await page.goto(host.url);
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  return page;
}

const dialog = (page: Page): Locator => page.getByRole('dialog');
const message = (page: Page, text: string): Locator =>
  page.locator('weir-message').filter({ hasText: text });
const hits = (page: Page): Locator => page.locator('weir-search a.row');

async function say(page: Page, text: string): Promise<void> {
  const field = page.locator('weir-composer textarea');
  await field.fill(text);
  await field.press('Enter');
  await message(page, text).waitFor();
}

/** From wherever one is. */
async function search(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+Shift+F');
  await page.locator('weir-search input[type=search]').fill(words);
}

/** The message that has the focus. */
const focusedId = (page: Page): Promise<string | undefined> =>
  page.locator('weir-history').evaluate((history) => {
    const line = history.shadowRoot?.activeElement;
    return line instanceof HTMLElement ? line.dataset['id'] : undefined;
  });

beforeAll(async () => {
  host = await TestHost.start({ hosted: true });
  profiles = [];
  [ada, ben] = [await arrive(), await arrive()];
  await ada.locator('nav').getByRole('button', { name: 'New room' }).last().click();
  await dialog(ada).getByLabel('Name of the room').fill('Secret garden');
  await dialog(ada).getByLabel('Your name in it').fill('Ada');
  await dialog(ada)
    .getByLabel(/private/i)
    .check();
  await dialog(ada).getByRole('button', { name: 'Create' }).click();
  await ada.locator('weir-composer textarea').waitFor();
  garden = new URL(ada.url()).pathname;
  await say(ada, 'The lantern hangs by the gate');
  await message(ada, 'lantern').getByText('in the room').waitFor(PATIENCE);
  await ada.getByRole('button', { name: 'People in this room' }).click();
  await dialog(ada).getByRole('button', { name: 'Invite somebody' }).click();
  const link = await dialog(ada).getByLabel('Link', { exact: true }).inputValue();
  await dialog(ada).getByRole('button', { name: 'Done' }).click();
  await ben.goto(link);
  await dialog(ben).getByLabel('Your name in the room').fill('Ben');
  await dialog(ben).getByRole('button', { name: 'Join', exact: true }).click();
  await message(ben, 'lantern').waitFor(PATIENCE);
  await message(ada, 'Ben joined the room').waitFor(PATIENCE);
});

afterAll(async () => {
  for (const profile of profiles) await profile.close();
  await host.dispose();
});

describe('search', () => {
  it('finds offline what was said in a private room, as it was edited, and what was written to one alone', async () => {
    await host.stop();
    await say(ada, 'Bring the laddr');
    await ada.locator('weir-composer textarea').press('ArrowUp'); // edits the last
    await ada.locator('weir-composer textarea').fill('Bring the ladder');
    await ada.locator('weir-composer textarea').press('Enter');
    await message(ada, 'Bring the ladder').getByText('edited').waitFor();
    await ada.getByRole('button', { name: 'People in this room' }).click();
    await dialog(ada).getByRole('button', { name: 'Ben' }).click();
    await dialog(ada).getByRole('button', { name: 'Message', exact: true }).click();
    await ada.getByRole('heading', { name: 'Ben', exact: true }).waitFor();
    await say(ada, 'The ladder is in the shed, for you alone');

    await ada.reload();
    await search(ada, 'ladder');
    await vi.waitFor(async () => expect(await hits(ada).count()).toBe(2), PATIENCE);
    expect(await hits(ada).nth(0).textContent()).toContain('in the shed');
    expect(await hits(ada).nth(1).textContent()).toContain('Bring the ladder');
    await ada.locator('weir-search input[type=search]').fill('laddr');
    await ada.getByText('Nothing found').first().waitFor(PATIENCE);
    await ada.locator('weir-search input[type=search]').fill('lantern gate');
    await vi.waitFor(async () => expect(await hits(ada).count()).toBe(1), PATIENCE);

    await hits(ada).first().click();
    expect(new URL(ada.url()).pathname).toMatch(new RegExp(`^${garden}/m/-?\\d+$`));
    const id = ada.url().split('/').at(-1) ?? '';
    await vi.waitFor(async () => expect(await focusedId(ada)).toBe(id), PATIENCE);
    await ada.goBack();
    await vi.waitFor(async () => expect(await hits(ada).count()).toBe(1), PATIENCE);
    await ada.locator('weir-search input[type=search]').fill('shed');
    await hits(ada).first().click();
    await ada.getByRole('heading', { name: 'Ben', exact: true }).waitFor();
    await host.start();
    expect(profiles.flatMap(({ errors }) => errors)).toEqual([]);
  });
});
