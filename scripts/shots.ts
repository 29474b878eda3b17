import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Screen } from '../tests/support/screen.ts';
import { EMPTY_SCREENS, OFFLINE_SCREENS } from '../tests/support/screens-without.ts';
import { SCREENS } from '../tests/support/screens.ts';
import { SIZES, Stage, type Size, type Theme } from '../tests/support/stage.ts';

/**
 * Pictures of every screen, in both themes and three sizes, of the built app:
 * `npm run -s shots -- [--out DIR] [--only TEXT] [--size 390] [--theme dark]`; `--only` takes the screens whose name has the text.
 */
const { values: args } = parseArgs({
  options: {
    out: { type: 'string', default: 'shots' },
    only: { type: 'string', default: '' },
    size: { type: 'string' },
    theme: { type: 'string' },
  },
});

const THEMES: readonly Theme[] = ['light', 'dark'];
const out = resolve(args.out);
const failures: string[] = [];
let taken = 0;

const wanted = (screens: readonly Screen[]): readonly Screen[] =>
  screens.filter(({ name }) => name.includes(args.only));

async function shoot(stage: Stage, size: Size, screens: readonly Screen[]) {
  for (const theme of THEMES) {
    if (args.theme !== undefined && args.theme !== theme) continue;
    await stage.page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    for (const screen of screens) {
      try {
        await screen.open(stage);
        await stage.page.screenshot({
          path: join(out, `${screen.name}-${size.name}-${theme}.png`),
          animations: 'disabled',
        });
        taken++;
        await screen.close?.(stage);
      } catch (error) {
        const [first] = String(error).split('\n');
        failures.push(`${screen.name} at ${size.name}, ${theme}: ${first}`);
      }
      if (!EMPTY_SCREENS.includes(screen)) await stage.rest();
    }
  }
}

await mkdir(out, { recursive: true });
for (const size of SIZES) {
  if (args.size !== undefined && args.size !== size.name) continue;
  const stage = await Stage.set(size);
  await shoot(stage, size, wanted(SCREENS));
  const offline = wanted(OFFLINE_SCREENS);
  if (offline.length > 0) {
    await stage.loseNode();
    await shoot(stage, size, offline);
  }
  await shoot(stage, size, wanted(EMPTY_SCREENS));
  await stage.dispose();
}
process.stdout.write(`${taken} pictures in ${out}\n`);
for (const failure of failures) process.stderr.write(`not taken: ${failure}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
