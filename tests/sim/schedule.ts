import type { NudgeReason } from '../../src/bridge/messages.ts';
import type { NotificationMode } from '../../src/river/rooms-meta.ts';
import { Dice } from '../../src/river/testing/dice.ts';
import type { Path } from '../../src/persist/schema.ts';
import { plansOf, type EarlierMood, type EarlierPlan } from './earlier.ts';
import type { NodeFault, Place } from './sim-node.ts';

/** What takes part beside the path `rooms`. */
export interface Features {
  /** The rooms' contracts, and another member who writes there. */
  readonly contracts: boolean;
  /** Direct messages, and another client that writes over them. */
  readonly dms: boolean;
  /** Earlier delegates, by their place in the registry. */
  readonly earlier?: readonly EarlierPlan[];
}

/** Something that somebody does, or that goes wrong, so many steps after the one before. */
export type Action = { readonly gap: number } & (
  | {
      readonly type: 'say';
      readonly profile: number;
      readonly page: number;
      readonly room: number;
      readonly count: number;
    }
  | {
      readonly type: 'rename';
      readonly profile: number;
      readonly page: number;
      readonly room: number;
      readonly name: string;
    }
  | {
      readonly type: 'leave' | 'come-back';
      readonly profile: number;
      readonly page: number;
      readonly room: number;
    }
  | {
      readonly type: 'nudge';
      readonly profile: number;
      readonly worker: number;
      readonly reason: NudgeReason;
    }
  | { readonly type: 'kill-page'; readonly profile: number; readonly page: number }
  | { readonly type: 'kill-worker'; readonly profile: number; readonly worker: number }
  | { readonly type: 'lose-power' | 'lose-nudges'; readonly profile: number }
  | { readonly type: 'disk-full'; readonly profile: number; readonly writes: number }
  | { readonly type: 'evict'; readonly profile: number }
  | { readonly type: 'lock-lost'; readonly profile: number; readonly path: Path }
  | { readonly type: 'other-says'; readonly room: number }
  | {
      readonly type: 'write' | 'archive' | 'show';
      readonly profile: number;
      readonly page: number;
      readonly room: number;
    }
  | {
      readonly type: 'mode';
      readonly profile: number;
      readonly page: number;
      readonly room: number;
      readonly mode: NotificationMode;
    }
  | {
      readonly type: 'order';
      readonly profile: number;
      readonly page: number;
      readonly isReversed: boolean;
    }
  | { readonly type: 'purge'; readonly room: number; readonly dm: number }
  | { readonly type: 'river-writes'; readonly what: 'nothing' | 'stale' | 'more' }
  | { readonly type: 'earlier-mood'; readonly which: number; readonly mood: EarlierMood }
  | {
      readonly type: 'node-fault';
      readonly fault: NodeFault;
      readonly place: Place;
      readonly any: boolean;
    }
  | { readonly type: 'node-restart' | 'node-away' | 'node-back' | 'node-wiped' | 'node-moved' }
  | { readonly type: 'clock-jump'; readonly ms: number }
  | { readonly type: 'haste'; readonly share: number }
);

export interface Schedule {
  /** Of the order of the steps. */
  readonly seed: number;
  readonly features: Features;
  readonly actions: readonly Action[];
}

const MODES: readonly NotificationMode[] = ['All', 'MentionsAndReplies', 'Muted'];

const LOCKED: readonly Path[] = ['rooms', 'rooms', 'contracts', 'outbound-dms', 'migrate'];

const REASONS: readonly NudgeReason[] = ['edit', 'timer', 'start', 'retry', 'online', 'sync-event'];

/** What happens in one run; the same for the same seed. */
export function scheduleOf(seed: number): Schedule {
  const dice = new Dice(seed);
  const features = featuresOf(dice);
  const mood = moodOf(dice);
  const drawn = dice.list(dice.between(6, 26), () => ({
    gap: dice.pick([0, 1, 3, 8, 20, 50]),
    ...actionOf(dice, mood, features),
  })) as Action[];
  const actions = drawn.flatMap((action): Action[] =>
    // two in a row do what no one of them does
    action.type === 'node-fault' && dice.chance(0.25)
      ? [action, { ...action, gap: 0, fault: faultOf(dice) }]
      : [action],
  );
  return { seed, features, actions };
}

/** Every feature costs steps: most runs have one or two. */
function featuresOf(dice: Dice): Features {
  const contracts = dice.chance(0.4);
  const dms = dice.chance(0.3);
  return dice.chance(0.2) ? { contracts, dms, earlier: plansOf(dice) } : { contracts, dms };
}

/** Some runs are mostly kills, some mostly a bad node, some have a second device that leaves rooms. */
interface Mood {
  readonly kills: number;
  readonly faults: number;
  readonly others: number;
  readonly choices: number;
  readonly outages: number;
}

function moodOf(dice: Dice): Mood {
  return {
    kills: dice.pick([0, 1, 4]),
    faults: dice.pick([0, 2, 6]),
    others: dice.pick([0, 0.3, 0.5]),
    choices: dice.pick([0, 0, 0, 1, 3]),
    outages: dice.pick([0, 0, 1, 2]),
  };
}

function actionOf(dice: Dice, mood: Mood, features: Features): object {
  const profile = dice.chance(mood.others) ? 1 : 0;
  const page = profile === 0 ? dice.below(3) : 0;
  const worker = profile === 0 ? dice.below(2) : 0;
  const room = dice.below(2);
  const contracts = features.contracts ? 1 : 0;
  const dms = features.dms ? 1 : 0;
  const earlier = features.earlier ? 1 : 0;
  const places: readonly Place[] = [
    'delegate',
    ...(features.contracts ? (['contract', 'contract'] as const) : []),
    ...(features.earlier ? (['earlier'] as const) : []),
  ];
  const choices: readonly (readonly [number, () => object])[] = [
    [8, () => ({ type: 'say', profile, page, room, count: dice.pick([1, 1, 1, 2, 3, 6]) })],
    [1, () => ({ type: 'rename', profile, page, room, name: dice.pick(['one', 'two', 'three']) })],
    [0.7, () => ({ type: 'mode', profile, page, room, mode: dice.pick(MODES) })],
    [0.4, () => ({ type: 'order', profile, page, isReversed: dice.chance(0.5) })],
    [3, () => ({ type: 'nudge', profile, worker, reason: dice.pick(REASONS) })],
    [mood.kills, () => ({ type: 'kill-worker', profile, worker })],
    [mood.kills, () => ({ type: 'kill-page', profile, page })],
    [mood.kills / 4, () => ({ type: 'lose-power', profile })],
    [mood.faults / 4, () => ({ type: 'lose-nudges', profile })],
    [mood.faults / 4, () => ({ type: 'disk-full', profile, writes: dice.between(1, 3) })],
    [
      mood.faults,
      () => {
        const place = dice.pick(places);
        const any = place === 'earlier' || dice.chance(0.2);
        return { type: 'node-fault', fault: faultOf(dice), place, any };
      },
    ],
    [3 * contracts, () => ({ type: 'other-says', room })],
    [3 * dms, () => ({ type: 'write', profile, page, room })],
    [dms, () => ({ type: dice.pick(['archive', 'archive', 'show']), profile, page, room })],
    [dms / 2, () => ({ type: 'purge', room, dm: dice.below(4) })],
    [dms, () => ({ type: 'river-writes', what: dice.pick(['nothing', 'stale', 'more', 'more']) })],
    [
      2 * earlier,
      () => ({
        type: 'earlier-mood',
        which: dice.below(3),
        mood: dice.pick(['answers', 'silent']),
      }),
    ],
    [mood.kills / 8, () => ({ type: 'evict', profile })],
    [mood.kills / 3, () => ({ type: 'lock-lost', profile, path: dice.pick(LOCKED) })],
    [mood.choices, () => ({ type: dice.pick(['leave', 'come-back']), profile, page, room })],
    [mood.outages, () => ({ type: dice.pick(['node-restart', 'node-away', 'node-back']) })],
    [mood.outages / 3, () => ({ type: dice.pick(['node-wiped', 'node-moved']) })],
    [
      mood.outages / 2,
      () => ({ type: 'clock-jump', ms: dice.pick([-3_600_000, -1000, 5000, 3_600_000]) }),
    ],
    [mood.faults / 6, () => ({ type: 'haste', share: dice.pick([0, 0.02, 0.1]) })],
  ];
  let at = dice.unit() * choices.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, make] of choices) {
    at -= weight;
    if (at < 0) return make();
  }
  throw new Error('the weights do not add up');
}

function faultOf(dice: Dice): NodeFault {
  const ms = dice.pick([10, 500, 9_990, 11_000, 30_000]);
  const write = dice.pick(['value', 'index'] as const);
  return dice.pick<NodeFault>([
    { type: 'drop-answer' },
    { type: 'late-answer', ms },
    { type: 'late-run', ms },
    { type: 'answer-twice', ms: dice.pick([0, 0, 10, 490, 3_000]) },
    { type: 'empty', run: dice.chance(0.5) },
    { type: 'full', write },
    { type: 'crash', write },
  ]);
}
