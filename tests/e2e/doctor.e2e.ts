import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { weir } from '../../host/commands/weir.ts';
import { toBase58, toHex } from '../../src/shared/bytes.ts';
import { openProfile, type Profile } from '../support/browser.ts';
import { heldRooms, seedUser } from '../support/delegate.ts';
import { TestHost } from '../support/host.ts';
import { leaveNewerDatabase } from '../support/page-database.ts';
import { readVectors } from '../support/vectors.ts';

const user = readVectors<{
  readonly rooms: readonly { readonly name: string; readonly owner_vk_base58: string }[];
}>('user-data');
const GARDEN = user.rooms.find(({ name }) => name === 'small public room')?.owner_vk_base58 ?? '';
const SECRET_WORDS = 'The tulips are under the third stone';

let host: TestHost;
let profile: Profile;
const folders: string[] = [];

afterEach(async () => {
  await profile.close();
  await host.dispose();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'weir-doctor-'));
  folders.push(made);
  return made;
}

async function doctor(...args: string[]): Promise<{ readonly code: number; readonly out: string }> {
  const out: string[] = [];
  const output = {
    line: (line: string) => out.push(line),
    error: (line: string) => out.push(line),
  };
  const code = await weir(['doctor', ...args], output, AbortSignal.timeout(60_000));
  return { code, out: out.join('\n') };
}

async function post(page: Page, text: string): Promise<void> {
  const composer = page.locator('weir-composer textarea');
  await composer.waitFor();
  await composer.fill(text);
  await composer.press('Enter');
  await page.locator('weir-history').getByText(text, { exact: true }).waitFor();
}

describe('how saving stands', () => {
  it('is told of an edit that waits, in the app and by the command line, without keys, words or names', async () => {
    host = await TestHost.start();
    await seedUser(host.url);
    profile = await openProfile();
    const page = await profile.context.newPage();
    await page.goto(host.url);
    await page.locator(`[data-room="${GARDEN}"]`).click();
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    const held = await heldRooms(host.url);
    await host.stop();
    await post(page, SECRET_WORDS);

    await page.getByRole('link', { name: 'How saving stands' }).click();
    await page.waitForURL('**/doctor');
    const looked = page.locator('weir-doctor');
    await looked
      .getByText(/stored in the browser since .* not proved to be on the node/)
      .first()
      .waitFor();
    await looked.getByText('The node does not answer: edits stay in the browser.').waitFor();
    const name = held.get(`room:${GARDEN}`)?.room.roomState.configuration.configuration.display
      .name;
    if (name?.type !== 'Public') throw new Error('the garden is a public room');
    await looked.getByText(Buffer.from(name.value).toString('utf8')).first().waitFor();

    await looked.getByRole('button', { name: 'What will be in the file' }).click();
    const saved = page.waitForEvent('download');
    await looked.getByRole('button', { name: 'Save the report' }).click();
    const file = join(folder(), 'weir-report.json');
    await (await saved).saveAs(file);

    const report = readFileSync(file, 'utf8');
    expect(report).toContain('"weirReport": 1');
    expect(report).not.toContain(SECRET_WORDS);
    for (const [key, { room }] of held) {
      expect(report).not.toContain(key.slice('room:'.length));
      if (!room.selfSk) continue;
      for (const text of [toHex(room.selfSk), toBase58(room.selfSk)]) {
        expect(report).not.toContain(text);
      }
    }
    expect(report).not.toContain(Buffer.from(name.value).toString('utf8'));

    const { code, out } = await doctor('--report', file);
    expect(code).toBe(1);
    expect(out).toMatch(/^[!-] Edits of “id-[0-9a-f]{8}”.* are stored in the browser since/m);
    expect(out).toContain('! The node does not answer');
  });

  it('can be looked at where the database is of a newer version', async () => {
    host = await TestHost.start();
    profile = await openProfile();
    const page = await profile.context.newPage();
    await page.goto(`${host.url}/weir/config.json`);
    await leaveNewerDatabase(page);
    await page.goto(host.url);
    await page.getByRole('link', { name: 'How saving stands' }).click();
    await page.getByText(/database can’t be read: .*newer version of Weir/).waitFor();
    await page.getByText(/The node answers/).waitFor();
  });

  it('a page whose worker can’t be installed syncs by itself, and says so', async () => {
    const app = folder();
    cpSync(fileURLToPath(new URL('../../dist', import.meta.url)), app, { recursive: true });
    rmSync(join(app, 'icons', 'weir-512.png')); // it is in the worker's list of files
    host = await TestHost.start({ appDir: app });
    await seedUser(host.url);
    profile = await openProfile();
    const page = await profile.context.newPage();
    await page.goto(host.url);
    await page.getByText(/This page syncs by itself/).waitFor({ timeout: 30_000 });
    await page.locator(`[data-room="${GARDEN}"]`).click();
    await post(page, 'Without a worker');
    await expect
      .poll(async () => (await heldRooms(host.url)).get(`room:${GARDEN}`)?.generation, {
        timeout: 30_000,
      })
      .toBe(2n);
  });
});
