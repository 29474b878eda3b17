import { execFile, execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHost } from '../host/serve.ts';
import type { UserDataVectors } from '../src/river/testing/vectors.ts';
import { readVectors } from '../tests/support/vectors.ts';
import { buildLibrary, MODULES } from './library/build.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What package.json must export. */
const EXPORTS = Object.fromEntries(
  MODULES.map((name) => [
    `./${name}`,
    { types: `./dist/lib/${name}/index.d.ts`, default: `./dist/lib/${name}/index.js` },
  ]),
);

const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly exports: unknown;
  readonly scripts: Record<string, string>;
  readonly dependencies: Record<string, string>;
};

const VERIFIES_A_ROOM = `
  import { readFileSync } from 'node:fs';
  import { chooseVerifier, decode, encode, fromHex, preverify, roomParameters, roomSlot, roomState, RoomView, SignatureMemo,
    summarize, toHex, verifyRoom } from 'weir/river';
  const dom = ['window', 'document', 'indexedDB', 'localStorage', 'HTMLElement'].filter((name) => name in globalThis);
  const given = JSON.parse(readFileSync(0, 'utf8'));
  const must = (result) => { if (!result.ok) throw new Error(JSON.stringify(result.error)); return result.value; };
  const params = must(decode(roomParameters, fromHex(given.params)));
  const state = must(decode(roomState, fromHex(given.state)));
  const memo = new SignatureMemo(await chooseVerifier(globalThis.crypto?.subtle));
  await preverify(state, params, memo);
  must(verifyRoom(state, params, memo));
  const slot = must(decode(roomSlot, fromHex(given.room_slot)));
  const view = new RoomView(slot.room.roomState, slot.room);
  process.stdout.write(JSON.stringify({
    dom,
    same: toHex(encode(roomState, state)) === given.state,
    messages: summarize(state).recentMessages.messageIds.length,
    members: view.members.length,
  }));
`;

const USES_TYPES = `
  import { decode, roomState, type DecodeError, type Result, type RoomState } from 'weir/river';
  import { decodeHostResult, type HostResult, type WireError } from 'weir/freenet';
  export const state: Result<RoomState, DecodeError> = decode(roomState, new Uint8Array());
  export const answer: Result<HostResult, WireError> = decodeHostResult(new Uint8Array());
  // @ts-expect-error a state is no number
  export const wrong: Result<number, DecodeError> = decode(roomState, new Uint8Array());
`;

/** The examples of a part of docs/library.md, as one program. */
function examples(part: string): string {
  const page = readFileSync(join(ROOT, 'docs/library.md'), 'utf8');
  const [, text = ''] = page.split(`\n## ${part}\n`);
  const [own = ''] = text.split('\n## ');
  const blocks = [...own.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, block]) => block);
  expect(blocks.length).toBeGreaterThan(0);
  return blocks.join('\n');
}

describe('the package, packed and installed in a project of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-library-'));
  const project = join(folder, 'project');
  const weir = join(project, 'node_modules/weir');
  let packed: string[] = [];

  /** What a package manager would install with it, from the packages that are here. */
  const install = (name: string): void => {
    const to = join(project, 'node_modules', name);
    mkdirSync(dirname(to), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), to);
  };

  const run = (script: string, args: readonly string[] = [], input = ''): Promise<string> => {
    const file = join(project, 'script.mjs');
    writeFileSync(file, script);
    return new Promise((resolve, reject) => {
      const options = { cwd: project, env: { PATH: process.env['PATH'] } };
      const child = execFile(process.execPath, [file, ...args], options, (error, stdout) =>
        error ? reject(error) : resolve(stdout),
      );
      child.stdin?.end(input);
    });
  };

  beforeAll(async () => {
    // packed from a copy: another run may be building in the checkout
    const checkout = join(folder, 'checkout');
    mkdirSync(join(checkout, 'src'), { recursive: true });
    writeFileSync(join(checkout, 'src/private.ts'), 'export {};');
    for (const name of ['package.json', 'README.md', 'LICENSE', 'docs']) {
      cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
    }
    await buildLibrary(join(checkout, 'dist/lib'));
    const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
    const answer = execFileSync('npm', pack, { cwd: checkout, encoding: 'utf8' });
    const [{ files, filename }] = JSON.parse(answer) as [
      { readonly files: readonly { readonly path: string }[]; readonly filename: string },
    ];
    packed = files.map(({ path }) => path);
    mkdirSync(weir, { recursive: true });
    execFileSync('tar', ['-xzf', join(folder, filename), '--strip-components=1', '-C', weir]);
    const imported = packagesIn(join(weir, 'dist/lib'));
    expect(imported.filter((name) => !(name in MANIFEST.dependencies))).toEqual([]);
    for (const name of new Set([...imported, 'ws'])) install(name);
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('exports its two modules, is built when it is packed, and holds nothing else of the app', () => {
    expect(MANIFEST.exports).toEqual({ ...EXPORTS, './package.json': './package.json' });
    expect(MANIFEST.scripts['prepack']).toBe('npm run -s build:library');
    const others = packed.filter((path) => !path.startsWith('dist/lib/'));
    expect(others.sort()).toEqual(['LICENSE', 'README.md', 'docs/library.md', 'package.json']);
    for (const { types, default: module } of Object.values(EXPORTS)) {
      expect(packed).toContain(types.slice(2));
      expect(packed).toContain(module.slice(2));
    }
  });

  it('verifies a recorded room in plain Node', async () => {
    const { rooms } = readVectors<UserDataVectors>('user-data');
    const room = rooms.find(({ name }) => name === 'lively public room');
    expect(JSON.parse(await run(VERIFIES_A_ROOM, [], JSON.stringify(room)))).toEqual({
      dom: [],
      same: true,
      messages: room?.counts['messages'],
      // the owner is no listed member
      members: (room?.counts['members'] ?? 0) + 1,
    });
  }, 30_000);

  it('does with a room what its page shows', async () => {
    expect(await run(examples('weir/river'))).toBe(
      '1 message\nAda: hello\nInvalidUpdateWithInfo\n',
    );
  }, 30_000);

  it('asks a node what its page shows, and says so when there is none', async () => {
    const script = examples('weir/freenet');
    const started = await startHost({
      port: 0,
      appDir: project,
      dataDir: join(folder, 'node'),
      delegateWasm: new Uint8Array(),
    });
    if (!started.ok) throw new Error(started.error.type);
    const { port } = started.value;
    const url = `ws://localhost:${port}/v1/contract/command`;
    try {
      expect(await run(script, [url])).toBe('NotFound\n');
    } finally {
      await started.value.close();
    }
    expect(await run(script, [url])).toBe('ConnectFailed\n');
  }, 30_000);

  it('has types that a strict project can check', () => {
    writeFileSync(join(project, 'types.ts'), USES_TYPES);
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          target: 'ES2022',
          module: 'NodeNext',
          lib: ['ES2024', 'DOM'],
          types: [],
        },
        files: ['types.ts'],
      }),
    );
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', project], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  }, 60_000);
});

/** Packages that the built modules import, by name. */
function packagesIn(folder: string): string[] {
  const names = new Set<string>();
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('.js')) continue;
    const text = readFileSync(join(folder, entry), 'utf8');
    for (const [, name] of text.matchAll(/^import .* from "(@[^/"]+\/[^/"]+|[^./"][^/"]*)/gm)) {
      if (name !== undefined) names.add(name);
    }
  }
  return [...names].sort();
}
