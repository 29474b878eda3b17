import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storm } from '../../storm/command.ts';
import type { StormReport } from '../../storm/report.ts';

let dir: string;
let server: Server | undefined;

beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'weir-storm-'))));
afterEach(async () => {
  server?.close();
  server = undefined;
  await rm(dir, { recursive: true, force: true });
});

interface Run {
  readonly report: StormReport;
  /** Whether the lab would end with 0. */
  readonly isWithin: boolean;
  readonly page: string;
}

async function run(...args: string[]): Promise<Run> {
  const [json, html] = [join(dir, 'storm.json'), join(dir, 'storm.html')];
  const isWithin = await storm([...args, '--json', json, '--report', html], { line: () => {} });
  return {
    report: JSON.parse(await readFile(json, 'utf8')) as StormReport,
    isWithin,
    page: await readFile(html, 'utf8'),
  };
}

/** What was missed; memory is for storms that are large enough to tell anything by it. */
const missed = ({ budgets }: StormReport): string[] =>
  budgets.filter(({ what, isMet }) => !isMet && !what.includes('memory')).map(({ what }) => what);

const SMALL = ['--rooms', '3', '--room-kib', '20', '--tabs', '2'];

describe('the storm lab', () => {
  it('C38: finds no save in Weir where nothing was changed', async () => {
    const { report } = await run(...SMALL, '--reloads', '4', '--kill', 'worker');
    expect(report).toMatchObject({ saves: 0, requests: 0, reloads: 8, lost: 0 });
    expect(report.kills).toEqual({ worker: 1 });
    expect(missed(report)).toEqual([]);
  });

  it('finds every edit on the node after tabs, worker, browser and node were killed', async () => {
    const kills = ['tab', 'worker', 'browser', 'node'].flatMap((each) => ['--kill', each]);
    const { report } = await run(...SMALL, '--reloads', '6', '--edits', '40', ...kills);
    expect(report.kills).toEqual({ tab: 1, worker: 1, browser: 1, node: 1 });
    expect(report.accepted).toBeGreaterThan(0);
    expect(report.lost).toBe(0);
    expect(report.budgets.find(({ what }) => what === 'edits twice')?.measured).toBe('0');
  });

  it('sees the disease where the coalescer is out of action', async () => {
    const storms = [...SMALL, '--reloads', '3', '--edits', '60', '--bursts', '2'];
    const healthy = await run(...storms);
    expect(healthy.report.lost).toBe(0);
    const ill = await run(...storms, '--without-coalescing');
    expect(ill.isWithin).toBe(false);
    expect(ill.report.verdict).toBe('beyond the budgets');
    expect(ill.report.requests).toBeGreaterThan(4 * healthy.report.requests);
    expect(ill.report.bytesSent).toBeGreaterThan(4 * healthy.report.bytesSent);
    expect(ill.page).toContain('beyond the budgets');
  });

  it('storms another app as it is, and counts what it sends', async () => {
    const app = `<!doctype html><title>Other</title><main>here</main>
      <script>for (let i = 0; i < 3; i++) void fetch('/save', { method: 'PUT', body: 'x'.repeat(100) });
      if (location.search === '?ill') setTimeout(() => { throw new Error('boom'); });</script>`;
    let saved = 0;
    const listening = createServer((request, response) => {
      if (request.method === 'PUT') saved += 1;
      response.setHeader('content-type', 'text/html');
      response.end(request.method === 'PUT' ? '' : app);
    });
    server = listening;
    await new Promise<void>((resolve) => void listening.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}/`;
    const args = ['--tabs', '2', '--reloads', '3', '--ready', 'main'];
    const { report } = await run('--url', url, ...args);
    expect(report).toMatchObject({ reloads: 6, lost: null });
    expect(report.saves).toBe(saved);
    expect(report.saves).toBe((2 + 6) * 3);
    expect(missed(report)).toEqual([]);
    const ill = await run('--url', `${url}?ill`, ...args);
    expect(ill.isWithin).toBe(false);
    expect(ill.report.failures.join()).toContain('boom');
  });
});
