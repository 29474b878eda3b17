import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encode } from '../../src/river/cbor/codec.ts';
import { editRoom, type EditRoom } from '../../src/river/edits/author.ts';
import { composeBan } from '../../src/river/edits/bans.ts';
import { composeConfiguration } from '../../src/river/edits/configuration.ts';
import { memberId } from '../../src/river/ids.ts';
import { selfKeyOf } from '../../src/river/room-data.ts';
import {
  roomDelta,
  type RoomDelta,
  type RoomState,
} from '../../src/river/room-state/room-state.ts';
import { SignatureMemo } from '../../src/river/signatures/memo.ts';
import { timeFromMillis } from '../../src/river/system-time.ts';
import { systemRandom } from '../../src/shared/random.ts';
import type { Result } from '../../src/shared/result.ts';
import { acceptAs, composer, createRoom, invite } from '../support/app-page.ts';
import { carry, heldByContract, OtherClient, textsOf } from '../support/contracts.ts';
import { heldRooms, type HeldRoom } from '../support/delegate.ts';
import { Gathering } from '../support/gathering.ts';
import type { TestHost } from '../support/host.ts';
import { storedRows } from '../support/page-database.ts';

/** Ana's node, and Theo's. */
let host: TestHost;
let elsewhere: TestHost;
let gathering: Gathering;
let ana: Page;
let theo: Page;
let room: string;

const POLL = { timeout: 30_000, interval: 500 };
const history = (page: Page) => page.locator('weir-history');
const line = (page: Page, text: string) =>
  history(page).locator('weir-message').filter({ hasText: text });

async function post(page: Page, text: string, shown = text): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
  await history(page).getByText(shown, { exact: true }).waitFor();
}

async function act(page: Page, text: string, name: string): Promise<void> {
  const message = line(page, text);
  await message.hover();
  await message.getByRole('button', { name: 'More actions' }).first().click();
  await page.locator('weir-message-menu').getByRole('button', { name, exact: true }).click();
}

const inContract = (at: TestHost): Promise<RoomState | undefined> => heldByContract(at.url, room);

const held = async (at: TestHost): Promise<HeldRoom> => {
  const found = (await heldRooms(at.url)).get(`room:${room}`);
  if (!found) throw new Error('the delegate does not hold the room');
  return found;
};

/** What the owner has decided meanwhile reaches Theo's node. */
async function decided(
  own: HeldRoom['room'],
  compose: (room: EditRoom) => Result<{ readonly delta: RoomDelta }, unknown>,
): Promise<void> {
  const state = await inContract(elsewhere);
  if (!state) throw new Error('the contract does not hold the room');
  const { roomState: _, ...data } = own;
  const owner = editRoom(state, data, new SignatureMemo());
  if (!owner.ok) throw new Error(owner.error.type);
  const composed = compose(owner.value);
  if (!composed.ok) throw new Error(JSON.stringify(composed.error));
  const client = await OtherClient.connect(elsewhere.url);
  const delta = encode(roomDelta, composed.value.delta);
  expect(await client.update(room, { type: 'Delta', delta })).toBeUndefined();
  client.close();
}

/** Ana's room, with Theo in it; both nodes have all of it. */
beforeEach(async () => {
  gathering = new Gathering();
  host = await gathering.host();
  elsewhere = await gathering.host();
  ana = await gathering.arrive(host, true);
  room = await createRoom(ana, 'Weir keepers', 'Ana');
  await post(ana, 'Welcome to the gate');
  const link = await invite(ana);

  theo = await gathering.arrive(elsewhere, true);
  await theo.goto(`${elsewhere.url}/${new URL(link).search}`);
  await acceptAs(theo, 'Theo');
  await theo.getByRole('heading', { name: 'On its way' }).waitFor();
  await expect.poll(() => inContract(host), POLL).toBeDefined();
  await carry(room, host.url, elsewhere.url);
  await theo.reload();
  await history(theo)
    .getByText('Welcome to the gate', { exact: true })
    .waitFor({ timeout: 30_000 });
  await post(theo, 'Glad to be here');
  await expect
    .poll(async () => textsOf(await inContract(elsewhere)), POLL)
    .toContain('Glad to be here');
  await carry(room, elsewhere.url, host.url);
  await history(ana).getByText('Glad to be here', { exact: true }).waitFor({ timeout: 30_000 });
});

afterEach(() => gathering.dispose());

describe('writing with no node', () => {
  it('Markdown, a reply, an edit, a reaction, a delete and a mention outlive restarts, and are what the other sees', async () => {
    await host.stop();
    await post(ana, 'A **bold** word, [docs](https://example.org/x)', 'bold');
    await post(ana, 'a mistake');
    await act(ana, 'Glad to be here', 'Reply');
    await post(ana, 'so are we');
    await act(ana, 'Welcome to the gate', 'Edit');
    await composer(ana).fill('Welcome to the open gate');
    await composer(ana).press('Enter');
    await line(ana, 'open gate').getByText('(edited)').waitFor();
    const theirs = line(ana, 'Glad to be here').first();
    await theirs.hover();
    await theirs.getByRole('button', { name: 'Add a reaction' }).click();
    await ana.getByRole('button', { name: 'React with 🎉' }).click();
    await theirs.getByRole('button', { name: '🎉' }).waitFor();
    await act(ana, 'a mistake', 'Delete');
    await ana.getByRole('button', { name: 'Delete for everyone' }).click();
    await line(ana, 'a mistake').waitFor({ state: 'detached' });
    await composer(ana).fill('hello @The');
    await composer(ana).press('Enter'); // takes the person, not the message
    await expect.poll(() => composer(ana).inputValue(), POLL).toBe('hello @Theo ');
    await composer(ana).press('Enter');
    await line(ana, 'hello').locator('button.mention').waitFor();
    await act(ana, 'so are we', 'Reply');
    await composer(ana).fill('half a thou');
    const drafted = async (page: Page): Promise<readonly string[]> => {
      const { drafts = [] } = await storedRows(page, ['drafts']);
      return (drafts as { readonly text: string }[]).map(({ text }) => text);
    };
    await expect.poll(() => drafted(ana), POLL).toEqual(['half a thou']);

    await gathering.profiles[0]?.stopWorkers(ana);
    await ana.reload();
    await expect.poll(() => composer(ana).inputValue(), POLL).toBe('half a thou');
    await ana.getByText('Reply to Ana').waitFor();
    await ana.close();
    const again = await gathering.profiles[0]?.context.newPage();
    if (!again) throw new Error('no profile');
    await again.goto(`${host.url}/room/${room}`);
    await expect.poll(() => composer(again).inputValue(), POLL).toBe('half a thou');
    await line(again, 'open gate').getByText('(edited)').waitFor();

    await host.start();
    await expect.poll(async () => textsOf(await inContract(host)), POLL).toContain('so are we');
    await carry(room, host.url, elsewhere.url);
    const seen = history(theo);
    await line(theo, 'so are we').getByText('Glad to be here').waitFor({ timeout: 30_000 });
    await seen.locator('strong', { hasText: 'bold' }).waitFor();
    const link = seen.getByRole('link', { name: 'docs' });
    expect([await link.getAttribute('href'), await link.getAttribute('rel')]).toEqual([
      'https://example.org/x',
      'noopener noreferrer',
    ]);
    await line(theo, 'open gate').getByText('(edited)').waitFor();
    await seen.getByRole('button', { name: '🎉 Ana' }).waitFor();
    expect(await line(theo, 'a mistake').count()).toBe(0);
    await seen.locator('.mention.self', { hasText: '@Theo' }).waitFor();

    await composer(again).press('End');
    await composer(again).press('Enter');
    await history(again).getByText('half a thou', { exact: true }).waitFor();
    await expect.poll(() => drafted(again), POLL).toEqual([]);
    expect(gathering.errors).toEqual([]);
  });

  it('what the room has refused since is still there, with why, and can be copied, sent again, rewritten and discarded', async () => {
    const { room: own } = await held(host);
    const theoKey = selfKeyOf((await held(elsewhere)).room);
    if (theoKey === null) throw new Error('Theo has no key');
    const long = 'a long message. '.repeat(30).trim();
    await elsewhere.stop();
    await post(theo, long);
    await post(theo, 'a short one');
    await gathering.profiles[1]?.stopWorkers(theo);
    await theo.close();
    await elsewhere.start();
    await decided(own, (at) =>
      composeConfiguration(at, { limits: { maxMessageSize: 200 } }, systemRandom),
    );

    const back = async (): Promise<Page> => {
      const page = await gathering.profiles[1]?.context.newPage();
      if (!page) throw new Error('no profile');
      await page.goto(`${elsewhere.url}/room/${room}`);
      return page;
    };
    const first = await back();
    const refused = line(first, 'a long message');
    await refused
      .getByText('Not in the room: it takes 488 bytes, and the room allows 200 now.')
      .waitFor({ timeout: 30_000 });
    await expect
      .poll(async () => textsOf(await inContract(elsewhere)), POLL)
      .toContain('a short one');
    expect(textsOf(await inContract(elsewhere))).not.toContain(long);
    expect(await line(first, 'a short one').locator('.refused').count()).toBe(0);

    await refused.getByRole('button', { name: 'Copy', exact: true }).click();
    expect(await first.evaluate(() => navigator.clipboard.readText())).toBe(long);
    await refused.getByRole('button', { name: 'Send again' }).click();
    await first.getByText(/Not stored: 488 bytes are too long/).waitFor();
    await first.reload();
    await refused.getByRole('button', { name: 'Put into the composer' }).click();
    await expect.poll(() => composer(first).inputValue(), POLL).toBe(long);
    await first.getByRole('button', { name: /Send as \d messages/ }).click();
    await expect
      .poll(async () => textsOf(await inContract(elsewhere)).join(' '), POLL)
      .toContain(long);
    await expect.poll(() => first.locator('.refused').count(), POLL).toBe(0);

    await elsewhere.stop();
    await post(first, 'my last words');
    await gathering.profiles[1]?.stopWorkers(first);
    await first.close();
    await elsewhere.start();
    expect(textsOf(await inContract(elsewhere))).not.toContain('my last words');
    await decided(own, (at) => composeBan(at, memberId(theoKey), timeFromMillis(Date.now())));
    const banned = await back();
    const last = line(banned, 'my last words');
    await last
      .getByText('Not in the room: you were banned before it arrived.')
      .waitFor({ timeout: 30_000 });
    expect(await last.getByRole('button', { name: 'Send again' }).count()).toBe(0);
    await last.getByRole('button', { name: 'Discard' }).click();
    await last.waitFor({ state: 'detached' });
    await banned.getByRole('button', { name: 'Undo' }).click();
    await last.waitFor();
    await last.getByRole('button', { name: 'Discard' }).click();
    await last.waitFor({ state: 'detached' });
    expect(gathering.errors).toEqual([]);
  });
});
