/** W1: many edits issued in one task, over all rooms in turn. */
import { edits } from './messages.ts';
import type { Burst } from './peer.ts';
import type { Subject } from './subject.ts';
import type { Figures, Scale } from './workload.ts';

/** What has not been stored by then is not waited for. */
const STORED_WITHIN_MS = 40_000;
const QUIET_WITHIN_MS = 60_000;
const DELIVERED_WITHIN_MS = 60_000;

export async function burst(subject: Subject, { rooms, edits: count }: Scale): Promise<Figures> {
  const bout = await subject.begin(rooms);
  const { browser } = bout;
  try {
    const tab = await bout.tab();
    // one edit in each room first: what is loaded at the first edit is loaded, and code has run
    const first = edits(0, rooms, rooms, subject.textBytes);
    await browser.evaluate(tab, bout.edit(first, STORED_WITHIN_MS, false));
    await bout.settle(tab, DELIVERED_WITHIN_MS);
    await browser.quiet(QUIET_WITHIN_MS);
    browser.forget();
    const before = await bout.arrived();

    const all = edits(rooms, count, rooms, subject.textBytes);
    const going = browser.evaluate(tab, bout.edit(all, STORED_WITHIN_MS, false));
    const { from, acknowledgedAt, acknowledged } = (await going) as Burst;
    const atOnce = browser.counts;
    const isDone = acknowledged === null || acknowledged === count;
    const isQuiet = isDone && (await browser.quiet(QUIET_WITHIN_MS));
    const { lastWriteAt } = browser; // before what is delivered changes anything
    const deliveredAt = isDone ? await bout.deliver(tab, DELIVERED_WITHIN_MS) : undefined;
    if (isDone) await browser.quiet(QUIET_WITHIN_MS);
    const { counts } = browser;
    const arrived = await bout.arrived();

    await browser.reload(tab);
    await bout.ready(tab);
    const wanted = new Set(all.map(({ id }) => id));
    const found = (await bout.ids(tab)).filter((id) => wanted.has(id));
    return {
      storedMs: acknowledgedAt === null ? null : acknowledgedAt - from,
      acknowledged,
      lastWriteMs: isQuiet && lastWriteAt > 0 ? lastWriteAt - from : null,
      deliveredMs: deliveredAt === undefined ? null : deliveredAt - from,
      transactionsUntilStored: acknowledgedAt === null ? null : atOnce.transactions,
      transactions: counts.transactions,
      puts: counts.puts,
      bytes: counts.bytes,
      requests: arrived && before ? arrived.requests - before.requests : null,
      requestBytes: arrived && before ? arrived.bytes - before.bytes : null,
      found: new Set(found).size,
      duplicated: found.length - new Set(found).size,
    };
  } finally {
    await bout.end();
  }
}
