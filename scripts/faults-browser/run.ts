import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dice } from '../../src/river/testing/dice.ts';
import { FAULTS, type Fault } from './faults.ts';
import type { Findings } from './judge.ts';
import { playScenes } from './scenes.ts';
import { Stage } from './stage.ts';
import { Writing } from './tabs.ts';

/** Receipts are compared with the node every so many rounds. */
const JUDGED_EVERY = 10;

export interface BrowserFaultOptions {
  readonly kills: number;
  readonly seed: number;
  /** Folders of built apps: versions of one another. */
  readonly apps: readonly string[];
  /** Where profile and data stay; without it they are removed. */
  readonly keep?: string;
}

export interface BrowserFaultReport {
  readonly rounds: number;
  readonly kills: number;
  readonly edits: number;
  readonly accepted: number;
  readonly refused: number;
  /** Accepted edits that went with storage that the browser deleted, of which the app has told. */
  readonly gone: number;
  readonly counts: ReadonlyMap<string, number>;
  readonly findings: Findings;
}

/** Plays rounds until so many processes have been killed; then lets all come to rest and judges every edit. */
export async function playBrowserFaults(
  { kills, seed, apps, keep }: BrowserFaultOptions,
  say: (line: string) => void,
): Promise<BrowserFaultReport> {
  const dir = keep ?? (await mkdtemp(join(tmpdir(), 'weir-faults-')));
  const dice = new Dice(seed);
  const stage = new Stage(dice, dir, apps);
  let rounds = 0;
  const told = new Map<string, number>();
  try {
    await stage.startHost();
    await stage.openTabs(1);
    await firstRooms(stage);
    let deck: Fault[] = [];
    for (; stage.kills < kills; rounds++) {
      if (deck.length === 0) deck = shuffledDeck(dice, stage.hasVersions);
      const fault = deck.pop();
      if (!fault) throw new Error('the deck is empty');
      await playRound(stage, fault);
      if (rounds % JUDGED_EVERY === JUDGED_EVERY - 1) {
        await stage.openTabs(1);
        await stage.judgeReceipts();
      }
      if (rounds === 1) await playScenes(stage);
      for (const [kind, found] of Object.entries(stage.findings)) {
        for (const what of (found as readonly string[]).slice(told.get(kind) ?? 0)) {
          say(`${kind}: ${what}`);
        }
        told.set(kind, found.length);
      }
      say(
        `round ${rounds + 1}: ${fault.name}, ${stage.kills} kills, ${stage.ledger.edits.length} edits${sum(stage.findings)}`,
      );
    }
    await stage.judgeAll();
  } finally {
    await stage.dispose();
    if (keep === undefined)
      await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
  const { ledger, counts, findings } = stage;
  return {
    rounds,
    kills: stage.kills,
    edits: ledger.edits.length,
    accepted: ledger.count('accepted'),
    refused: ledger.count('refused'),
    gone: ledger.edits.filter(({ gone }) => gone).length,
    counts,
    findings,
  };
}

/** Edits need rooms to go into. */
async function firstRooms(stage: Stage): Promise<void> {
  const writing = new Writing(stage.ledger, stage.tabs.pages, () => 0);
  while (stage.ledger.rooms.length < 3) {
    if (!(await writing.nextAccepted(20_000))) throw new Error('no first room could be made');
  }
  await writing.stop();
}

async function playRound(stage: Stage, fault: Fault): Promise<void> {
  const { dice, findings } = stage;
  try {
    const isAway = !stage.host.isUp && dice.chance(0.3) && stage.kills > 0;
    if (!isAway) {
      await stage.startHost();
      if (dice.chance(0.5)) await stage.misbehaveSomehow();
      else await stage.behave();
    }
    await stage.openTabs(dice.between(1, 3));
    const writing = stage.write();
    await fault(stage, writing);
    await writing.stop();
  } catch (error) {
    findings.stuck.push(`${fault.name}: ${(error as Error).message}`);
    await stage.killBrowser();
  }
}

function shuffledDeck(dice: Dice, hasVersions: boolean): Fault[] {
  const deck = FAULTS.flatMap(([fault, times, needsVersions]) =>
    needsVersions && !hasVersions ? [] : Array.from({ length: times }, () => fault),
  );
  return dice.shuffled(deck);
}

const sum = ({ lost, falseSeal, doubleApply, stuck }: Findings): string => {
  const found = lost.length + falseSeal.length + doubleApply.length + stuck.length;
  return found === 0 ? '' : `, ${found} found`;
};
