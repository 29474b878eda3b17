import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const VITE = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');

/** Builds the app, twice: the second is another version of it, with chunks of other names and a worker of its own. */
export async function buildVersions(dir: string): Promise<readonly string[]> {
  const versions: string[] = [];
  for (const name of ['one', 'two']) {
    const out = join(dir, name);
    const args = [VITE, 'build', '--logLevel', 'error', '--outDir', out, '--emptyOutDir'];
    await promisify(execFile)(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, VITE_WEIR_BUILD: `faults-${name}` },
    });
    versions.push(out);
  }
  return versions;
}
