// Kills a real `weir serve` (SIGKILL) at random instants while clients write, starts it again on the same data, and looks whether
// everything it had acknowledged is there.
//   npm run -s node:kill -- [--kills N] [--seed S]
import { pathToFileURL } from 'node:url';
import { Dice } from '../src/river/testing/dice.ts';
import { DelegateWriter, RoomWriter, type Writer } from './node-kill-writers.ts';
import { command, readCounts } from './node-options.ts';
import { connectTo, Workplace } from './node-process.ts';

/** One start in so many is killed before it serves. */
const EARLY = 8;
/** From the first write that it acknowledges. */
const LONGEST_LIFE_MS = 1500;
const LONGEST_START_MS = 1500;

export interface KillReport {
  readonly kills: number;
  readonly acknowledged: number;
  /** What was not there, or not as it was acknowledged; in words. */
  readonly lost: readonly string[];
  /** Starts after which the node served and everything was read back. */
  readonly opened: number;
}

/**
 * @param say told of every tenth kill
 * @throws when the node refuses a request that it must take, or does not start
 */
export async function killAgainAndAgain(
  { kills, seed }: { readonly kills: number; readonly seed: number },
  say: (line: string) => void,
): Promise<KillReport> {
  const dice = new Dice(seed);
  const writers: readonly Writer[] = [
    new DelegateWriter('a', new Dice(dice.below(2 ** 32))),
    new DelegateWriter('b', new Dice(dice.below(2 ** 32))),
    new RoomWriter('the first room', new Dice(dice.below(2 ** 32))),
    new RoomWriter('the second room', new Dice(dice.below(2 ** 32))),
  ];
  const acknowledged = (): number => writers.reduce((sum, each) => sum + each.acknowledged, 0);
  const lost: string[] = [];
  let opened = 0;
  const workplace = await Workplace.make();
  try {
    for (let kill = 0; kill <= kills; kill++) {
      const node = workplace.start();
      try {
        if (kill < kills && dice.below(EARLY) === 0) {
          await pause(dice.below(LONGEST_START_MS));
          continue; // killed below, wherever it is
        }
        const url = await node.url;
        const connections = await Promise.all(writers.map(() => connectTo(url)));
        for (const [i, writer] of writers.entries()) {
          const connection = connections[i];
          if (!connection) continue;
          lost.push(
            ...(await writer.check(connection)).map((what) => `after kill ${kill}: ${what}`),
          );
        }
        opened += 1;
        if (kill === kills) break;
        const writing = writers.map((writer, i) => {
          const connection = connections[i];
          return connection && writer.write(connection);
        });
        const before = acknowledged();
        const dying = (async () => {
          while (node.isRunning && acknowledged() === before) await pause(5);
          await pause(dice.below(LONGEST_LIFE_MS));
          await node.kill('SIGKILL');
        })();
        await Promise.all([...writing, dying]);
      } finally {
        await node.kill('SIGKILL');
      }
      if ((kill + 1) % 10 === 0) say(`${kill + 1} kills, ${acknowledged()} acknowledged writes`);
    }
  } finally {
    await workplace.dispose();
  }
  return { kills, acknowledged: acknowledged(), lost, opened };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await command(async () => {
    const counts = readCounts(process.argv.slice(2), { kills: 200, seed: 1 });
    const report = await killAgainAndAgain(counts, (line) => console.log(line));
    for (const line of report.lost) console.error(line);
    const { kills, acknowledged, lost, opened } = report;
    console.log(`${kills} kills, ${acknowledged} acknowledged writes, lost ${lost.length}`);
    console.log(`${opened} passed, ${lost.length} failed`);
    return lost.length === 0 && acknowledged > 0;
  });
}
