import type { Locator, Page } from 'playwright-core';

/** What a person does with the app in a page, wherever several tests do it. What is waited for ends the wait. */
const PATIENCE = { timeout: 60_000 };

const exact = { exact: true } as const;

export const dialog = (page: Page): Locator => page.getByRole('dialog');

export const button = (within: Page | Locator, name: string): Locator =>
  within.getByRole('button', { name, ...exact });

/** Of the list, not of what else leads to the room. */
export const row = (page: Page, name: string): Locator =>
  page.locator('weir-room-list a[data-room]').filter({ hasText: name });

export const composer = (page: Page): Locator => page.locator('weir-composer textarea');

/** By whatever it says: its author, the words that it answers, what became of it. */
export const message = (page: Page, text: string): Locator =>
  page.locator('weir-message').filter({ hasText: text });

export async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

/** Writes, and sees it. */
export async function say(page: Page, text: string): Promise<void> {
  await send(page, text);
  await message(page, text).waitFor();
}

/** The heading of the room that is open: the one before has everything else too. */
export const heading = (page: Page, name: string): Locator =>
  page.locator('weir-conversation-header').getByRole('heading', { name });

/** @returns the room's key */
export async function createRoom(
  page: Page,
  name: string,
  nickname = 'Ada',
  isPrivate = false,
): Promise<string> {
  await page.locator('nav').getByRole('button', { name: 'New room' }).last().click();
  await dialog(page).getByLabel('Name of the room').fill(name);
  await dialog(page).getByLabel('Your name in it').fill(nickname);
  if (isPrivate) await dialog(page).getByLabel('Private').check();
  await button(dialog(page), 'Create').click();
  await heading(page, name).waitFor(PATIENCE);
  await composer(page).waitFor();
  return new URL(page.url()).pathname.replace('/room/', '');
}

/** Opens the list of invitations to the open room, with a new one at its top. */
export async function openInvitations(page: Page): Promise<void> {
  await button(page, 'People in this room').click();
  await button(dialog(page), 'Invite somebody').click();
  await dialog(page).getByLabel('Link', exact).waitFor();
}

/** @returns a link for one person, on the node of who invites */
export async function invite(page: Page): Promise<string> {
  await openInvitations(page);
  const link = await dialog(page).getByLabel('Link', exact).inputValue();
  await button(dialog(page), 'Done').click();
  await dialog(page).waitFor({ state: 'detached' });
  return link;
}

/** Says who one is and joins, without waiting for the room. */
export async function acceptAs(page: Page, nickname: string): Promise<void> {
  await dialog(page).getByLabel('Your name in the room').fill(nickname, PATIENCE);
  await button(dialog(page), 'Join').click();
}

/** @param said of who has come: their name, as far as it can be read already */
export async function finishJoining(
  page: Page,
  nickname: string,
  said: string | RegExp = `${nickname} joined the room`,
): Promise<void> {
  await acceptAs(page, nickname);
  await page.locator('weir-history').getByText(said).first().waitFor(PATIENCE);
}
