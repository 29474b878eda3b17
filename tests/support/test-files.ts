import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The root of the checkout, with a slash at its end. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

const FOLDERS = ['src', 'host', 'delegate', 'scripts', 'storm', 'tests'];

/** Every file of tests, by its path from the root. */
export const testFiles = (): readonly string[] =>
  FOLDERS.flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:test|e2e)\.ts$/.test(file))
      .map((file) => `${folder}/${file}`),
  );
