import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkContractModule } from '../node/contract-rules.ts';
import { decodeMisbehaviour, type MisbehaviourScript } from '../node/misbehaviour-script.ts';
import { describeStoreError } from '../node/store.ts';
import type { HostError } from '../serve.ts';
import { startHost } from '../serve.ts';
import { describeWasmError, loadDelegate } from '../wasm/delegate-host.ts';
import { failure, misuse } from './command-error.ts';
import { defaultDataDir } from './data-dir.ts';
import { DEFAULT_PORT, serveHelp } from './help.ts';
import type { Output } from './output.ts';
import { parseOptions, parsePort } from './options.ts';

const BUILT_DELEGATE = fileURLToPath(
  new URL('../../delegate/build/chat-delegate.wasm', import.meta.url),
);

/** Serves until the signal aborts. @throws CommandError */
export async function serve(
  args: readonly string[],
  output: Output,
  stop: AbortSignal,
): Promise<void> {
  const { values, positionals } = parseOptions('serve', args, {
    port: { type: 'string' },
    'data-dir': { type: 'string' },
    delegate: { type: 'string' },
    contract: { type: 'string' },
    app: { type: 'string' },
    hosted: { type: 'boolean' },
    'local-mode': { type: 'boolean' },
    misbehave: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  });
  if (values.help) {
    output.line(serveHelp());
    return;
  }
  if (positionals[0] !== undefined) {
    throw misuse(`serve takes no argument "${positionals[0]}" (see weir serve --help)`);
  }

  const port = values.port === undefined ? DEFAULT_PORT : parsePort(values.port);
  const dataDir = resolve(values['data-dir'] ?? defaultDataDir());
  const appDir = resolve(values.app ?? 'dist');
  requireApp(appDir);
  const delegateWasm = readDelegate(values.delegate);
  const contractWasm = values.contract === undefined ? undefined : readContract(values.contract);

  const misbehaviour = values.misbehave === undefined ? undefined : readScript(values.misbehave);

  const host = await startHost({
    port,
    dataDir,
    appDir,
    delegateWasm,
    ...(contractWasm && { contractWasm }),
    ...(misbehaviour && { misbehaviour }),
    hosted: values.hosted ?? false,
    failureShapes: values['local-mode'] === true ? 'local' : 'network',
    log: (line) => output.error(line),
  });
  if (!host.ok) throw failure(describeHostError(host.error));
  output.line(`Weir is at ${host.value.url}`);
  output.line(`  data: ${dataDir}`);
  if (misbehaviour) {
    output.line(`  for tests only: this node MISBEHAVES, ${describeScript(misbehaviour)}`);
  }
  output.line(`  stop: Ctrl-C`);
  await aborted(stop);
  await host.value.close();
  output.line('Weir has stopped; everything is on disk.');
}

function requireApp(appDir: string): void {
  const page = join(appDir, 'index.html');
  if (!statSync(page, { throwIfNoEntry: false })?.isFile()) {
    throw misuse(`there is no ${page}: build the app (npm run build), or name it with --app DIR`);
  }
}

function readDelegate(named: string | undefined): Uint8Array {
  const file = named === undefined ? BUILT_DELEGATE : resolve(named);
  let wasm: Uint8Array;
  try {
    wasm = readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (named === undefined && code === 'ENOENT') {
      throw misuse(
        `there is no ${file}: build it (npm run build:delegate), or name another with --delegate FILE.wasm`,
      );
    }
    throw misuse(`--delegate ${file} can't be read (${code ?? String(error)})`);
  }
  const loaded = loadDelegate(wasm);
  if (loaded.ok) return wasm;
  throw misuse(`${file} is no Freenet delegate: ${describeWasmError(loaded.error)}`);
}

function readContract(named: string): Uint8Array {
  const file = resolve(named);
  let wasm: Uint8Array;
  try {
    wasm = readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw misuse(`--contract ${file} can't be read (${code ?? String(error)})`);
  }
  const checked = checkContractModule(wasm);
  if (checked.ok) return wasm;
  throw misuse(`${file} is no Freenet contract: ${checked.error}`);
}

function readScript(named: string): MisbehaviourScript {
  const file = resolve(named);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw misuse(`${file} is no JSON: ${error.message}`);
    const { code } = error as NodeJS.ErrnoException;
    throw misuse(`--misbehave ${file} can't be read (${code ?? String(error)})`);
  }
  const script = decodeMisbehaviour(value);
  if (script.ok) return script.value;
  throw misuse(`${file}: ${script.error.path}: ${script.error.reason}`);
}

const describeScript = ({ rules, seed }: MisbehaviourScript): string =>
  `by ${rules.length} ${rules.length === 1 ? 'rule' : 'rules'} with seed ${seed}`;

function describeHostError(error: HostError): string {
  switch (error.type) {
    case 'PortTaken':
      return `port ${error.port} is taken, perhaps by a Weir that runs already: stop that, or choose another with --port`;
    case 'CantListen':
      return `can't listen on port ${error.port}: ${error.cause}`;
    case 'BadContract':
      return `the room contract can't be run: ${error.reason}`;
    case 'BadContractId':
      return `${error.text} is no contract id`;
    case 'NewerFormat':
    case 'Unusable':
      return describeStoreError(error);
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
