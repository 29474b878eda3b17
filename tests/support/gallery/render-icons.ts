import { readFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { CHROMIUM, CHROMIUM_ARGS } from '../chromium.ts';

/** Draws the PNG icons from their SVGs: `node --import tsx tests/support/gallery/render-icons.ts` after changing the mark. */
const ICONS = [
  { from: 'weir.svg', to: 'weir-192.png', size: 192 },
  { from: 'weir.svg', to: 'weir-512.png', size: 512 },
  { from: 'weir-maskable.svg', to: 'weir-maskable-192.png', size: 192 },
  { from: 'weir-maskable.svg', to: 'weir-maskable-512.png', size: 512 },
  { from: 'weir-maskable.svg', to: 'apple-touch-icon.png', size: 180 },
] as const;

const folder = new URL('../../../public/icons/', import.meta.url);
const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGS });
for (const { from, to, size } of ICONS) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const svg = (await readFile(new URL(from, folder))).toString('base64');
  await page.setContent(
    `<style>body{margin:0}img{display:block;width:100vw}</style><img src="data:image/svg+xml;base64,${svg}">`,
  );
  await page.waitForFunction(() => document.images[0]?.complete);
  await page.screenshot({ path: new URL(to, folder).pathname, omitBackground: true });
  await page.close();
}
await browser.close();
