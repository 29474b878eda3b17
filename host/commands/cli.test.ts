import { spawn } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { delegateKey } from '../../src/freenet/keys.ts';
import type { DelegateKey } from '../../src/freenet/types.ts';
import { utf8, utf8Text } from '../../src/shared/bytes.ts';
import { probeDelegate } from '../testing/probe-delegate.ts';
import { NO_PARAMS, RawClient } from '../testing/raw-client.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { nodeUrl, testApp, testHost } from '../testing/test-host.ts';
import { weir } from './weir.ts';

vi.setConfig({ testTimeout: 60_000 });

const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url));

interface Running {
  readonly process: ReturnType<typeof spawn>;
  /** Resolves with the first match of the pattern in its standard output. */
  printed(pattern: RegExp): Promise<string>;
  readonly ended: Promise<{
    code: number | null;
    signal: NodeJS.Signals | null;
    out: string;
    error: string;
  }>;
}

function spawnWeir(...args: string[]): Running {
  const child = spawn(process.execPath, ['--import', 'tsx', CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let out = '';
  let error = '';
  child.stderr.on('data', (data: Buffer) => (error += data.toString()));
  const ended = new Promise<Awaited<Running['ended']>>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, out, error }));
  });
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  return {
    process: child,
    ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(out)?.[0];
          if (found !== undefined) resolve(found);
        };
        child.stdout.on('data', look);
        child.on('close', () => reject(new Error(`it ended: ${error}`)));
        look();
      }),
  };
}

/** Arguments that make sense, for a free port and data of its own. */
async function serveArgs(dataDir: string): Promise<string[]> {
  const delegate = join(tempDir(), 'probe.wasm');
  writeFileSync(delegate, await probeDelegate());
  return [
    'serve',
    '--port',
    '0',
    '--data-dir',
    dataDir,
    '--app',
    testApp(),
    '--delegate',
    delegate,
  ];
}

/** Runs a command in this process, for what ends by itself. */
async function run(
  ...args: string[]
): Promise<{ code: number; out: readonly string[]; error: readonly string[] }> {
  const out: string[] = [];
  const error: string[] = [];
  const output = {
    line: (text: string) => out.push(text),
    error: (text: string) => error.push(text),
  };
  const code = await weir(args, output, AbortSignal.timeout(30_000));
  return { code, out, error };
}

/** What the probe delegate keeps in the data that a host left behind. */
async function keptIn(dataDir: string): Promise<string> {
  const host = await testHost({ dataDir });
  const client = await RawClient.connect(nodeUrl(host));
  const answer = await client.ask(delegateKey(await probeDelegate(), NO_PARAMS), utf8('r'));
  return Array.isArray(answer) ? answer.map(utf8Text).join() : JSON.stringify(answer);
}

/** A served host, and a client that has registered the probe delegate. */
async function served(
  dataDir: string,
): Promise<{ host: Running; client: RawClient; key: DelegateKey }> {
  const host = spawnWeir(...(await serveArgs(dataDir)));
  const url = await host.printed(/http:\/\/localhost:\d+/);
  const client = await RawClient.connect(
    `${url.replace('http', 'ws')}/v1/contract/command?encodingProtocol=native`,
  );
  const wasm = await probeDelegate();
  await client.register(wasm);
  return { host, client, key: delegateKey(wasm, NO_PARAMS) };
}

describe('weir serve', () => {
  test('--local-mode answers as a local node does', async () => {
    const stop = new AbortController();
    const args = [...(await serveArgs(tempDir())), '--local-mode'];
    let ended: Promise<number> | undefined;
    const firstLine = await new Promise<string>((resolve, reject) => {
      const output = { line: resolve, error: (text: string) => reject(new Error(text)) };
      ended = weir(args, output, stop.signal);
    });
    const [url = ''] = /http:\S+/.exec(firstLine) ?? [];
    const client = await RawClient.connect(
      `${url.replace('http', 'ws')}/v1/contract/command?encodingProtocol=native`,
    );
    expect(await client.request({ type: 'Close' })).toEqual({
      ok: false,
      error: { type: 'Unhandled', cause: 'not supported' },
    });
    stop.abort();
    expect(await ended).toBe(0);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s stops it cleanly: clients are told, what they stored is there next time, exit code 0',
    async (signal) => {
      const dataDir = join(tempDir(), 'made', 'by', 'weir');
      const { host, client, key } = await served(dataDir);
      expect(await host.printed(/data: .*/)).toBe(`data: ${dataDir}`);
      await client.ask(key, utf8('wkept'));
      host.process.kill(signal);
      host.process.kill(signal); // as npm passes it on
      expect((await client.closed).code).toBe(1001);
      expect(await host.ended).toMatchObject({ code: 0, signal: null });
      expect(await keptIn(dataDir)).toBe('kept');
    },
  );

  test('killed outright, it has on disk what it had answered for', async () => {
    const dataDir = tempDir();
    const { host, client, key } = await served(dataDir);
    let acknowledged = 0;
    setTimeout(() => host.process.kill('SIGKILL'), 300);
    const gone = client.closed.then(() => 'gone' as const);
    for (let n = 1; ; n++) {
      // the answer to a store that the probe refuses is empty, and its secret is kept all the same
      const answer = await Promise.race([client.ask(key, utf8(`w${n}`)), gone]);
      if (answer === 'gone') break;
      acknowledged = n;
    }
    expect((await host.ended).signal).toBe('SIGKILL');
    expect(acknowledged).toBeGreaterThan(0);
    // the one in flight may be there too
    expect([0, 1]).toContain(Number(await keptIn(dataDir)) - acknowledged);
  });

  test('a node that misbehaves says so at its start, and does', async () => {
    const script = join(tempDir(), 'script.json');
    writeFileSync(script, '{"seed": 3, "rules": [{"do": {"type": "disconnect", "at": "before"}}]}');
    const host = spawnWeir(...(await serveArgs(tempDir())), '--misbehave', script);
    expect(await host.printed(/for tests only.*/)).toBe(
      'for tests only: this node MISBEHAVES, by 1 rule with seed 3',
    );
    const url = await host.printed(/http:\/\/localhost:\d+/);
    const client = await RawClient.connect(
      `${url.replace('http', 'ws')}/v1/contract/command?encodingProtocol=native`,
    );
    client.send({ type: 'Close' });
    expect((await client.closed).code).toBe(1006);
  });

  test('with --hosted the app is told that the node serves several people', async () => {
    const stop = new AbortController();
    const args = [...(await serveArgs(tempDir())), '--hosted'];
    let ended: Promise<number> | undefined;
    const said = await new Promise<string>((resolve) => {
      const output = { line: resolve, error: (text: string) => expect(text).toBe('') };
      ended = weir(args, output, stop.signal);
    });
    const [url] = /http:\S+/.exec(said) ?? [];
    expect(await (await fetch(`${url}/weir/config.json`)).json()).toMatchObject({ hosted: true });
    stop.abort();
    expect(await ended).toBe(0);
  });

  test('its data is for its owner alone', async () => {
    const dataDir = join(tempDir(), 'new');
    const stop = new AbortController();
    // stopped by its own first word, which comes when it is up
    const output = { line: () => stop.abort(), error: (text: string) => expect(text).toBe('') };
    expect(await weir(await serveArgs(dataDir), output, stop.signal)).toBe(0);
    for (const path of [dataDir, join(dataDir, 'node')]) {
      expect((statSync(path).mode & 0o777).toString(8), path).toBe('700');
    }
    for (const file of readdirSync(join(dataDir, 'node'))) {
      expect((statSync(join(dataDir, 'node', file)).mode & 0o777).toString(8), file).toBe('600');
    }
  });

  test('a port that is taken and data that is none are one clear line and exit code 1', async () => {
    const host = await testHost();
    const dataDir = tempDir();
    const args = await serveArgs(dataDir);
    expect(await run(...args, '--port', String(host.port))).toEqual({
      code: 1,
      out: [],
      error: [expect.stringMatching(/^weir: port \d+ is taken/)],
    });
    writeFileSync(join(dataDir, 'node', 'data.mdb'), 'x'.repeat(10_000));
    expect(await run(...args)).toEqual({
      code: 1,
      out: [],
      error: [
        `weir: the data in ${join(dataDir, 'node')} can't be opened: data.mdb is no LMDB file`,
      ],
    });
  });
});

test('what makes no sense is one clear line on standard error and exit code 2', async () => {
  const app = testApp();
  const text = join(app, 'sw.js');
  const probed = await serveArgs(tempDir());
  const badScript = join(tempDir(), 'bad.json');
  writeFileSync(badScript, '{"seed": 1, "rules": [{}]}');
  for (const [args, line] of [
    [[], /^weir: say what to do: weir serve, weir seed FILE, weir doctor, or weir storm/],
    [['dance'], /^weir: "dance" is no command/],
    [['serve', '--prot', '1'], /^weir: Unknown option '--prot' \(see weir serve --help\)$/],
    [['serve', '--port', '70000'], /^weir: --port 70000: a port is a number from 0 to 65535$/],
    [['serve', '--port', '-1'], /^weir: .*--port/],
    [['serve', '--port'], /^weir: .*--port/],
    [['serve', 'more'], /^weir: serve takes no argument "more"/],
    [['serve', '--app', '/nowhere'], /^weir: there is no \/nowhere\/index.html: build the app/],
    [['serve', '--app', app, '--delegate', '/nowhere.wasm'], /^weir: .*nowhere.*ENOENT/],
    [['serve', '--app', app, '--delegate', text], /^weir: .*sw\.js is no Freenet delegate: /],
    [[...probed, '--contract', '/nowhere.wasm'], /^weir: --contract .*nowhere.*ENOENT/],
    [[...probed, '--contract', text], /^weir: .*sw\.js is no Freenet contract: /],
    [[...probed, '--misbehave', '/nowhere.json'], /^weir: --misbehave .*nowhere.*ENOENT/],
    [[...probed, '--misbehave', text], /^weir: .*sw\.js is no JSON: /],
    [[...probed, '--misbehave', badScript], /^weir: .*bad\.json: rules\[0\]\.do: it is missing$/],
    [['seed'], /^weir: seed needs a FILE/],
    [['seed', 'a', 'b'], /^weir: seed takes one FILE, not 2$/],
    [['seed', text], /^weir: .*sw\.js: it is no JSON: /],
    [['seed', text, '--url', 'nonsense'], /^weir: --url nonsense: an address like http/],
  ] as const) {
    const { code, out, error } = await run(...args);
    expect(error, args.join(' ')).toEqual([expect.stringMatching(line)]);
    expect(error[0], args.join(' ')).not.toContain('\n');
    expect([code, out], args.join(' ')).toEqual([2, []]);
  }
  expect(await spawnWeir('dance').ended).toMatchObject({
    code: 2,
    out: '',
    error: expect.stringMatching(/^weir: "dance" is no command[^\n]*\n$/) as string,
  });
});

test('seeding a host that does not run is one clear line and exit code 1', async () => {
  const file = fileURLToPath(new URL('../../tests/vectors/user-data.json.gz', import.meta.url));
  expect(await run('seed', file, '--url', 'http://localhost:9')).toEqual({
    code: 1,
    out: [],
    error: ['weir: nothing answers at http://localhost:9: is the host running? (weir serve)'],
  });
});

test('help explains each command and every option', async () => {
  for (const [args, words] of [
    [['--help'], ['weir serve', 'weir seed FILE']],
    [
      ['serve', '--help'],
      [
        '--port',
        '--data-dir',
        '--delegate',
        '--contract',
        '--local-mode',
        '--app',
        '7520',
        'Ctrl-C',
      ],
    ],
    [
      ['seed', '-h'],
      ['FILE', '--url', '7520'],
    ],
  ] as const) {
    const { code, out, error } = await run(...args);
    expect([code, error], args.join(' ')).toEqual([0, []]);
    for (const word of words) expect(out.join('\n'), args.join(' ')).toContain(word);
  }
});
