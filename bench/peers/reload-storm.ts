/** W3: several tabs make edits at once and are reloaded while these are under way, again and again. */
import type { Target } from '../../storm/targets.ts';
import { sleep } from '../../storm/page.ts';
import { edits } from './messages.ts';
import type { Subject } from './subject.ts';
import type { Figures, Scale } from './workload.ts';

const QUIET_WITHIN_MS = 60_000;
const DELIVERED_WITHIN_MS = 60_000;
const EDIT_MS = 60_000;

export async function reloadStorm(
  subject: Subject,
  { rooms, stormEdits, tabs: tabCount, reloadsAfter }: Scale,
): Promise<Figures> {
  const bout = await subject.begin(rooms);
  const { browser } = bout;
  try {
    const tabs: Target[] = [];
    for (let i = 0; i < tabCount; i++) tabs.push(await bout.tab());
    await bout.settle(tabs[0] as Target, DELIVERED_WITHIN_MS);
    await browser.quiet(QUIET_WITHIN_MS);
    browser.forget();
    const before = await bout.arrived();

    const each = Math.floor(stormEdits / tabCount);
    const issued: string[] = [];
    for (const waitMs of reloadsAfter) {
      await Promise.all(
        tabs.map((tab) => {
          const own = edits(issued.length, each, rooms, subject.textBytes);
          issued.push(...own.map(({ id }) => id));
          // begun, not waited for: the page is gone before it could answer
          return browser.evaluate(tab, `void ${bout.edit(own, EDIT_MS, true)}.catch(() => 0)`);
        }),
      );
      await sleep(waitMs);
      await Promise.all(tabs.map((tab) => browser.reload(tab)));
      await Promise.all(tabs.map((tab) => bout.ready(tab)));
    }
    const reloadedAt = Date.now();
    const isQuiet = await browser.quiet(QUIET_WITHIN_MS);
    const quietAt = Math.max(reloadedAt, browser.lastWriteAt);
    await bout.deliver(tabs[0] as Target, DELIVERED_WITHIN_MS);
    await browser.quiet(QUIET_WITHIN_MS);
    const { counts } = browser;
    const arrived = await bout.arrived();

    const last = tabs.pop() as Target;
    for (const tab of tabs) await browser.closeTab(tab);
    await browser.reload(last);
    await bout.ready(last);
    const wanted = new Set(issued);
    const found = (await bout.ids(last)).filter((id) => wanted.has(id));
    const kept = new Set(found);
    const told = [...browser.told].filter((id) => wanted.has(id));
    return {
      issued: issued.length,
      acknowledged: subject.acknowledges ? told.length : null,
      lost: subject.acknowledges ? told.filter((id) => !kept.has(id)).length : null,
      found: kept.size,
      duplicated: found.length - kept.size,
      quietMs: isQuiet ? quietAt - reloadedAt : null,
      transactions: counts.transactions,
      puts: counts.puts,
      bytes: counts.bytes,
      requests: arrived && before ? arrived.requests - before.requests : null,
      requestBytes: arrived && before ? arrived.bytes - before.bytes : null,
    };
  } finally {
    await bout.end();
  }
}
