import type { Screen } from './screen.ts';
import { ROOMS, type Stage } from './stage.ts';

/** With a node that answers. */
export const SCREENS: readonly Screen[] = [
  {
    name: 'list',
    isMain: true,
    async open({ page }) {
      await page.locator('weir-dm-rail').getByRole('link').first().waitFor();
    },
  },
  {
    name: 'list-in-order',
    async open(stage) {
      await stage.button('Put rooms in order').click();
      await stage.button('Done').waitFor();
    },
    close: (stage) => stage.button('Done').click(),
  },
  {
    name: 'list-found',
    async open({ page }) {
      await page.locator('weir-room-list input').fill('we');
    },
    close: ({ page }) => page.locator('weir-room-list input').fill(''),
  },
  {
    name: 'list-not-found',
    async open({ page }) {
      await page.locator('weir-room-list input').fill('xylophone');
      await page.getByText('No room here is called “xylophone”.').waitFor();
    },
    close: ({ page }) => page.locator('weir-room-list input').fill(''),
  },
  {
    name: 'switcher',
    async open({ page }) {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('a');
      await page.getByRole('option').first().waitFor();
    },
  },
  {
    name: 'room-menu',
    async open(stage) {
      await stage.page.getByRole('button', { name: 'Actions for “Weir Garden”' }).click();
      await stage.page.locator('weir-room-menu').getByRole('menu').waitFor();
    },
  },
  {
    name: 'room',
    isMain: true,
    open: (stage) => stage.room(ROOMS.garden),
  },
  {
    name: 'room-talk',
    async open(stage) {
      await stage.room(ROOMS.garden);
      await stage.message('tomatoes').first().scrollIntoViewIfNeeded();
    },
  },
  { name: 'room-lively', isMain: true, open: (stage) => stage.room(ROOMS.mesh) },
  { name: 'room-private', open: (stage) => stage.room(ROOMS.attic) },
  { name: 'room-limits', open: (stage) => stage.room(ROOMS.limits) },
  {
    name: 'message-menu',
    async open(stage) {
      await stage.room(ROOMS.garden);
      await stage.menuOf('gauge.read');
    },
  },
  {
    name: 'message-delete',
    async open(stage) {
      await stage.room(ROOMS.garden);
      await stage.menuOf('gauge.read');
      await stage.inMenu('Delete').click();
      await stage.inMenu('Delete for everyone').waitFor();
    },
  },
  {
    name: 'message-details',
    async open(stage) {
      await stage.room(ROOMS.garden);
      await stage.menuOf('gauge.read');
      await stage.inMenu('Details').click();
      await stage.dialog.getByText('Message ID').waitFor();
    },
  },
  {
    name: 'emoji',
    async open(stage) {
      await stage.room(ROOMS.garden);
      await stage.button('Add an emoji').click();
      await stage.page.locator('weir-emoji-picker button').nth(12).waitFor();
    },
  },
  {
    name: 'composer-reply',
    async open(stage) {
      await stage.room(ROOMS.garden);
      await stage.menuOf('gauge.read');
      await stage.inMenu('Reply').click();
      await stage.button('Cancel the reply').waitFor();
    },
    close: (stage) => stage.button('Cancel the reply').click(),
  },
  {
    name: 'composer-mention',
    async open(stage) {
      await stage.room(ROOMS.garden);
      await stage.composer.pressSequentially('@');
      await stage.page.getByRole('option').first().waitFor();
    },
    close: (stage) => stage.composer.fill(''),
  },
  {
    name: 'composer-long',
    async open(stage) {
      await stage.room(ROOMS.limits);
      await stage.composer.fill('Many words, and none too few. '.repeat(60));
      await stage.page.getByRole('button', { name: /^Send as \d+ messages/ }).waitFor();
    },
    close: (stage) => stage.composer.fill(''),
  },
  {
    name: 'people',
    async open(stage) {
      await stage.room(ROOMS.mesh);
      await stage.button('People in this room').click();
      await stage.dialog.getByRole('list', { name: 'Members' }).waitFor();
    },
  },
  {
    name: 'people-self',
    async open(stage) {
      await openPerson(stage, ROOMS.garden, 'Marit');
      await stage.dialog.getByLabel('Your name in this room').waitFor();
    },
  },
  {
    name: 'people-other',
    async open(stage) {
      await openPerson(stage, ROOMS.garden, 'Anouk');
      await stage.dialog.getByRole('button', { name: 'Ban…' }).waitFor();
    },
  },
  {
    name: 'people-ban',
    async open(stage) {
      await openPerson(stage, ROOMS.garden, 'Anouk');
      await stage.dialog.getByRole('button', { name: 'Ban…' }).click();
      await stage.dialog.getByText(/^This removes Anouk/).waitFor();
    },
  },
  {
    name: 'people-bans',
    async open(stage) {
      await stage.room(ROOMS.limits);
      await stage.button('People in this room').click();
      await stage.dialog.getByText(/^Bans \(/).click();
    },
  },
  {
    name: 'about-owner',
    async open(stage) {
      await stage.room(ROOMS.club);
      await stage.button('About this room').click();
      await stage.dialog.getByLabel('Description', { exact: true }).waitFor();
    },
  },
  {
    name: 'about-owner-below',
    async open(stage) {
      await stage.room(ROOMS.garden);
      await stage.button('About this room').click();
      await stage.dialog.getByRole('button', { name: 'Leave this room' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'about-other',
    async open(stage) {
      await stage.room(ROOMS.mesh);
      await stage.button('About this room').click();
      await stage.dialog.getByText('The room’s public key').waitFor();
    },
  },
  {
    name: 'identity',
    async open(stage) {
      await stage.room(ROOMS.garden);
      await stage.button('About this room').click();
      await stage.dialog.getByRole('button', { name: 'Show my identity' }).click();
      await stage.dialog.getByRole('button', { name: 'Save as a file' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'invite',
    open: openInvite,
  },
  {
    name: 'invite-qr',
    async open(stage) {
      await openInvite(stage);
      await stage.dialog.getByRole('button', { name: 'QR code' }).click();
      await stage.dialog
        .getByRole('button', { name: 'Save as a picture' })
        .scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'join',
    open: openJoin,
  },
  {
    name: 'join-left',
    async open(stage) {
      await openJoin(stage);
      await stage.dialog
        .getByRole('button', { name: 'Come back to “Old mill”' })
        .scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'join-invited',
    async open(stage) {
      await openJoin(stage);
      await stage.dialog.getByLabel('Invitation').fill(stage.invitation());
      await stage.dialog.getByRole('button', { name: 'Next' }).click();
      await stage.dialog.getByLabel('Your name in the room').waitFor();
    },
  },
  {
    name: 'create',
    async open(stage) {
      await stage.page.locator('nav').getByRole('button', { name: 'New room' }).last().click();
      await stage.dialog.getByLabel('Name of the room').waitFor();
    },
  },
  {
    name: 'notifications',
    async open(stage) {
      await stage.room(ROOMS.garden);
      await stage.page.getByRole('button', { name: /^Notifications:/ }).click();
      await stage.dialog.getByText('Mentions & replies only').waitFor();
    },
  },
  {
    name: 'direct-messages',
    isMain: true,
    async open(stage) {
      await stage.go(`/room/${ROOMS.meadow}/dm`);
      await stage.page.locator('weir-dm-list').getByRole('link').first().waitFor();
    },
  },
  {
    name: 'direct-messages-thread',
    isMain: true,
    open: openThread,
  },
  {
    name: 'direct-messages-delete',
    async open(stage) {
      await openThread(stage);
      await stage.button('Delete their messages').click();
      await stage.dialog.getByRole('button', { name: 'Keep them' }).waitFor();
    },
  },
  {
    name: 'direct-messages-invite',
    async open(stage) {
      await openThread(stage);
      await stage.button('Send an invitation to another room').click();
      await stage.dialog.getByLabel('Weir Garden').waitFor();
    },
  },
  {
    name: 'search',
    async open(stage) {
      await stage.go('/search');
      await stage.page.getByText('Find what was said').waitFor();
    },
  },
  {
    name: 'search-found',
    isMain: true,
    async open(stage) {
      await stage.go('/search?q=antenna');
      await stage.page
        .getByText(/^\d+ messages/)
        .first()
        .waitFor();
    },
  },
  {
    name: 'search-not-found',
    async open(stage) {
      await stage.go('/search?q=xylophone');
      await stage.page.getByText('Nothing found').first().waitFor();
    },
  },
  {
    name: 'doctor',
    async open(stage) {
      await stage.go('/doctor');
      await stage.page.locator('weir-doctor').getByText('The node answers').first().waitFor();
    },
  },
  {
    name: 'doctor-report',
    async open(stage) {
      await stage.go('/doctor');
      await stage.button('What will be in the file').click();
      await stage.button('Save the report').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'help',
    async open(stage) {
      await stage.button('Keyboard shortcuts').click();
      await stage.dialog.getByText('Everywhere').waitFor();
    },
  },
  {
    name: 'earlier-versions',
    async open({ page }) {
      await page.locator('weir-earlier-versions summary').click();
    },
    close: ({ page }) => page.locator('weir-earlier-versions summary').click(),
  },
  {
    name: 'lost',
    async open(stage) {
      await stage.go('/nowhere');
      await stage.page.getByText('This address leads nowhere').waitFor();
    },
  },
  {
    name: 'unknown-room',
    async open(stage) {
      await stage.go('/room/11111111111111111111111111111112');
      await stage.page.getByText('This room isn’t here').waitFor();
    },
  },
];

async function openPerson(stage: Stage, room: string, name: string): Promise<void> {
  await stage.room(room);
  await stage.button('People in this room').click();
  await stage.dialog
    .getByRole('list', { name: 'Members' })
    .getByRole('button', { name })
    .first()
    .click();
}

async function openInvite(stage: Stage): Promise<void> {
  await stage.room(ROOMS.garden);
  await stage.button('People in this room').click();
  await stage.dialog.getByRole('button', { name: 'Invite somebody' }).click();
  await stage.dialog.getByLabel('Link', { exact: true }).waitFor();
}

async function openJoin(stage: Stage): Promise<void> {
  await stage.page.locator('nav').getByRole('button', { name: 'Join a room' }).last().click();
  await stage.dialog.getByLabel('Invitation').waitFor();
}

async function openThread(stage: Stage): Promise<void> {
  await stage.go(`/room/${ROOMS.meadow}/dm`);
  await stage.page.locator('weir-dm-list').getByRole('link', { name: 'Bao 1' }).click();
  await stage.message('Come and help').waitFor();
}
