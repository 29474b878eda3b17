import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openProfile, type Profile } from '../support/browser.ts';
import { heldByContract, textsOf } from '../support/contracts.ts';
import { seedUser } from '../support/delegate.ts';
import { TestHost } from '../support/host.ts';
import { readVectors } from '../support/vectors.ts';

const user = readVectors<{
  readonly rooms: readonly { readonly name: string; readonly owner_vk_base58: string }[];
}>('user-data');
const GARDEN = user.rooms.find(({ name }) => name === 'small public room')?.owner_vk_base58 ?? '';

/** For what comes by itself: a busy machine is no failure. How soon it comes is printed by `shared-node.e2e.ts`. */
const PATIENCE = 60_000;

let host: TestHost;
let ada: Profile;
let ben: Profile;

beforeEach(async () => {
  host = await TestHost.start();
  await seedUser(host.url);
  [ada, ben] = await Promise.all([openProfile(), openProfile()]);
});

afterEach(async () => {
  await Promise.all([ada.close(), ben.close()]);
  await host.dispose();
});

async function openRoom(profile: Profile): Promise<Page> {
  const page = await profile.context.newPage();
  await page.goto(`${host.url}`);
  const row = page.locator(`[data-room="${GARDEN}"]`);
  await row.waitFor();
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await row.click();
  await page.locator('weir-composer textarea').waitFor();
  return page;
}

const message = (page: Page, text: string) =>
  page.locator('weir-history').getByText(text, { exact: true });

async function post(page: Page, text: string): Promise<void> {
  const composer = page.locator('weir-composer textarea');
  await composer.fill(text);
  await composer.press('Enter');
  await message(page, text).waitFor();
}

/** Both browsers listen: what one writes has reached the other once. */
async function connected(a: Page, b: Page): Promise<void> {
  await post(a, 'Can you hear me?');
  await message(b, 'Can you hear me?').waitFor({ timeout: PATIENCE });
  await post(b, 'Loud and clear.');
  await message(a, 'Loud and clear.').waitFor({ timeout: PATIENCE });
}

const inTheRoom = async (): Promise<string[]> => textsOf(await heldByContract(host.url, GARDEN));

describe('two browsers on one node', () => {
  it('see what the other writes within a second, and say that it is in the room', async () => {
    const [a, b] = [await openRoom(ada), await openRoom(ben)];
    await connected(a, b);
    await post(b, 'Hello Ada');
    await message(a, 'Hello Ada').waitFor({ timeout: PATIENCE });
    await post(a, 'Hello Ben');
    await message(b, 'Hello Ben').waitFor({ timeout: PATIENCE });
    await a.locator('weir-history').getByText('in the room').first().waitFor();
    expect(await inTheRoom()).toEqual(expect.arrayContaining(['Hello Ben', 'Hello Ada']));
    expect([...ada.errors, ...ben.errors]).toEqual([]);
  });

  it('go on hearing when the tab that listened is closed', async () => {
    const a = await openRoom(ada);
    const first = await openRoom(ben);
    const second = await openRoom(ben);
    await connected(a, first);
    await message(second, 'Can you hear me?').waitFor(); // one listens, both show it
    await first.close();
    await post(a, 'Are you still there?');
    await message(second, 'Are you still there?').waitFor({ timeout: PATIENCE });
    await post(a, 'Good.');
    await message(second, 'Good.').waitFor({ timeout: PATIENCE });
    expect([...ada.errors, ...ben.errors]).toEqual([]);
  });

  it('converge after both have written while they were apart', async () => {
    const [a, b] = [await openRoom(ada), await openRoom(ben)];
    await connected(a, b);
    await host.stop();
    await post(a, 'Ada, on a train');
    await post(b, 'Ben, in a tunnel');
    await b.reload();
    await message(b, 'Ben, in a tunnel').waitFor();
    await host.start();
    await message(b, 'Ada, on a train').waitFor({ timeout: 60_000 });
    await message(a, 'Ben, in a tunnel').waitFor({ timeout: 60_000 });
    expect(await inTheRoom()).toEqual(
      expect.arrayContaining(['Ada, on a train', 'Ben, in a tunnel']),
    );
    await post(a, 'Together again');
    await message(b, 'Together again').waitFor({ timeout: PATIENCE });
  });

  it('catch up with what was written while one of them was closed', async () => {
    const [a, b] = [await openRoom(ada), await openRoom(ben)];
    await connected(a, b);
    await b.close();
    for (const text of ['one', 'two', 'three']) await post(a, `Missed ${text}`);
    await a.locator('weir-history').getByText('in the room').first().waitFor();
    const again = await openRoom(ben);
    await message(again, 'Missed three').waitFor({ timeout: PATIENCE });
    await message(again, 'Missed one').waitFor();
    await post(again, 'Caught up');
    await message(a, 'Caught up').waitFor({ timeout: PATIENCE });
  });
});
