/** Makes a page of each peer: one script, no chunks, minified as an app would be. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Installs the peers' packages, which are no part of Weir, when they are not there. */
export function ensurePackages(tell: (line: string) => void): void {
  if (existsSync(at('./node_modules'))) return;
  tell('bench/peers has no node_modules: npm ci installs what Weir is measured beside (166 MB)');
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: at('.'),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

const page = (script: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${script}</title><link rel="icon" href="data:,"><body><script type="module" src="/${script}.js"></script>`;

/** @param entries of each page, by the name of the script: its file, from this folder. @returns the folder to serve; remove it after use */
export async function bundlePages(
  entries: readonly Readonly<Record<string, string>>[],
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-peer-pages-'));
  for (const [name, file] of entries.flatMap((each) => Object.entries(each))) {
    await build({
      root: at('.'),
      configFile: false,
      publicDir: false,
      logLevel: 'error',
      define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
      build: {
        outDir: folder,
        emptyOutDir: false,
        target: 'es2022',
        rolldownOptions: {
          input: { [name]: at(file) },
          output: { format: 'es', entryFileNames: '[name].js', codeSplitting: false },
        },
      },
    });
    await writeFile(join(folder, `${name}.html`), page(name));
  }
  return folder;
}
