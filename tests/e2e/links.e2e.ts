import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { messageId } from '../../src/river/ids.ts';
import { messagePath } from '../../src/app/state/router.ts';
import { openProfile, type Profile } from '../support/browser.ts';
import { OtherClient } from '../support/contracts.ts';
import { writeRaw } from '../support/delegate.ts';
import { TestHost } from '../support/host.ts';
import { largeRoom, type LargeRoom } from '../support/large-room.ts';

const MESSAGES = 2_000;
const PATIENCE = { timeout: 60_000, interval: 100 };

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let host: TestHost;
let profile: Profile;
let large: LargeRoom;
let other: OtherClient;
let page: Page;

/** The message that has the focus: its id, whether it is lit, and how far it is from the middle of the history, px. */
const focused = (): Promise<
  { readonly id: string | undefined; readonly isLit: boolean; readonly off: number } | undefined
> =>
  page.locator('weir-history').evaluate((history) => {
    const root = history.shadowRoot;
    const line = root?.activeElement;
    const box = root?.querySelector('.scroller')?.getBoundingClientRect();
    if (!(line instanceof HTMLElement) || !box) return undefined;
    const { top, bottom } = line.getBoundingClientRect();
    const off = Math.abs((top + bottom) / 2 - (box.top + box.bottom) / 2);
    return { id: line.dataset['id'], isLit: line.classList.contains('found'), off };
  });

/** In the middle, as far as the room goes on above and below it. */
const isShown = (id: string): Promise<void> =>
  vi.waitFor(async () => {
    const shown = await focused();
    expect(shown?.id).toBe(id);
    expect(shown?.isLit).toBe(true);
    expect(shown?.off).toBeLessThan(80);
  }, PATIENCE);

/** A text that is so far back. */
function farBack(index: number): string {
  const message = large.data.roomState.recentMessages[index];
  if (!message) throw new Error('no such message');
  return String(messageId(message));
}

const open = (path: string): Promise<unknown> => page.goto(`${host.url}${path}`);

beforeAll(async () => {
  host = await TestHost.start();
  const until = Date.now() - 3_600_000;
  large = largeRoom({ name: 'Years of talk', seed: 5, members: 40, messages: MESSAGES, until });
  other = await OtherClient.connect(host.url);
  await other.put(large.room, large.data.roomState);
  await writeRaw(host.url, `room:${large.room}`, large.slot);
  profile = await openProfile();
  await profile.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  page = await profile.context.newPage();
  await page.goto(host.url);
  await page.locator(`[data-room="${large.room}"]`).waitFor({ timeout: 60_000 });
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
});

afterAll(async () => {
  await profile.close();
  other.close();
  await host.dispose();
});

describe('a link to a message', () => {
  it('pasted into the address bar of a browser that has just started shows it, 2,000 messages back, without a node', async () => {
    await host.stop();
    await page.goto('about:blank');
    await profile.stopWorkers(page);
    await open(messagePath(large.room, farBack(20)));
    await isShown(farBack(20));
    await host.start();
  });

  it('is copied from a message, and leads back to it from the end of the room', async () => {
    const id = farBack(31);
    await open(messagePath(large.room, id));
    await isShown(id);
    const line = page.locator(`weir-message[data-id="${id}"]`);
    await line.hover();
    await line.getByRole('button', { name: 'More actions' }).first().click();
    await page
      .locator('weir-message-menu')
      .getByRole('button', { name: 'Copy a link to it' })
      .click();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).toBe(`${host.url}${messagePath(large.room, id)}`);
    await page.goto(host.url);
    await page.locator(`[data-room="${large.room}"]`).click();
    await page.locator('weir-composer textarea').fill(`you mean ${link} ?`);
    await page.locator('weir-composer textarea').press('Enter');
    await page.locator(`weir-message a[href="${link}"]`).click();
    await isShown(id);
    await page.goBack();
    expect(new URL(page.url()).pathname).toBe(`/room/${large.room}`);
  });

  it('from the results of a search shows what was found', async () => {
    await open('/');
    await page.locator(`[data-room="${large.room}"]`).waitFor();
    await page.keyboard.press('Control+Shift+F');
    await page.locator('weir-search input[type=search]').fill('"40: The"');
    await page.locator('weir-search a.row').first().click(PATIENCE);
    await isShown(page.url().split('/').at(-1) ?? '');
  });

  it('that is not here says so, and the room is there', async () => {
    await open(messagePath(large.room, '4711'));
    await page.getByText('That message isn’t here').waitFor(PATIENCE);
    expect(await page.locator('weir-message').count()).toBeGreaterThan(10);
    expect(profile.errors).toEqual([]);
  });
});
