import type { Page } from 'playwright-core';
import { deletedText } from '../../src/app/doctor/deleted-text.ts';
import { text } from '../../src/app/state/text.ts';
import { shiftClock, takeNextWorker, tryUpgrade } from './in-page.ts';
import { textsOnNode } from './judge.ts';
import type { Stage } from './stage.ts';
import { stateOf, type Writing } from './tabs.ts';
import { becomes, pause, within } from './wait.ts';

/** Longer than the app needs to say something. */
const SAID_WITHIN_MS = 15_000;
const HOUR_MS = 3_600_000;
/** Longer than Chromium remembers how much space there was. */
const REMEMBERED_MS = 40_000;

/** One fault, while edits are being made; whatever it breaks, the next round mends. */
export type Fault = (stage: Stage, writing: Writing) => Promise<void>;

/** At any moment: often within the first milliseconds of the first transactions. */
const sometime = ({ dice }: Stage): Promise<void> =>
  pause(dice.chance(0.5) ? dice.between(0, 60) : dice.between(60, 1_200));

const killBrowser: Fault = async (stage) => {
  await sometime(stage);
  await stage.killBrowser();
  stage.killed('browser killed at any moment');
};

const killBrowserAtCommit: Fault = async (stage, writing) => {
  const edits = stage.dice.between(1, 4);
  for (let i = 0; i < edits; i++) await writing.nextAccepted(5_000);
  await stage.killBrowser();
  stage.killed('browser killed right after an edit was accepted');
};

const crashTab: Fault = async (stage, writing) => {
  await writing.nextAccepted(5_000);
  await sometime(stage);
  const page = stage.dice.pick(stage.tabs.pages);
  await crash(stage, page);
  stage.killed('tab crashed');
};

async function crash(stage: Stage, page: Page): Promise<void> {
  const crashed = new Promise((resolve) => page.once('crash', resolve));
  void stage.chromium.command(page, (session) => session.send('Page.crash')).catch(() => undefined);
  await within(SAID_WITHIN_MS, 'a tab to crash', crashed);
  await stage.tabs.drop(page);
}

const stopWorker: Fault = async (stage, writing) => {
  await writing.nextAccepted(5_000);
  await sometime(stage);
  await stopWorkers(stage);
  stage.killed('worker stopped at any moment');
};

/** The node has carried out what was sent, and its answer has not arrived. */
const stopWorkerInFlight: Fault = async (stage) => {
  await stage.startHost();
  await stage.delayAnswers(stage.dice.between(800, 2_000));
  const isSent = await somethingIsSent(stage);
  await pause(stage.dice.between(0, 400));
  await stopWorkers(stage);
  stage.killed(isSent ? 'worker stopped between send and receipt' : 'worker stopped at any moment');
};

async function stopWorkers({ chromium, tabs }: Stage): Promise<void> {
  await chromium.command(tabs.first, async (session) => {
    await session.send('ServiceWorker.enable');
    await session.send('ServiceWorker.stopAllWorkers');
  });
}

const killHost: Fault = async (stage) => {
  await sometime(stage);
  await stage.killHost();
  stage.killed('host killed at any moment');
  await pause(stage.dice.between(0, 1_500)); // edits go on without it
};

const killHostInFlight: Fault = async (stage) => {
  await stage.startHost();
  const isSent = await somethingIsSent(stage);
  await pause(stage.dice.between(0, 15));
  await stage.killHost();
  stage.killed(isSent ? 'host killed while it stores' : 'host killed at any moment');
};

async function somethingIsSent({ host }: Stage): Promise<boolean> {
  const sent = async (): Promise<number> => {
    const { storeRequests, requests } = await host.metrics();
    return storeRequests + (requests['Update'] ?? 0);
  };
  const before = await sent();
  return becomes(6_000, async () => (await sent()) > before, 5);
}

/** The browser's quota is used up: edits are refused, and say so. */
const fillDisk: Fault = async (stage, writing) => {
  await writing.nextAccepted(5_000);
  await writing.stop();
  // Chromium remembers for half a minute how much space there was: one that begins anew asks, unless what is owed starts its worker
  if (!(await stage.rest())) return;
  await stage.killBrowser();
  stage.killed('browser killed, and its disk full');
  const { ledger, dice } = stage;
  const origin = stage.host.url;
  await stage.openTabs(0);
  const blank = await stage.chromium.context.newPage();
  await stage.chromium.command(blank, async (session) => {
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
    await stage.openTabs(2);
    const refused = (): number => ledger.edits.filter(({ fate }) => isFull(fate)).length;
    const before = refused();
    const more = stage.write();
    const isTold = await becomes(REMEMBERED_MS, async () => refused() > before);
    await pause(dice.between(0, 600));
    await session.send('Storage.overrideQuotaForOrigin', { origin });
    const goesOn = await more.nextAccepted(SAID_WITHIN_MS);
    await more.stop();
    if (!isTold) stage.findings.stuck.push('with its quota used up, no edit was refused');
    else if (!goesOn) stage.findings.stuck.push('with space again, no edit is accepted');
    else stage.happened('disk full: edits refused, then accepted again');
  });
  await blank.close();
};

const isFull = (fate: Stage['ledger']['edits'][number]['fate']): boolean =>
  fate.type === 'refused' && fate.why.startsWith('QuotaExceeded');

/** A newer app opens the database at a higher version in another tab, and fails: old tabs must stop, say so, and be right again when reloaded. */
const newerVersionFails: Fault = async (stage, writing) => {
  await writing.nextAccepted(5_000);
  const { tabs, chromium, host, findings } = stage;
  const helper = await chromium.context.newPage();
  await helper.goto(`${host.url}/weir/config.json`);
  await within(SAID_WITHIN_MS, 'an upgrade to be tried', helper.evaluate(tryUpgrade));
  await helper.close();
  for (const page of tabs.pages) {
    const says = await becomes(SAID_WITHIN_MS, async () => {
      return (await stateOf(page))?.failure === text.app.outdated;
    });
    if (!says) findings.stuck.push('a tab whose database was taken over did not say so');
  }
  await writing.stop();
  for (const page of tabs.pages) await tabs.load(page);
  stage.happened('database taken over by a newer version that failed');
};

/** The clocks of pages and worker go back (or forward), each by its own measure, and forth again. */
const moveClocks: Fault = async (stage, writing) => {
  const { tabs, chromium, dice } = stage;
  const off = (): number => dice.pick([-HOUR_MS, -24 * HOUR_MS, -5_000, HOUR_MS]);
  for (const page of tabs.pages) await page.evaluate(shiftClock, off());
  const workers = chromium.context.serviceWorkers();
  for (const worker of workers) {
    await within(5_000, 'a worker', worker.evaluate(shiftClock, off())).catch(() => undefined);
  }
  await writing.nextAccepted(5_000);
  await pause(dice.between(500, 2_500));
  for (const page of tabs.pages) await page.evaluate(shiftClock, 0);
  for (const worker of workers) {
    await within(5_000, 'a worker', worker.evaluate(shiftClock, 0)).catch(() => undefined);
  }
  stage.happened(workers.length > 0 ? 'clocks moved, pages and worker' : 'clocks moved, pages');
};

/** The host comes back with another version of the app: the new worker takes over below old tabs. */
const twoVersions: Fault = async (stage, writing) => {
  await writing.nextAccepted(5_000);
  await stage.changeVersion();
  stage.killed('host killed for another version of the app');
  const page = stage.tabs.first;
  const taken = await becomes(SAID_WITHIN_MS, () => page.evaluate(takeNextWorker), 500);
  if (taken) stage.happened('new worker below old tabs');
  await stage.tabs.open(); // the new version's page beside the old ones
  await writing.nextAccepted(5_000);
};

/** The browser deletes the database under open tabs. */
const deleteUnderTabs: Fault = async (stage, writing) => {
  await deleteStorage(stage, writing, async () => {
    const origin = stage.host.url;
    const page = stage.tabs.first;
    await stage.chromium.command(page, (session) =>
      session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' }),
    );
    for (const each of stage.tabs.pages) {
      const edit = await stage.tabs.tryEdit(each);
      if (edit.ok) stage.findings.stuck.push('a tab whose database was deleted accepts edits');
      const says = await becomes(SAID_WITHIN_MS, async () => {
        return (await stateOf(each))?.failure === text.app.deleted;
      });
      if (!says) stage.findings.stuck.push('a tab whose database was deleted did not say so');
    }
    stage.happened('database deleted under open tabs');
  });
};

/** The browser deletes the database while it is not running. */
const deleteAtRest: Fault = async (stage, writing) => {
  await deleteStorage(stage, writing, async () => {
    await pause(2_500); // Chromium writes localStorage behind the page's back, some time later
    await stage.killBrowser();
    await stage.deleteDatabase();
    stage.killed('browser killed and its database deleted');
  });
};

/** The person, or the browser, deletes everything of the site: Weir is a new device, and nothing is lost that was on the node. */
const deleteEverything: Fault = async (stage, writing) => {
  await writing.stop();
  if (!(await stage.rest())) return;
  const origin = stage.host.url;
  await stage.chromium.command(stage.tabs.first, (session) =>
    session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' }),
  );
  stage.ledger.era += 1;
  await stage.tabs.load(stage.tabs.first);
  stage.happened('everything of the site deleted');
};

/** What was only here is lost, and the app has to say so; nothing else may be. */
async function deleteStorage(
  stage: Stage,
  writing: Writing,
  work: () => Promise<void>,
): Promise<void> {
  const { ledger, findings } = stage;
  await writing.nextAccepted(5_000);
  await writing.stop();
  await stage.judgeReceipts();
  await work();
  await stage.startHost();
  await stage.openTabs(1);
  await stage.tabs.load(stage.tabs.first);
  const says = await becomes(SAID_WITHIN_MS, async () => {
    return (await stateOf(stage.tabs.first))?.words.includes(deletedText.title) === true;
  });
  if (!says) findings.stuck.push('storage was deleted, and the app did not say so');
  ledger.era += 1;
  if (!says) return; // then what was only here counts as lost
  const there = await textsOnNode(stage.host.url, ledger);
  for (const edit of ledger.edits) {
    const { kind, room = '', text: words, fate } = edit;
    if (fate.type !== 'accepted') continue;
    const texts = there.delegate.get(room);
    const isThere =
      texts !== undefined &&
      (kind === 'room' || texts.includes(words) || there.contract.get(room)?.includes(words));
    if (kind === 'name' || !isThere) edit.gone = true;
  }
  for (const edit of ledger.edits) {
    const made = ledger.of('room').find(({ room }) => room === edit.room);
    if (made?.gone) edit.gone = true;
  }
}

/** Every kind of fault, as often as it comes in one round of the deck. */
export const FAULTS: readonly (readonly [fault: Fault, times: number, needsVersions?: true])[] = [
  [killBrowser, 6],
  [killBrowserAtCommit, 6],
  [crashTab, 3],
  [stopWorker, 3],
  [stopWorkerInFlight, 4],
  [killHost, 3],
  [killHostInFlight, 4],
  [fillDisk, 2],
  [newerVersionFails, 1],
  [moveClocks, 2],
  [twoVersions, 1, true],
  [deleteUnderTabs, 1],
  [deleteAtRest, 1],
  [deleteEverything, 1],
];
