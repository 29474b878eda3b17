// The delegates there have been. What a person stored lies under the delegate's key, which follows from the module's bytes: a
// changed byte is a new generation, and the older ones must stay known so that their data can be taken over.
//   node --import tsx delegate/generations.ts --check            the built module must be the newest generation
//   node --import tsx delegate/generations.ts --add "note"       registers it
//   node --import tsx delegate/generations.ts --replace "note"   puts it in the place of the newest, which nobody has used yet
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { blake3 } from '@noble/hashes/blake3.js';
import { DELEGATE_WASM } from './compile.ts';

export interface Generation {
  /** BLAKE3 of the module, in hex. */
  readonly codeHash: string;
  /** BLAKE3 of the code hash (the parameters are empty), in hex. */
  readonly delegateKey: string;
  /** Day of the registration. */
  readonly date: string;
  readonly note: string;
}

const REGISTRY = fileURLToPath(new URL('generations.json', import.meta.url));

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export function generationOf(wasm: Uint8Array, date: string, note: string): Generation {
  const codeHash = blake3(wasm);
  return { codeHash: hex(codeHash), delegateKey: hex(blake3(codeHash)), date, note };
}

/** Oldest first. @throws Error when the registry is not what it should be */
export function readGenerations(): Generation[] {
  const parsed: unknown = JSON.parse(readFileSync(REGISTRY, 'utf8'));
  if (!Array.isArray(parsed)) throw new Error(`${REGISTRY}: expected an array`);
  return parsed.map((entry: Partial<Generation>, index) => {
    const { codeHash, delegateKey, date, note } = entry;
    if (!codeHash || !delegateKey || !date || note === undefined) {
      throw new Error(`${REGISTRY}: entry ${index} lacks codeHash, delegateKey, date or note`);
    }
    return { codeHash, delegateKey, date, note };
  });
}

/** Why `wasm` may not be shipped as it is; undefined when it may. */
export function unregistered(
  wasm: Uint8Array,
  generations: readonly Generation[],
): string | undefined {
  const newest = generations.at(-1);
  const { codeHash } = generationOf(wasm, '', '');
  if (newest?.codeHash === codeHash) return undefined;
  return (
    `the delegate's code hash is ${codeHash}, the newest registered one is ${newest?.codeHash ?? 'none'}: ` +
    'a change of the delegate is a new generation (node --import tsx delegate/generations.ts --add "what changed")'
  );
}

function run(args: readonly string[]): void {
  const [command, note] = args;
  if (!existsSync(DELEGATE_WASM)) throw new Error(`there is no ${DELEGATE_WASM}: build it first`);
  const wasm = readFileSync(DELEGATE_WASM);
  const generations = readGenerations();
  if (command === '--check') {
    const why = unregistered(wasm, generations);
    if (why !== undefined) throw new Error(why);
    return;
  }
  if ((command !== '--add' && command !== '--replace') || !note) {
    throw new Error('expected --check, --add "note" or --replace "note"');
  }
  const today = new Date().toISOString().slice(0, 10);
  const generation = generationOf(wasm, today, note);
  const kept = command === '--replace' ? generations.slice(0, -1) : generations;
  if (kept.some(({ codeHash }) => codeHash === generation.codeHash)) {
    throw new Error(`${generation.codeHash} is registered already`);
  }
  writeFileSync(REGISTRY, `${JSON.stringify([...kept, generation], null, 2)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    run(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
