import { afterEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { placeBeside } from './popover-menu.ts';

afterEach(() => document.body.replaceChildren());

/** A button at a place, and an open popover of 200 × 300 px placed beside it. */
function placed(
  [x, y]: readonly [number, number],
  prefers: 'below' | 'above',
): { readonly from: DOMRect; readonly popover: DOMRect } {
  const from = box(40, 40);
  from.style.setProperty('left', `${x}px`);
  from.style.setProperty('top', `${y}px`);
  const popover = box(200, 300);
  popover.popover = 'auto';
  document.body.append(from, popover);
  popover.showPopover();
  placeBeside(popover, from, prefers);
  return { from: from.getBoundingClientRect(), popover: popover.getBoundingClientRect() };
}

function box(width: number, height: number): HTMLElement {
  const element = document.createElement('div');
  for (const [name, value] of [
    ['position', 'fixed'],
    ['width', `${width}px`],
    ['height', `${height}px`],
    ['margin', '0'],
    ['padding', '0'],
    ['border', '0'],
  ] as const) {
    element.style.setProperty(name, value);
  }
  return element;
}

describe('a popover beside what it was opened from', () => {
  test('is below it with their ends in line, or above where that is preferred', async () => {
    await page.viewport(1000, 800);
    const below = placed([600, 400], 'below');
    expect(below.popover.top).toBe(below.from.bottom + 6);
    expect(below.popover.right).toBe(below.from.right);
    const above = placed([600, 400], 'above');
    expect(above.popover.bottom).toBe(above.from.top - 6);
  });

  test('changes the side where there is no room', async () => {
    await page.viewport(1000, 800);
    const low = placed([600, 700], 'below');
    expect(low.popover.bottom).toBe(low.from.top - 6);
    const high = placed([600, 20], 'above');
    expect(high.popover.top).toBe(high.from.bottom + 6);
  });

  test('never leaves the window', async () => {
    await page.viewport(1000, 320);
    for (const prefers of ['below', 'above'] as const) {
      const { popover } = placed([2, 150], prefers);
      expect(popover.left).toBeGreaterThanOrEqual(0);
      expect(popover.top).toBeGreaterThanOrEqual(0);
      expect(popover.bottom).toBeLessThanOrEqual(320);
    }
  });
});
