import { afterEach, beforeEach, expect, it } from 'vitest';
import { openProfile, type Profile } from '../support/browser.ts';
import { seedUser } from '../support/delegate.ts';
import { TestHost } from '../support/host.ts';

let host: TestHost;
let profile: Profile;

beforeEach(async () => {
  host = await TestHost.start();
  await seedUser(host.url);
  profile = await openProfile({ serviceWorkers: 'block' }); // requests can be refused only where no worker answers them
});

afterEach(async () => {
  await profile.close();
  await host.dispose();
});

it.each([
  ['a part itself', /\/assets\/room-core-/],
  ['what a part needs', /\/assets\/room-choice-/],
])('%s that did not come is asked for again, and the rooms open', async (_what, file) => {
  const page = await profile.context.newPage();
  let refused = 0;
  await page.route(file, (route) => (refused++ < 1 ? route.abort() : route.continue()));
  await page.goto(host.url);
  await page.locator('weir-room-list [data-room]').first().click();
  await page.locator('weir-composer textarea').waitFor();
  expect(refused).toBeGreaterThan(0);
  expect(await page.getByText(/can’t go on|Not all of Weir/).count()).toBe(0);
});
