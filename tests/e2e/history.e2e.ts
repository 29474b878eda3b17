import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { encode } from '../../src/river/cbor/codec.ts';
import type { Content } from '../../src/river/content.ts';
import { EMPTY_DELTA, roomDelta } from '../../src/river/room-state/room-state.ts';
import { openProfile, type Profile } from '../support/browser.ts';
import { OtherClient, textsOf } from '../support/contracts.ts';
import { writeRaw } from '../support/delegate.ts';
import { TestHost } from '../support/host.ts';
import { largeRoom, type LargeRoom } from '../support/large-room.ts';

const MESSAGES = 2_000;
const PATIENCE = { timeout: 60_000, interval: 100 };
const until = Date.now() - 3_600_000;

let host: TestHost;
let profile: Profile;
let large: LargeRoom;
let other: OtherClient;
let page: Page;
let said = 0;

/** Everybody but the person speaks. */
async function arrive(count: number): Promise<string> {
  for (let i = 0; i < count; i++) {
    said += 1;
    const content: Content = { type: 'text', text: `arrival ${said}, said while somebody reads` };
    const recentMessages = [large.says(1 + (said % 30), until + said * 1_000, content)];
    const data = encode(roomDelta, { ...EMPTY_DELTA, recentMessages });
    expect(await other.update(large.room, { type: 'Delta', delta: data })).toBeUndefined();
  }
  return `arrival ${said}, said while somebody reads`;
}

/** In the page's database. */
const stored = (): Promise<number> =>
  page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const open = indexedDB.open('weir');
        open.addEventListener('error', () => reject(open.error ?? new Error('open failed')));
        open.addEventListener('success', () => {
          const count = open.result.transaction('messages').objectStore('messages').count();
          count.addEventListener('success', () => {
            open.result.close();
            resolve(count.result);
          });
        });
      }),
  );

/** Where the page has noted that somebody reads. */
const keptPlace = (): Promise<string | undefined> =>
  page.evaluate((room) => {
    const kept = localStorage.getItem(`weir:place:${room}`);
    return kept === null ? undefined : (JSON.parse(kept) as { id: string }).id;
  }, large.room);

interface Lines {
  readonly ids: readonly string[];
  /** Of those in view: id and top. */
  readonly seen: readonly (readonly [string, number])[];
  /** The line at the upper edge. */
  readonly reading: string | undefined;
  readonly positions: readonly [number, number];
  readonly size: number;
  readonly fromEnd: number;
}

const lines = (): Promise<Lines> =>
  page.locator('weir-history').evaluate((history) => {
    const root = history.shadowRoot;
    const box = root?.querySelector('.scroller');
    if (!root || !box) throw new Error('no history');
    const all = [...root.querySelectorAll<HTMLElement>('weir-message')];
    const view = box.getBoundingClientRect();
    const seen = all.filter((line) => {
      const { top, bottom } = line.getBoundingClientRect();
      return top >= view.top && bottom <= view.bottom;
    });
    return {
      ids: all.map((line) => line.dataset['id'] ?? ''),
      seen: seen.map((line) => [line.dataset['id'] ?? '', line.getBoundingClientRect().top]),
      reading: all.find((line) => line.getBoundingClientRect().bottom > view.top)?.dataset['id'],
      positions: [
        Number(all[0]?.getAttribute('aria-posinset')),
        Number(all.at(-1)?.getAttribute('aria-posinset')),
      ],
      size: Number(all[0]?.getAttribute('aria-setsize')),
      fromEnd: box.scrollHeight - box.clientHeight - box.scrollTop,
    };
  });

const scrollTo = (part: number): Promise<void> =>
  page.locator('weir-history').evaluate((history, to) => {
    const box = history.shadowRoot?.querySelector('.scroller');
    if (box) box.scrollTop = to * (box.scrollHeight - box.clientHeight);
  }, part);

/** From now on, how often something in the history has moved by itself, as browsers measure it. */
async function watchShifts(): Promise<() => Promise<number>> {
  await page.locator('weir-history').evaluate((history) => {
    const all = globalThis as unknown as { __shifts: number };
    all.__shifts = 0;
    const box = history.getBoundingClientRect();
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { sources } = entry as unknown as {
          readonly sources: readonly { readonly currentRect: DOMRectReadOnly }[];
        };
        const here = ({ currentRect: { left, right } }: (typeof sources)[number]): boolean =>
          right > box.left && left < box.right;
        if (sources.some(here)) all.__shifts += 1;
      }
    }).observe({ type: 'layout-shift' });
  });
  return () => page.evaluate(() => (globalThis as unknown as { __shifts: number }).__shifts);
}

beforeAll(async () => {
  host = await TestHost.start();
  large = largeRoom({ name: 'Years of talk', seed: 3, members: 40, messages: MESSAGES, until });
  other = await OtherClient.connect(host.url);
  await other.put(large.room, large.data.roomState);
  await writeRaw(host.url, `room:${large.room}`, large.slot);
  profile = await openProfile();
  page = await profile.context.newPage();
  await page.goto(host.url);
  await vi.waitFor(async () => expect(await stored()).toBe(MESSAGES), PATIENCE);
  await page.locator(`[data-room="${large.room}"]`).click();
  await page.locator('weir-history').waitFor();
  await vi.waitFor(async () => expect((await lines()).size).toBeGreaterThan(1_000), PATIENCE);
});

afterAll(async () => {
  await profile.close();
  other.close();
  await host.dispose();
});

describe('a room of two thousand messages', () => {
  it('is in the page as far as it is looked at, with every line’s place in the whole', async () => {
    const shown = textsOf(large.data.roomState);
    expect(shown.length).toBeGreaterThan(1_000);
    const { ids, positions, size, fromEnd } = await lines();
    expect(ids.length).toBeLessThanOrEqual(96);
    expect(fromEnd).toBeLessThan(2);
    expect(positions[1]).toBe(size);
    expect(positions[1] - positions[0] + 1).toBe(ids.length);
  });

  it('does not move while fifty messages arrive, for a reader at its end and for one in its middle', async () => {
    const atEnd = await watchShifts();
    const last = await arrive(25);
    await page.locator('weir-history').getByText(last, { exact: true }).waitFor();
    expect((await lines()).fromEnd).toBeLessThan(2);
    expect(await atEnd()).toBe(0);

    await scrollTo(0.5);
    await expect.poll(async () => (await lines()).seen.length).toBeGreaterThan(3);
    // the reader has come to rest
    await expect.poll(async () => (await keptPlace()) === (await lines()).reading).toBe(true);
    const before = await lines();
    const inMiddle = await watchShifts();
    await arrive(25);
    await expect.poll(async () => (await lines()).size).toBe(before.size + 25);
    const after = await lines();
    expect(after.seen).toEqual(before.seen);
    expect(after.ids).toEqual(before.ids);
    expect(await inMiddle()).toBe(0);
    expect(await page.locator('weir-history .count').textContent()).toBe('25');
  });

  it('goes to its first message and back by keyboard, and never has more in the page', async () => {
    await page.locator('weir-history').locator('weir-message[tabindex="0"]').focus();
    await page.keyboard.press('Home');
    await expect.poll(async () => (await lines()).positions[0]).toBe(1);
    await page.keyboard.press('End');
    await expect
      .poll(async () => {
        const { positions, size } = await lines();
        return positions[1] === size;
      })
      .toBe(true);
    expect((await lines()).ids.length).toBeLessThanOrEqual(96);
  });

  it('opens where it was left, in a browser that was closed meanwhile', async () => {
    await scrollTo(0.3);
    await expect.poll(async () => (await lines()).seen.length).toBeGreaterThan(3);
    await expect.poll(async () => (await keptPlace()) === (await lines()).reading).toBe(true);
    const left = await lines();
    await page.reload();
    await page.locator('weir-history').waitFor();
    await expect
      .poll(async () => (await lines()).seen.map(([each]) => each))
      .toEqual(left.seen.map(([each]) => each));
  });

  it('takes a message at once after it was opened, and shows it at the end', async () => {
    await page.reload();
    const composer = page.locator('weir-composer textarea');
    await composer.fill('said before anything else was looked at');
    await composer.press('Enter');
    await page
      .locator('weir-history')
      .getByText('said before anything else was looked at', { exact: true })
      .waitFor();
    await expect.poll(async () => (await lines()).fromEnd).toBeLessThan(2);
    await expect
      .poll(async () => textsOf(await other.held(large.room)), { timeout: 60_000 })
      .toContain('said before anything else was looked at');
    expect(profile.errors).toEqual([]);
  });
});
