/** A real `weir serve` in a process of its own, always on the same port, on a copy of a data folder. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MetricsReport } from '../../host/node/metrics.ts';
import { RIVER_CONTRACT_ID } from '../../host/serve.ts';
import { ServeProcess } from '../../host/testing/serve-process.ts';
import type { Arrived } from './page-server.ts';

const BUILT = fileURLToPath(new URL('../../dist', import.meta.url));

export class BenchHost {
  #port = 0;
  #running: { readonly process: ServeProcess; readonly folder: string } | undefined;

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  /** @param template a data folder to begin with a copy of; absent: an empty one */
  async start(template?: string): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'weir-peers-data-'));
    if (template !== undefined) await cp(template, folder, { recursive: true });
    const process = new ServeProcess({ port: this.#port, dataDir: folder, appDir: BUILT });
    this.#running = { process, folder };
    this.#port = Number(new URL(await process.url).port);
  }

  /** @param template where its data is left; absent: it is thrown away */
  async stop(template?: string): Promise<void> {
    if (!this.#running) return;
    const { process, folder } = this.#running;
    this.#running = undefined;
    await process.kill('SIGTERM');
    if (template !== undefined) await cp(folder, template, { recursive: true });
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  /** All requests to its node since it was started. */
  async arrived(): Promise<Arrived> {
    const { requests, bytes } = (await (
      await fetch(`${this.url}/weir/metrics`)
    ).json()) as MetricsReport;
    const count = Object.values(requests).reduce((sum, each) => sum + each, 0);
    return { requests: count, bytes: bytes.in };
  }

  /** What a client of the node's API needs to be the app that Weir's rooms belong to. @throws Error when it gives none */
  async token(): Promise<string> {
    const { headers } = await fetch(`${this.url}/v1/contract/web/${RIVER_CONTRACT_ID}/`);
    const [, token] = /^Bearer (\S+)$/.exec(headers.get('authorization') ?? '') ?? [];
    if (token === undefined) throw new Error(`${this.url} gave no token`);
    return token;
  }
}
