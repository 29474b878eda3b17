import { execFileSync, spawnSync } from 'node:child_process';
import {
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
import { codeHash, idText } from '../src/freenet/keys.ts';
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

const USES_RIVER = `
  import { readFileSync } from 'node:fs';
  import { chooseVerifier, decode, encode, preverify, roomParameters, roomState, roomSlot,
    RoomView, SignatureMemo, summarize, toHex, validateState, verifyRoom, fromHex } from 'weir/river';
  const dom = ['window', 'document', 'indexedDB', 'localStorage', 'HTMLElement'].filter((name) => name in globalThis);
  const given = JSON.parse(readFileSync(0, 'utf8'));
  const must = (result) => { if (!result.ok) throw new Error(JSON.stringify(result.error)); return result.value; };
  const bytes = fromHex(given.state);
  const params = must(decode(roomParameters, fromHex(given.params)));
  const state = must(decode(roomState, bytes));
  const memo = new SignatureMemo(await chooseVerifier(globalThis.crypto?.subtle));
  await preverify(state, params, memo);
  must(verifyRoom(state, params, memo));
  const slot = must(decode(roomSlot, fromHex(given.room_slot)));
  const view = new RoomView(slot.room.roomState, slot.room);
  const forged = bytes.slice();
  forged[forged.length - 200] ^= 1;
  const refused = await validateState(fromHex(given.params), forged, new SignatureMemo());
  process.stdout.write(JSON.stringify({
    dom,
    same: toHex(encode(roomState, state)) === given.state,
    messages: summarize(state).recentMessages.messageIds.length,
    members: view.members.length,
    forged: refused.ok ? 'accepted' : refused.error.type,
  }));
`;

const USES_FREENET = `
  import { codeHash, connectNode, decodeClientRequest, encodeClientRequest, idText, parseId } from 'weir/freenet';
  const id = idText(codeHash(new Uint8Array([1, 2, 3])));
  const request = { type: 'ContractOp', request: { type: 'Subscribe', key: parseId(id).value, summary: undefined } };
  const read = decodeClientRequest(encodeClientRequest(request));
  const connected = await connectNode({ url: 'ws://localhost:1/', openSocket: () => { throw new Error('no socket'); } });
  process.stdout.write(JSON.stringify({ id, type: read.value.request.type, error: connected.error.type }));
`;

const USES_TYPES = `
  import { decode, roomState, type DecodeError, type Result, type RoomState } from 'weir/river';
  import { decodeHostResult, type HostResult, type WireError } from 'weir/freenet';
  export const state: Result<RoomState, DecodeError> = decode(roomState, new Uint8Array());
  export const answer: Result<HostResult, WireError> = decodeHostResult(new Uint8Array());
  // @ts-expect-error a state is no number
  export const wrong: Result<number, DecodeError> = decode(roomState, new Uint8Array());
`;

describe('the library, installed in a project of its own', () => {
  const project = mkdtempSync(join(tmpdir(), 'weir-library-'));
  const weir = join(project, 'node_modules/weir');

  const install = (name: string): void => {
    const to = join(project, 'node_modules', name);
    mkdirSync(dirname(to), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), to);
  };

  const run = (script: string, input = ''): unknown => {
    const file = join(project, 'script.mjs');
    writeFileSync(file, script);
    const options = { cwd: project, input, env: { PATH: process.env['PATH'] } } as const;
    return JSON.parse(execFileSync(process.execPath, [file], { ...options, encoding: 'utf8' }));
  };

  beforeAll(async () => {
    await buildLibrary(join(weir, 'dist/lib'));
    writeFileSync(
      join(weir, 'package.json'),
      JSON.stringify({ name: 'weir', version: '0.0.0', type: 'module', exports: EXPORTS }),
    );
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const imported = packagesIn(join(weir, 'dist/lib'));
    // what it imports is what a package manager would install with it
    expect(imported.filter((name) => !(name in manifest.dependencies))).toEqual([]);
    for (const name of imported) install(name);
  }, 60_000);

  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it('verifies a recorded room in plain Node, and refuses a forged one', () => {
    const { rooms } = readVectors<UserDataVectors>('user-data');
    const room = rooms.find(({ name }) => name === 'lively public room');
    expect(run(USES_RIVER, JSON.stringify(room))).toEqual({
      dom: [],
      same: true,
      messages: room?.counts['messages'],
      // the owner is no listed member
      members: (room?.counts['members'] ?? 0) + 1,
      forged: 'InvalidUpdateWithInfo',
    });
  }, 30_000);

  it('speaks the protocol of a node in plain Node', () => {
    expect(run(USES_FREENET)).toEqual({
      id: idText(codeHash(Uint8Array.of(1, 2, 3))),
      type: 'Subscribe',
      error: 'ConnectFailed',
    });
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
