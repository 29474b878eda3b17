import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  acceptAs,
  composer,
  createRoom,
  dialog,
  invite,
  message,
  say,
  send,
} from '../support/app-page.ts';
import { Gathering } from '../support/gathering.ts';
import type { TestHost } from '../support/host.ts';

const PATIENCE = { timeout: 60_000 };

// two browsers at once, on two slow cores
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let host: TestHost;
let gathering: Gathering;
let ada: Page;
let ben: Page;
/** The address of Ada's own room. */
let garden: string;

const hits = (page: Page): Locator => page.locator('weir-search a.row');

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
  gathering = new Gathering();
  host = await gathering.host({ hosted: true });
  [ada, ben] = [await gathering.arrive(host), await gathering.arrive(host)];
  garden = `/room/${await createRoom(ada, 'Secret garden', 'Ada', true)}`;
  await say(ada, 'The lantern hangs by the gate');
  await message(ada, 'lantern').getByText('in the room').waitFor(PATIENCE);
  await ben.goto(await invite(ada));
  await acceptAs(ben, 'Ben');
  await message(ben, 'lantern').waitFor(PATIENCE);
  await message(ada, 'Ben joined the room').waitFor(PATIENCE);
});

afterAll(() => gathering.dispose());

describe('search', () => {
  it('finds offline what was said in a private room, as it was edited, and what was written to one alone', async () => {
    await host.stop();
    await say(ada, 'Bring the laddr');
    await composer(ada).press('ArrowUp'); // edits the last
    await send(ada, 'Bring the ladder');
    await message(ada, 'Bring the ladder').getByText('edited').waitFor();
    await ada.getByRole('button', { name: 'People in this room' }).click();
    await dialog(ada).getByRole('button', { name: 'Ben' }).click();
    await dialog(ada).getByRole('button', { name: 'Message', exact: true }).click();
    await ada.getByRole('heading', { name: 'Ben', exact: true }).waitFor();
    // of a direct message the second is kept, no less: within that of the other either is the newer
    const second = Math.floor(Date.now() / 1000);
    await expect.poll(() => Math.floor(Date.now() / 1000), PATIENCE).toBeGreaterThan(second);
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
    expect(gathering.errors).toEqual([]);
  });
});
