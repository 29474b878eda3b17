import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { playBrowserFaults } from '../../scripts/faults-browser/run.ts';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

it('no edit that was accepted is lost, doubled or falsely said to be stored, whatever is killed', async () => {
  const said: string[] = [];
  const report = await playBrowserFaults({ kills: 8, seed: 11, apps: [DIST] }, (line) =>
    said.push(line),
  );
  expect(report.findings, said.join('\n')).toEqual({
    lost: [],
    falseSeal: [],
    doubleApply: [],
    stuck: [],
  });
  expect(report.kills).toBeGreaterThanOrEqual(8);
  expect(report.accepted).toBeGreaterThan(10);
}, 600_000);
