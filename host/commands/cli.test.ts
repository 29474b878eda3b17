import { spawn } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { delegateKey } from '../../src/freenet/keys.ts';
import { utf8, utf8Text } from '../../src/shared/bytes.ts';
import { probeDelegate } from '../testing/probe-delegate.ts';
import { NO_PARAMS, RawClient } from '../testing/raw-client.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { testApp, testHost } from '../testing/test-host.ts';

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

function weir(...args: string[]): Running {
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

describe('weir serve', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s stops it cleanly: clients are told, what they stored is there next time, exit code 0',
    async (signal) => {
      const dataDir = join(tempDir(), 'made', 'by', 'weir');
      const args = await serveArgs(dataDir);
      const key = delegateKey(await probeDelegate(), NO_PARAMS);

      const first = weir(...args);
      const url = await first.printed(/http:\/\/localhost:\d+/);
      expect(await first.printed(/data: .*/)).toBe(`data: ${dataDir}`);
      const socketUrl = `${url.replace('http', 'ws')}/v1/contract/command?encodingProtocol=native`;
      const client = await RawClient.connect(socketUrl);
      await client.register(await probeDelegate());
      await client.ask(key, utf8('wkept'));
      first.process.kill(signal);
      first.process.kill(signal); // as npm passes it on
      expect((await client.closed).code).toBe(1001);
      expect(await first.ended).toMatchObject({ code: 0, signal: null });

      const second = weir(...args);
      const again = await second.printed(/http:\/\/localhost:\d+/);
      const later = await RawClient.connect(
        `${again.replace('http', 'ws')}/v2/contract/command?encodingProtocol=native`,
      );
      expect((await later.ask(key, utf8('r'))) as Uint8Array[]).toEqual([utf8('kept')]);
      second.process.kill(signal);
      expect((await second.ended).code).toBe(0);
    },
  );

  test('killed outright, it has on disk what it had answered for', async () => {
    const dataDir = tempDir();
    const args = await serveArgs(dataDir);
    const key = delegateKey(await probeDelegate(), NO_PARAMS);
    const first = weir(...args);
    const url = await first.printed(/http:\/\/localhost:\d+/);
    const client = await RawClient.connect(
      `${url.replace('http', 'ws')}/v1/contract/command?encodingProtocol=native`,
    );
    await client.register(await probeDelegate());
    let acknowledged = '';
    setTimeout(() => first.process.kill('SIGKILL'), 300);
    const gone = client.closed.then(() => 'gone' as const);
    for (let n = 1; ; n++) {
      // the answer to a store that the probe refuses is empty, and its secret is kept all the same
      const answer = await Promise.race([client.ask(key, utf8(`w${n}`)), gone]);
      if (answer === 'gone') break;
      acknowledged = String(n);
    }
    expect((await first.ended).signal).toBe('SIGKILL');

    const second = weir(...args);
    const again = await second.printed(/http:\/\/localhost:\d+/);
    const later = await RawClient.connect(
      `${again.replace('http', 'ws')}/v1/contract/command?encodingProtocol=native`,
    );
    const [kept] = (await later.ask(key, utf8('r'))) as Uint8Array[];
    const value = Number(utf8Text(kept ?? NO_PARAMS));
    expect(Number(acknowledged)).toBeGreaterThan(0);
    expect([0, 1]).toContain(value - Number(acknowledged));
  });

  test('its data is for its owner alone', async () => {
    const dataDir = join(tempDir(), 'new');
    const host = weir(...(await serveArgs(dataDir)));
    await host.printed(/http/);
    for (const path of [dataDir, join(dataDir, 'node')]) {
      expect((statSync(path).mode & 0o777).toString(8), path).toBe('700');
    }
    for (const file of readdirSync(join(dataDir, 'node'))) {
      expect((statSync(join(dataDir, 'node', file)).mode & 0o777).toString(8), file).toBe('600');
    }
  });

  test('what makes no sense is one clear line and exit code 2', async () => {
    const app = testApp();
    const text = join(app, 'sw.js');
    for (const [args, line] of [
      [[], /^weir: say what to do: weir serve, or weir seed FILE/],
      [['dance'], /^weir: "dance" is no command/],
      [['serve', '--prot', '1'], /^weir: Unknown option '--prot' \(see weir serve --help\)$/],
      [['serve', '--port', '70000'], /^weir: --port 70000: a port is a number from 0 to 65535$/],
      [['serve', '--port', '-1'], /^weir: .*--port/],
      [['serve', '--port'], /^weir: .*--port/],
      [['serve', 'more'], /^weir: serve takes no argument "more"/],
      [['serve', '--app', '/nowhere'], /^weir: there is no \/nowhere\/index.html: build the app/],
      [['serve', '--app', app, '--delegate', '/nowhere.wasm'], /^weir: .*nowhere.*ENOENT/],
      [['serve', '--app', app, '--delegate', text], /^weir: .*sw\.js is no Freenet delegate: /],
      [['seed'], /^weir: seed needs a FILE/],
      [['seed', 'a', 'b'], /^weir: seed takes one FILE, not 2$/],
      [['seed', text], /^weir: .*sw\.js: it is no JSON: /],
      [['seed', text, '--url', 'nonsense'], /^weir: --url nonsense: an address like http/],
    ] as const) {
      const { code, out, error } = await weir(...args).ended;
      expect(error.trimEnd(), args.join(' ')).toMatch(line);
      expect(error.trimEnd(), args.join(' ')).not.toContain('\n');
      expect([code, out], args.join(' ')).toEqual([2, '']);
    }
  });

  test('a port that is taken and data that is none are one clear line and exit code 1', async () => {
    const host = await testHost();
    const dataDir = tempDir();
    const args = await serveArgs(dataDir);
    const taken = await weir(...args, '--port', String(host.port)).ended;
    expect(taken).toMatchObject({ code: 1, error: expect.stringContaining('is taken') as string });
    writeFileSync(join(dataDir, 'node', 'data.mdb'), 'x'.repeat(10_000));
    const broken = await weir(...args).ended;
    expect(broken).toMatchObject({
      code: 1,
      error: expect.stringContaining("can't be opened: data.mdb is no LMDB file") as string,
    });
  });
});

describe('weir seed and --help', () => {
  test('a host that does not run is one clear line and exit code 1', async () => {
    const file = fileURLToPath(new URL('../../tests/vectors/user-data.json.gz', import.meta.url));
    const { code, error } = await weir('seed', file, '--url', 'http://localhost:9').ended;
    expect(error).toBe(
      'weir: nothing answers at http://localhost:9: is the host running? (weir serve)\n',
    );
    expect(code).toBe(1);
  });

  test('help explains each command and every option', async () => {
    const general = await weir('--help').ended;
    expect(general).toMatchObject({ code: 0, error: '' });
    expect(general.out).toContain('weir seed FILE');
    const serve = await weir('serve', '--help').ended;
    expect(serve.code).toBe(0);
    for (const option of ['--port', '--data-dir', '--delegate', '--app', '7520']) {
      expect(serve.out).toContain(option);
    }
    const seed = await weir('seed', '--help').ended;
    expect(seed.code).toBe(0);
    expect(seed.out).toContain('--url');
  });
});
