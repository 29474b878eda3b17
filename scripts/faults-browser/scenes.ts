import type { BrowserContext, Page } from 'playwright-core';
import { text } from '../../src/app/state/text.ts';
import { holdVersion1, letGo, readRows, upgradeForGood } from './in-page.ts';
import type { Stage } from './stage.ts';
import { stateOf } from './tabs.ts';
import { becomes } from './wait.ts';

const SAID_WITHIN_MS = 20_000;

/** What ends a profile's database, or begins with another one: played in profiles of their own. */
export async function playScenes(stage: Stage): Promise<void> {
  await stage.startHost();
  await stage.openTabs(1);
  await stage.behave();
  await databaseFromTheFuture(stage);
  await olderTabInTheWay(stage);
}

/** A database that a newer app has written is refused with a sentence, and not touched. */
async function databaseFromTheFuture(stage: Stage): Promise<void> {
  await inFreshProfile(stage, async (app, helper) => {
    await app.goto(`${stage.host.url}/`);
    const isUp = await becomes(SAID_WITHIN_MS, async () => {
      return ((await stateOf(app))?.rooms.length ?? 0) > 0;
    });
    if (!isUp) stage.findings.stuck.push('a fresh profile does not show the rooms of its node');
    await helper.goto(`${stage.host.url}/weir/config.json`);
    await helper.evaluate(upgradeForGood);
    const before = JSON.stringify((await helper.evaluate(readRows))?.rooms);
    await app.reload();
    const says = await becomes(SAID_WITHIN_MS, async () => {
      return (await stateOf(app))?.failure === text.app.fromTheFuture;
    });
    if (!says) stage.findings.stuck.push('a database of a newer version is not refused in words');
    const after = JSON.stringify((await helper.evaluate(readRows))?.rooms);
    if (after !== before) stage.findings.lost.push('a database of a newer version was changed');
    stage.happened('database of a newer version');
  });
}

/** A tab holds version 1 of the database and is deaf: the app says so, and goes on when it is closed. */
async function olderTabInTheWay(stage: Stage): Promise<void> {
  await inFreshProfile(stage, async (app, helper) => {
    await helper.goto(`${stage.host.url}/weir/config.json`);
    await helper.evaluate(holdVersion1);
    await app.goto(`${stage.host.url}/`);
    const says = await becomes(SAID_WITHIN_MS, async () => {
      return (await stateOf(app))?.failure === text.app.blocked;
    });
    if (!says) stage.findings.stuck.push('an older tab in the way is not told of');
    await helper.evaluate(letGo);
    const goesOn = await becomes(SAID_WITHIN_MS, async () => {
      const state = await stateOf(app);
      return state?.failure === undefined && state?.isUp === true && state.rooms.length > 0;
    });
    if (!goesOn) stage.findings.stuck.push('the app does not go on when the older tab is closed');
    stage.happened('older version held open in another tab');
  });
}

async function inFreshProfile(
  stage: Stage,
  play: (app: Page, helper: Page) => Promise<void>,
): Promise<void> {
  const context: BrowserContext = await stage.chromium.fresh();
  try {
    await play(await context.newPage(), await context.newPage());
  } finally {
    await context.close();
  }
}
