/** A copy of the built app whose worker does not coalesce: see `pile-up.ts`. */
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** @returns a folder to serve; remove it after use */
export async function buildWithoutCoalescing(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'weir-pile-up-'));
  cpSync(at('dist'), folder, { recursive: true });
  const worker = join(folder, 'sw.js');
  const [precached] = /\[\{"url":.*?\}\]/s.exec(readFileSync(worker, 'utf8')) ?? [];
  if (precached === undefined)
    throw new Error('dist/sw.js has no list of files: build the app first');
  await build({
    root: at('.'),
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [pileUp],
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2022',
      rolldownOptions: {
        input: { sw: at('src/sw/sw.ts') },
        output: { format: 'es', entryFileNames: '[name].js', codeSplitting: false },
      },
    },
  });
  const code = readFileSync(worker, 'utf8');
  if (!code.includes('self.__WB_MANIFEST')) throw new Error('the worker was not built');
  writeFileSync(
    worker,
    code.replace('self.__WB_MANIFEST', () => precached),
  );
  return folder;
}

/** The one thing that is changed: whom `browser-engine.ts` takes for its engine. */
const pileUp: Plugin = {
  name: 'weir-pile-up',
  enforce: 'pre',
  resolveId: (source, importer) =>
    source === './engine.ts' && importer?.endsWith('src/sync/browser-engine.ts')
      ? at('storm/weir/pile-up.ts')
      : undefined,
};
