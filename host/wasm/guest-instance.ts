import type { Result } from '../../src/shared/result.ts';
import { err, ok } from '../../src/shared/result.ts';
import type { GuestImports } from './guest-imports.ts';
import { GuestMemory } from './guest-memory.ts';
import { limitModule } from './limit-module.ts';
import type { ModuleError } from './wasm-error.ts';

/** A compiled module that exports what its kind of guest must. */
export interface GuestModule {
  readonly module: WebAssembly.Module;
  /** Whether arguments are passed in pieces. */
  readonly streaming: boolean;
}

/** Compiles a module, bounded in memory; instances of it are cheap. */
export function loadGuest(
  wasm: Uint8Array,
  known: GuestImports,
  exports: readonly string[],
): Result<GuestModule, ModuleError> {
  const limited = limitModule(wasm);
  if (!limited.ok) return err({ type: 'InvalidModule', reason: limited.error });
  let module: WebAssembly.Module;
  try {
    module = new WebAssembly.Module(new Uint8Array(limited.value));
  } catch (thrown) {
    if (!(thrown instanceof WebAssembly.CompileError)) throw thrown;
    return err({ type: 'InvalidModule', reason: thrown.message });
  }
  const imports = WebAssembly.Module.imports(module);
  for (const { module: from, name, kind } of imports) {
    const given = Object.hasOwn(known, from) && Object.hasOwn(known[from] ?? {}, name);
    if (kind !== 'function' || !given) return err({ type: 'UnknownImport', module: from, name });
  }
  const found = WebAssembly.Module.exports(module);
  const needed = [
    { name: 'memory', kind: 'memory' },
    ...['__frnt__initiate_buffer', ...exports].map((name) => ({ name, kind: 'function' })),
  ];
  for (const { name, kind } of needed) {
    if (!found.some((one) => one.name === name && one.kind === kind)) {
      return err({ type: 'MissingExport', name });
    }
  }
  const streaming = imports.some(({ module: from }) => from === 'freenet_contract_io');
  return ok({ module, streaming });
}

type ExportedFunction = (...args: (number | bigint)[]) => unknown;

/** One running instance. */
export interface GuestInstance {
  readonly memory: GuestMemory;
  /** Calls an export whose arguments and result are addresses. */
  call(name: string, args: readonly bigint[]): bigint;
}

let instances = 0n;

/**
 * @param started called before anything runs, with the memory that the imports then reach
 * @throws WebAssembly.RuntimeError when the guest traps at its start
 */
export function instantiate(
  guest: GuestModule,
  imports: GuestImports,
  started: (memory: GuestMemory) => void,
): Result<GuestInstance, ModuleError> {
  let instance: WebAssembly.Instance;
  try {
    instance = new WebAssembly.Instance(guest.module, imports as WebAssembly.Imports);
  } catch (thrown) {
    // a known name with another signature
    if (!(thrown instanceof WebAssembly.LinkError)) throw thrown;
    return err({ type: 'InvalidModule', reason: thrown.message });
  }
  const { exports } = instance;
  const exported = (name: string): ExportedFunction => exports[name] as ExportedFunction;
  const initiateBuffer = exported('__frnt__initiate_buffer');
  const memory = new GuestMemory(
    exports['memory'] as WebAssembly.Memory,
    (capacity) => initiateBuffer(capacity) as bigint,
  );
  started(memory);
  if (typeof exports['__frnt_set_id'] === 'function') exported('__frnt_set_id')(instances++);
  return ok({
    memory,
    call: (name, args) => exported(name)(...args) as bigint,
  });
}
