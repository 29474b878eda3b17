import axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Screen } from '../support/screen.ts';
import { EMPTY_SCREENS, OFFLINE_SCREENS } from '../support/screens-without.ts';
import { SCREENS } from '../support/screens.ts';
import { ROOMS, SIZES, Stage, type Size, type Theme } from '../support/stage.ts';

// some fifty screens in a row, on two slow cores
vi.setConfig({ testTimeout: 420_000, hookTimeout: 60_000 });

const POLL = { timeout: 30_000, interval: 100 };

let stage: Stage;

afterEach(() => stage.dispose());

/** What is wrong, as lines that say where. */
async function violations(page: Page, where: string): Promise<string[]> {
  await page.evaluate(`window.axe ?? (() => { ${axe.source} })()`);
  const found = await page.evaluate(async () => {
    const { axe: here } = window as unknown as {
      axe: {
        run(): Promise<{
          violations: { id: string; nodes: { html: string; target: unknown }[] }[];
        }>;
      };
    };
    const { violations: all } = await here.run();
    return all.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  });
  return found.map((each) => `${where}: ${each}`);
}

/** @returns how far the page is wider than the window, with what sticks out the most */
async function overhang(page: Page, where: string): Promise<string[]> {
  const px = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
  return px > 0 ? [`${where}: ${px} px wider than the window`] : [];
}

async function look(
  screens: readonly Screen[],
  theme: Theme,
  check: (page: Page, where: string) => Promise<string[]>,
): Promise<string[]> {
  await stage.page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  const found: string[] = [];
  for (const screen of screens) {
    await screen.open(stage);
    found.push(...(await check(stage.page, `${screen.name}, ${theme}`)));
    await screen.close?.(stage);
    if (!EMPTY_SCREENS.includes(screen)) await stage.rest();
  }
  return found;
}

/** All screens in these; the main ones in every other too. */
const ALL_IN: readonly string[] = ['1280 light', '390 dark'];

const isLookedAt = (size: Size, theme: Theme) => (screen: Screen) =>
  screen.isMain === true || ALL_IN.includes(`${size.name} ${theme}`);

const main = SCREENS.filter(({ isMain }) => isMain);

describe('every screen', () => {
  it.each(SIZES)(
    'at $name px has no violation of accessibility and nothing beside the window, light and dark',
    async (size) => {
      stage = await Stage.set(size);
      const check = async (page: Page, where: string): Promise<string[]> => [
        ...(await violations(page, where)),
        ...(await overhang(page, where)),
      ];
      const found: string[] = [];
      for (const theme of ['light', 'dark'] as const) {
        found.push(...(await look(SCREENS.filter(isLookedAt(size, theme)), theme, check)));
      }
      await stage.loseNode();
      for (const theme of ['light', 'dark'] as const) {
        found.push(...(await look(OFFLINE_SCREENS.filter(isLookedAt(size, theme)), theme, check)));
      }
      const theme = size.touch ? 'dark' : 'light';
      found.push(...(await look(EMPTY_SCREENS.filter(isLookedAt(size, theme)), theme, check)));
      expect(found).toEqual([]);
      // the host says 404 for the address that leads nowhere, and the browser tells
      expect(stage.profile.errors.filter((each) => !each.includes('404'))).toEqual([]);
    },
  );

  it('needs no scrolling sideways on a phone with letters twice as large, or from right to left', async () => {
    stage = await Stage.set({ name: '390', width: 390, height: 844, touch: true });
    const { page } = stage;
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
    });
    const found = await look(SCREENS, 'light', overhang);
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '';
      document.documentElement.dir = 'rtl';
    });
    const rtl = await look(main, 'light', overhang);
    expect([...found, ...rtl.map((each) => `right to left, ${each}`)]).toEqual([]);
  });
});

/** The words of what has the focus, in whichever shadow. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? '';
  });

/** Goes on with a key until something is reached; fails where that never comes. */
async function keyTo(page: Page, key: string, wanted: RegExp, most = 40): Promise<void> {
  const passed: string[] = [];
  for (let i = 0; i < most; i++) {
    await page.keyboard.press(key);
    const now = await focused(page);
    if (wanted.test(now)) return;
    passed.push(now.slice(0, 40));
  }
  throw new Error(`${key} does not lead to ${String(wanted)}: ${passed.join(' | ')}`);
}

/** From the field to the message that was written last. */
async function toNewest(page: Page): Promise<void> {
  await keyTo(page, 'Shift+Tab', /^You, /, 5);
  await page.keyboard.press('End');
}

describe('a person with', () => {
  it('a keyboard alone opens a room, writes, answers and reacts', async () => {
    stage = await Stage.set({ name: '1280', width: 1280, height: 800, touch: false });
    const { page } = stage;
    await page.goto(stage.host.url);
    await stage.row(ROOMS.mesh).waitFor();
    await keyTo(page, 'Tab', /Valley mesh/);
    await keyTo(page, 'ArrowDown', /Weir Garden/);
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page), POLL).toBe('Message to Weir Garden');
    await page.keyboard.type('Written by keys');
    await page.keyboard.press('Enter');
    await stage.message('Written by keys').waitFor();

    await toNewest(page);
    await keyTo(page, 'Tab', /^Reply$/);
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page), POLL).toBe('Message to Weir Garden');
    await page.keyboard.type('Answered by keys');
    await page.keyboard.press('Enter');
    await stage.message('Answered by keys').getByText('Written by keys').waitFor();

    await toNewest(page);
    await keyTo(page, 'Tab', /^Add a reaction$/);
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page), POLL).toBe('React with 👍');
    await page.keyboard.press('Enter');
    await stage.message('Answered by keys').getByRole('button', { name: '👍' }).waitFor();
    expect(stage.profile.errors).toEqual([]);
  });

  it('fingers alone opens a room, writes, answers, reacts and goes back', async () => {
    stage = await Stage.set({ name: '390', width: 390, height: 844, touch: true });
    const { page } = stage;
    await stage.row(ROOMS.garden).tap();
    await stage.composer.tap();
    await page.keyboard.type('Written by fingers'); // the phone's own keyboard
    await stage.button('Send').tap();
    await stage.message('Written by fingers').waitFor();

    const more = (text: string): Locator =>
      stage.message(text).getByRole('button', { name: 'More actions' });
    await more('Written by fingers').last().tap();
    await stage.inMenu('Reply').tap();
    await stage.button('Cancel the reply').waitFor();
    await page.keyboard.type('Answered by fingers');
    await stage.button('Send').tap();
    await stage.message('Answered by fingers').getByText('Written by fingers').waitFor();

    await more('Answered by fingers').last().tap();
    await page.getByRole('button', { name: 'React with 👍' }).tap();
    await stage.message('Answered by fingers').getByRole('button', { name: '👍' }).waitFor();
    await stage.button('Back to rooms').tap();
    await stage.row(ROOMS.garden).waitFor();
    expect(stage.profile.errors).toEqual([]);
  });
});
