/** W2: a room is opened by its address in a browser that has just been started, with all rooms in IndexedDB. */
import { MESSAGES_PER_ROOM } from './messages.ts';
import type { Subject } from './subject.ts';
import type { Figures, Scale } from './workload.ts';

const PAINTED_WITHIN_MS = 60_000;
const QUIET_WITHIN_MS = 30_000;
const ROOM = 0;

/** Remembers when an element that says `word` was painted: the task after the frame in which it was found. */
const watching = (selector: string, word: string): string => `(() => {
  const says = (root) => [...root.querySelectorAll('*')].some((each) =>
    (each.matches(${JSON.stringify(selector)}) && (each.shadowRoot ?? each).textContent.includes(${JSON.stringify(word)})) ||
    (each.shadowRoot && says(each.shadowRoot)));
  const look = () => requestAnimationFrame(() => {
    if (says(document)) setTimeout(() => (globalThis.__painted = performance.now()));
    else look();
  });
  look();
})()`;

/** @param rooms that lie in IndexedDB */
export async function coldOpen(
  subject: Subject,
  rooms: number,
  { perRoom = MESSAGES_PER_ROOM }: Partial<Scale>,
): Promise<Figures> {
  const bout = await subject.begin(rooms);
  const { browser } = bout;
  try {
    const { url, selector } = bout.cold(ROOM);
    const tab = await browser.open(url, watching(selector, `s${ROOM}-${perRoom - 1} `));
    const paintedMs = await browser.until<number>(tab, 'globalThis.__painted', PAINTED_WITHIN_MS);
    await browser.quiet(QUIET_WITHIN_MS);
    return { paintedMs, heap: await browser.heap() };
  } finally {
    await bout.end();
  }
}
