import { leaveNewerDatabase } from './page-database.ts';
import type { Screen } from './screen.ts';
import { ROOMS } from './stage.ts';

/** With a node that does not answer. */
export const OFFLINE_SCREENS: readonly Screen[] = [
  {
    name: 'offline-list',
    async open({ page }) {
      await page.getByText('Offline: edits are stored here').first().waitFor();
    },
  },
  {
    name: 'offline-room',
    async open(stage) {
      await stage.room(ROOMS.club);
      const offline = stage.page.getByText('Offline: edits are stored here');
      await offline.filter({ visible: true }).first().waitFor();
    },
  },
  {
    name: 'offline-doctor',
    async open(stage) {
      await stage.go('/doctor');
      await stage.page.getByText('The node does not answer: edits stay in the browser.').waitFor();
    },
  },
];

/** At a node where the person has nothing yet; each loads the page by itself. */
export const EMPTY_SCREENS: readonly Screen[] = [
  {
    name: 'welcome',
    isMain: true,
    async open({ page, empty }) {
      await page.goto(empty.url);
      await page.getByText('No rooms yet').first().waitFor({ state: 'attached' });
    },
  },
  {
    name: 'welcome-list',
    async open({ page, empty }) {
      await page.goto(empty.url);
      await page.locator('weir-room-list').getByText('No rooms yet').waitFor();
    },
  },
  {
    name: 'join-identity',
    async open(stage) {
      await stage.page.goto(stage.empty.url);
      await stage.page
        .getByRole('button', { name: /Bring an identity/ })
        .filter({ visible: true })
        .first()
        .click();
      await stage.dialog.getByLabel('Identity').waitFor();
    },
  },
  {
    name: 'waiting',
    async open(stage) {
      await stage.page.goto(`${stage.empty.url}/?invitation=${stage.invitation()}`);
      await stage.dialog.getByLabel('Your name in the room').fill('Marit');
      await stage.dialog.getByRole('button', { name: 'Join', exact: true }).click();
      await stage.page.getByRole('heading', { name: 'On its way' }).waitFor();
    },
  },
  {
    name: 'newer-database',
    async open({ page, empty }) {
      await page.goto(`${empty.url}/weir/config.json`);
      await leaveNewerDatabase(page);
      await page.goto(empty.url);
      await page.getByText('Weir can’t go on here').waitFor();
      await page.getByRole('link', { name: 'How saving stands' }).waitFor();
    },
  },
];
