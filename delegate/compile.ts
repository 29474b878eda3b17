import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const assembly = join(here, 'assembly');

/** Where the module that is shipped lies. */
export const DELEGATE_WASM = join(here, 'build', 'chat-delegate.wasm');

/**
 * The stub runtime only ever allocates, which is what the node's buffers need and an instance per request allows; without
 * `abort` the module imports nothing but what a node gives. Neither paths nor times get into the bytes.
 */
const OPTIONS =
  '--optimizeLevel 3 --shrinkLevel 1 --converge --noAssert --runtime stub --use abort='.split(' ');

/**
 * Compiles one entry file: the same sources give the same bytes.
 *
 * @param entry under `assembly/`
 * @throws Error with the compiler's messages
 */
export async function compile(entry: string): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined;
  // seconds to load, and not needed where the module is there already
  const { main } = await import('assemblyscript/asc');
  const messages: string[] = [];
  const { error } = await main(
    [entry, '--baseDir', assembly, '--outFile', 'out.wasm', ...OPTIONS],
    {
      stderr: { write: (text: string) => messages.push(text) },
      writeFile: (_name, contents) => {
        if (typeof contents !== 'string') wasm = contents;
      },
    },
  );
  if (error || !wasm) throw new Error(`${entry} does not compile\n${messages.join('')}`);
  return wasm;
}

function newestSource(): number {
  const times = readdirSync(assembly, { recursive: true, encoding: 'utf8' }).map(
    (name) => statSync(join(assembly, name)).mtimeMs,
  );
  return Math.max(...times, statSync(fileURLToPath(import.meta.url)).mtimeMs);
}

/** Compiles the delegate to `DELEGATE_WASM`. */
export async function compileDelegate(): Promise<Uint8Array> {
  const wasm = await compile('index.ts');
  mkdirSync(join(here, 'build'), { recursive: true });
  writeFileSync(DELEGATE_WASM, wasm);
  return wasm;
}

/** The compiled delegate: that of `DELEGATE_WASM` unless a source is newer. */
export async function builtDelegate(): Promise<Uint8Array> {
  const built = statSync(DELEGATE_WASM, { throwIfNoEntry: false });
  return built && built.mtimeMs > newestSource() ? readFileSync(DELEGATE_WASM) : compileDelegate();
}
