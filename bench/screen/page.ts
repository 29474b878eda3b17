import type { CDPSession, Page } from 'playwright-core';

/** How long it took from the click on a room until its newest message was painted, ms. */
export interface Opened {
  readonly painted: number;
  /** Of these, in tasks of more than 50 ms. */
  readonly longestTask: number;
}

export interface Frames {
  readonly count: number;
  /** Milliseconds from one frame to the next. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly longest: number;
  /** Of the frames of 60 Hz that there was time for, those that did not come. */
  readonly dropped: number;
  readonly longestTask: number;
}

/** Chosen by what is painted, not by what is in the tree: the frame after the line is there has it. */
const OPEN = `async ([room, text]) => {
  const deep = (root, selector) => {
    const found = root.querySelector(selector);
    if (found) return found;
    for (const each of root.querySelectorAll('*')) {
      const inside = each.shadowRoot && deep(each.shadowRoot, selector);
      if (inside) return inside;
    }
    return null;
  };
  const says = () => {
    const history = deep(document, 'weir-history');
    const lines = history ? [...history.shadowRoot.querySelectorAll('weir-message')] : [];
    return lines.some((line) => line.shadowRoot.textContent.includes(text));
  };
  const tasks = [];
  const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries()));
  observer.observe({ type: 'longtask' });
  const link = deep(document, 'a[href$="/room/' + room + '"]');
  const from = performance.now();
  link.click();
  while (!says()) await new Promise((resolve) => requestAnimationFrame(resolve));
  // it was found before the frame was painted, and this task comes after that
  await new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(undefined);
  });
  const painted = performance.now() - from;
  await new Promise((resolve) => setTimeout(resolve, 100));
  observer.disconnect();
  return { painted, longestTask: Math.max(0, ...tasks.map((task) => task.duration)) };
}`;

export const open = (page: Page, room: string, newest: string): Promise<Opened> =>
  page.evaluate(`(${OPEN})(${JSON.stringify([room, newest])})`);

/** Counts frames and long tasks from now on. */
const WATCH = `() => {
  const frames = [];
  const tasks = [];
  const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries()));
  observer.observe({ type: 'longtask' });
  let running = true;
  const tick = (now) => {
    frames.push(now);
    if (running) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  globalThis.__stopWatch = () => {
    running = false;
    observer.disconnect();
    return { frames, tasks: tasks.map((task) => task.duration) };
  };
}`;

export async function watched(page: Page, act: () => Promise<void>): Promise<Frames> {
  await page.evaluate(`(${WATCH})()`);
  await act();
  const { frames, tasks }: { frames: number[]; tasks: number[] } = await page.evaluate(
    'globalThis.__stopWatch()',
  );
  return statistics(frames, tasks);
}

const FRAME_MS = 1000 / 60;

function statistics(frames: readonly number[], tasks: readonly number[]): Frames {
  const deltas = frames.slice(1).map((at, i) => at - (frames[i] as number));
  const sorted = deltas.toSorted((a, b) => a - b);
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
  const expected = Math.round(((frames.at(-1) ?? 0) - (frames[0] ?? 0)) / FRAME_MS);
  return {
    count: deltas.length,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    longest: at(1),
    dropped: expected === 0 ? 0 : Math.max(0, 1 - deltas.length / expected),
    longestTask: Math.max(0, ...tasks),
  };
}

/** CPU time that the page's main thread has had, ms: what others do on the machine does not count in it. */
export async function busy(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1_000;
}

/** What the page holds after everything that can be thrown away was: MiB of JavaScript, elements in all trees. */
export async function held(
  cdp: CDPSession,
): Promise<{ readonly heap: number; readonly nodes: number }> {
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const of = (name: string): number => metrics.find((each) => each.name === name)?.value ?? 0;
  return { heap: of('JSHeapUsedSize') / 2 ** 20, nodes: of('Nodes') };
}

/** The floor without windows: as many paragraphs of the same length, in a page of their own. */
export async function plainList(
  page: Page,
  cdp: CDPSession,
  count: number,
): Promise<{ readonly painted: number; readonly heap: number; readonly nodes: number }> {
  await page.goto('about:blank');
  const painted: number = await page.evaluate(`(async () => {
    const from = performance.now();
    const box = document.createElement('div');
    box.style.cssText = 'height: 700px; overflow: auto';
    for (let n = 0; n < ${count}; n++) {
      const line = document.createElement('p');
      line.textContent = n + ': ' + 'The level at the upper gate is steady. '.repeat(1 + (n % 4));
      box.append(line);
    }
    document.body.append(box);
    box.scrollTop = box.scrollHeight;
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return performance.now() - from;
  })()`);
  return { painted, ...(await held(cdp)) };
}
