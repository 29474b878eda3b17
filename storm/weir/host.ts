/** The host of a storm: a process of its own that can be killed and started again on the same address and data. */
import type { MetricsReport } from '../../host/node/metrics.ts';
import { ServeProcess } from '../../host/testing/serve-process.ts';

export class StormHost {
  readonly #dataDir: string;
  readonly #appDir: string;
  #serving: ServeProcess | undefined;
  #url = '';
  /** Of processes that were killed: their counts go with them. */
  #before: readonly MetricsReport[] = [];

  constructor(dataDir: string, appDir: string) {
    this.#dataDir = dataDir;
    this.#appDir = appDir;
  }

  get url(): string {
    return this.#url;
  }

  async start(): Promise<void> {
    const port = this.#url === '' ? 0 : Number(new URL(this.#url).port);
    const serving = new ServeProcess({ port, dataDir: this.#dataDir, appDir: this.#appDir });
    this.#url = await serving.url;
    this.#serving = serving;
  }

  /** SIGKILL, wherever it is. */
  async kill(): Promise<void> {
    const serving = this.#serving;
    if (!serving) return;
    this.#before = [...this.#before, await this.#report()];
    this.#serving = undefined;
    await serving.kill('SIGKILL');
  }

  /** Requests to delegates that stored something, and bytes of all delegate requests, since the storm's host was first started. */
  async counts(): Promise<{ readonly storeRequests: number; readonly bytesIn: number }> {
    const reports = this.#serving ? [...this.#before, await this.#report()] : this.#before;
    return {
      storeRequests: sum(reports.map((each) => each.storeRequests)),
      bytesIn: sum(
        reports.flatMap(({ delegates }) => Object.values(delegates).map((each) => each.bytesIn)),
      ),
    };
  }

  async #report(): Promise<MetricsReport> {
    return (await (await fetch(`${this.#url}/weir/metrics`)).json()) as MetricsReport;
  }
}

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, each) => total + each, 0);
