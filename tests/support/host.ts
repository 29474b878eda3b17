import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startHost, type HostOptions, type RunningHost } from '../../host/serve.ts';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** A real host over the built app and delegate, that can be stopped and started again on the same port and data. */
export class TestHost {
  readonly #dataDir: string;
  readonly #options: Partial<HostOptions>;
  #port = 0;
  #running: RunningHost | undefined;

  private constructor(dataDir: string, options: Partial<HostOptions>) {
    this.#dataDir = dataDir;
    this.#options = options;
  }

  static async start(options: Partial<HostOptions> = {}): Promise<TestHost> {
    const host = new TestHost(await mkdtemp(join(tmpdir(), 'weir-host-')), options);
    await host.start();
    return host;
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  get running(): RunningHost {
    if (!this.#running) throw new Error('the host is stopped');
    return this.#running;
  }

  async start(): Promise<void> {
    const started = await startHost({
      ...this.#options,
      port: this.#port,
      dataDir: this.#dataDir,
      appDir: this.#options.appDir ?? at('dist'),
      delegateWasm: readFileSync(at('delegate/build/chat-delegate.wasm')),
    });
    if (!started.ok) throw new Error(JSON.stringify(started.error));
    this.#running = started.value;
    this.#port = started.value.port;
  }

  async stop(): Promise<void> {
    await this.#running?.close();
    this.#running = undefined;
  }

  async dispose(): Promise<void> {
    await this.stop();
    await rm(this.#dataDir, { recursive: true, force: true });
  }
}
