import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

const ASSETS = fileURLToPath(new URL('../../dist/assets/', import.meta.url));

/** The built file of a part, by the name of its module. */
function built(part: string): string {
  const file = readdirSync(ASSETS).find(
    (name) => name.startsWith(`${part}-`) && name.endsWith('.js'),
  );
  if (file === undefined) throw new Error(`no ${part} was built`);
  return file;
}

/** What a file can't do without, itself included. */
function neededFrom(file: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(file)) return found;
  found.add(file);
  const code = readFileSync(join(ASSETS, file), 'utf8');
  for (const [, next = ''] of code.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) {
    neededFrom(next, found);
  }
  return found;
}

/** A file that the part needs and the first screen does not. */
function neededBy(part: string): string {
  const first = neededFrom(built('index'));
  const file = [...neededFrom(built(part))].find(
    (each) => each !== built(part) && !first.has(each),
  );
  if (file === undefined) throw new Error(`${part} needs nothing of its own`);
  return file;
}

it.each([
  ['a part itself', () => built('room-core')],
  ['what a part needs', () => neededBy('room-core')],
])('%s that did not come is asked for again, and the rooms open', async (_what, fileOf) => {
  const file = `**/assets/${fileOf()}`;
  const page = await profile.context.newPage();
  let refused = 0;
  await page.route(file, (route) => (refused++ < 1 ? route.abort() : route.continue()));
  await page.goto(host.url);
  await page.locator('weir-room-list [data-room]').first().click();
  await page.locator('weir-composer textarea').waitFor();
  expect(refused).toBeGreaterThan(0);
  expect(await page.getByText(/can’t go on|Not all of Weir/).count()).toBe(0);
});
