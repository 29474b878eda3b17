// A room of 10,000 messages beside one of 100 in the built app (run `npm run -s build` first), in real Chromium.
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { openProfile } from '../../tests/support/browser.ts';
import { textsIn, writeRaw } from '../../tests/support/delegate.ts';
import { TestHost } from '../../tests/support/host.ts';
import { largeRoom, type LargeRoom } from '../../tests/support/large-room.ts';
import { busy, held, open, plainList, watched, type Frames } from './page.ts';

/** Messages and members: a small room, one of some size, and the largest that is promised. */
const SIZES = [
  { messages: 100, members: 50 },
  { messages: 1_000, members: 500 },
  { messages: 10_000, members: 1_000 },
] as const;
const ROUNDS = 5;
const SEED_MS = 300_000;
/** The rest of an opened room is looked through meanwhile, and its people are known. */
const REST_MS = 4_000;
const WHEEL_STEPS = 300;
const WHEEL_PX = 300;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const progress = (line: string): void => void process.stderr.write(`${line}\n`);

/** How many rows of rooms, messages and markers the page's database has. */
const STORED = `new Promise((resolve) => {
  const open = indexedDB.open('weir');
  open.onsuccess = () => {
    const tx = open.result.transaction(['rooms', 'messages', 'dirty']);
    const counts = ['rooms', 'messages', 'dirty'].map((name) => tx.objectStore(name).count());
    tx.oncomplete = () => {
      open.result.close();
      resolve(counts.map((count) => count.result));
    };
  };
})`;

async function untilStored(page: Page): Promise<void> {
  const all = SIZES.reduce((sum, { messages }) => sum + messages, 0);
  for (const deadline = Date.now() + SEED_MS; Date.now() < deadline;) {
    const [rooms = 0, messages = 0, owed = 1] = await page.evaluate<number[]>(STORED);
    if (rooms === SIZES.length && messages === all && owed === 0) return;
    await page.waitForTimeout(1_000);
  }
  throw new Error('the rooms did not come into the browser');
}

const newestOf = (room: LargeRoom): string =>
  (textsIn({ generation: 0n, bytes: room.slot, room: room.data }).at(-1) ?? '').slice(0, 40);

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const ms = (value: number): string => value.toFixed(1);
const range = (values: readonly number[]): string =>
  `${ms(median(values))} (${ms(Math.min(...values))}–${ms(Math.max(...values))})`;

function sayFrames(what: string, frames: Frames): void {
  const { count, p50, p95, p99, longest, dropped, longestTask } = frames;
  say(
    `| ${what} | ${count} | ${ms(p50)} | ${ms(p95)} | ${ms(p99)} | ${ms(longest)} | ${(dropped * 100).toFixed(1)} % | ${ms(longestTask)} |`,
  );
}

/** Drags the scrollbar through the whole room, one step a frame. */
const drag = (page: Page): Promise<void> =>
  page.locator('weir-history .scroller').evaluate(async (box) => {
    for (let step = 0; step <= 300; step++) {
      box.scrollTop = (box.scrollHeight - box.clientHeight) * (1 - step / 300);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { rounds: { type: 'string' } },
  });
  const rounds = Number(values.rounds ?? ROUNDS);
  const until = Date.now() - 3_600_000;
  progress('rooms are made');
  const rooms = SIZES.map((size, i) =>
    largeRoom({ name: `Room of ${size.messages}`, seed: i + 1, until, ...size }),
  );
  const host = await TestHost.start();
  const profile = await openProfile();
  try {
    for (const { room, slot } of rooms) await writeRaw(host.url, `room:${room}`, slot);
    const page = await profile.context.newPage();
    await page.goto(host.url);
    progress('rooms come into the browser');
    await untilStored(page);
    await host.stop(); // so that what is measured is the screen, and no news from the node
    const cdp = await profile.context.newCDPSession(page);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });

    const opened = rooms.map(() => ({
      painted: [] as number[],
      cpu: [] as number[],
      tasks: [] as number[],
    }));
    const heaps = rooms.map(() => ({ heap: [] as number[], nodes: [] as number[] }));
    for (let round = 0; round <= rounds; round++) {
      progress(`round ${round} of ${rounds}`);
      for (const [i, room] of rooms.entries()) {
        const before = await busy(cdp);
        const { painted, longestTask } = await open(page, room.room, newestOf(room));
        const cpu = (await busy(cdp)) - before;
        await page.waitForTimeout(REST_MS);
        const { heap, nodes } = await held(cdp);
        if (round === 0) continue; // code is compiled, and the app's parts are fetched
        opened[i]?.painted.push(painted);
        opened[i]?.cpu.push(cpu);
        opened[i]?.tasks.push(longestTask);
        heaps[i]?.heap.push(heap);
        heaps[i]?.nodes.push(nodes);
      }
    }
    const small = median(opened[0]?.painted ?? []);
    const smallCpu = median(opened[0]?.cpu ?? []);
    say(
      '| messages | members | click → painted, ms | ÷ 100 messages | CPU of the main thread, ms | ÷ 100 messages | longest task, ms | heap, MiB | DOM nodes |',
    );
    say('|---|---|---|---|---|---|---|---|---|');
    for (const [i, { messages, members }] of SIZES.entries()) {
      const [times, memory] = [opened[i], heaps[i]];
      if (!times || !memory) continue;
      say(
        `| ${messages} | ${members} | ${range(times.painted)} | ${(median(times.painted) / small).toFixed(2)} | ${range(times.cpu)} | ${(median(times.cpu) / smallCpu).toFixed(2)} | ${range(times.tasks)} | ${range(memory.heap)} | ${median(memory.nodes)} |`,
      );
    }

    const box = await page.locator('weir-history').boundingBox();
    if (!box) throw new Error('no history');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    say(
      '\n| scrolling 10,000 messages | frames | p50, ms | p95 | p99 | longest | dropped | longest task |',
    );
    say('|---|---|---|---|---|---|---|---|');
    const still = await watched(page, () => page.waitForTimeout(3_000));
    sayFrames('nothing: the machine itself', still);
    const wheel = async (): Promise<void> => {
      for (let step = 0; step < WHEEL_STEPS; step++) {
        await page.mouse.wheel(0, -WHEEL_PX);
        await page.waitForTimeout(14);
      }
    };
    sayFrames('wheel', await watched(page, wheel));
    sayFrames('scrollbar, end to start', await watched(page, () => drag(page)));
    const after = await held(cdp);
    say(`\nafter that: ${after.heap.toFixed(1)} MiB, ${after.nodes} nodes`);
    say('\n| all 10,000 as plain paragraphs, no Weir | ms | heap, MiB | DOM nodes |');
    say('|---|---|---|---|');
    const plain = await plainList(page, cdp, 10_000);
    say(
      `| appended and painted | ${ms(plain.painted)} | ${plain.heap.toFixed(1)} | ${plain.nodes} |`,
    );
  } finally {
    await profile.close();
    await host.dispose();
  }
}

await main();
