import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** The published modules: each has an entry file here, listing what is public, and a folder in the result. */
export const MODULES = ['river', 'freenet'] as const;

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles the modules; what both use lies beside them, and packages stay imports of their own. */
async function bundle(out: string): Promise<void> {
  await build({
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    root: ROOT,
    build: {
      outDir: out,
      emptyOutDir: true,
      target: 'es2022',
      minify: false,
      lib: {
        entry: Object.fromEntries(
          MODULES.map((name) => [`${name}/index`, join(HERE, `${name}.ts`)]),
        ),
        formats: ['es'],
      },
      rolldownOptions: {
        external: /^[^./]/,
        output: { entryFileNames: '[name].js', chunkFileNames: 'shared/[name].js' },
      },
    },
  });
}

/** Declarations of the modules and of all they reach, by their places in the repository. @throws Error when types are wrong */
function declare(out: string): void {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const run = spawnSync(process.execPath, [tsc, '-p', HERE, '--outDir', out], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`declarations:\n${run.stdout}${run.stderr}`);
}

/** Declarations name their imports by source file; who reads them has none. */
const SPECIFIER = /(from |import\()(['"])(\.[^'"]*)\.ts\2/g;

function rewriteDeclarations(
  from: string,
  to: string,
  move = (path: string): string => path,
): void {
  const text = readFileSync(from, 'utf8');
  const rewritten = text.replace(
    SPECIFIER,
    (_, before: string, quote: string, path: string) => `${before}${quote}${move(path)}.js${quote}`,
  );
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, rewritten);
}

/** Moves the declarations to where the package keeps them: entries beside their modules, the others under `types`. */
function placeDeclarations(declared: string, out: string): void {
  for (const name of MODULES) {
    rewriteDeclarations(
      join(declared, 'scripts/library', `${name}.d.ts`),
      join(out, name, 'index.d.ts'),
      (path) => path.replace('../../src/', '../types/'),
    );
  }
  const sources = join(declared, 'src');
  for (const entry of readdirSync(sources, { recursive: true, encoding: 'utf8' })) {
    if (entry.endsWith('.d.ts')) {
      rewriteDeclarations(join(sources, entry), join(out, 'types', entry));
    }
  }
}

/**
 * Builds the library: `river/index.js`, `freenet/index.js`, what they share, and declarations.
 *
 * @param out emptied first
 */
export async function buildLibrary(out: string): Promise<void> {
  await bundle(out);
  const declared = mkdtempSync(join(tmpdir(), 'weir-declarations-'));
  try {
    declare(declared);
    placeDeclarations(declared, out);
    cpSync(join(ROOT, 'LICENSE'), join(out, 'LICENSE'));
  } finally {
    rmSync(declared, { recursive: true, force: true });
  }
}
