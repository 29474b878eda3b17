import { parseArgs } from 'node:util';
import { GROWN, type Growth } from './growth.ts';

/** What is killed, and how often, somewhere in the storm. */
export type Victim = 'tab' | 'worker' | 'browser' | 'node';
export const VICTIMS: readonly Victim[] = ['tab', 'worker', 'browser', 'node'];

export interface StormOptions {
  /** Of another web app; absent: Weir's own, on a host of its own. */
  readonly url?: string;
  /** Rooms of the app's own that are there before. */
  readonly rooms: number;
  /** KiB of each, as the delegate keeps it. */
  readonly roomKib: number;
  readonly tabs: number;
  /** Waves: in each, every tab is reloaded once. */
  readonly reloads: number;
  readonly edits: number;
  /** Waves that begin with a share of the edits, from all tabs at once. */
  readonly bursts: number;
  readonly kills: readonly Victim[];
  /** Times that the processor is slower for pages. */
  readonly cpu: number;
  readonly slowNetwork: boolean;
  readonly seed: number;
  /** Name or path of the decoder. */
  readonly saves: string;
  /** CSS selector of what says that another app is ready. */
  readonly ready?: string;
  /** How many of `ready` there have to be. */
  readonly readyCount: number;
  readonly json?: string;
  readonly report?: string;
  readonly visible: boolean;
  /** A built app to storm instead of `dist`. */
  readonly app?: string;
  /** The same storm again at other sizes. */
  readonly grow?: Growth;
  /** Puts Weir's coalescer out of action, to see that the lab sees it. */
  readonly withoutCoalescing: boolean;
}

/** @throws Error in words for whoever typed it */
export function readOptions(args: readonly string[]): StormOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: {
      url: { type: 'string' },
      rooms: { type: 'string', default: '20' },
      'room-kib': { type: 'string', default: '373' },
      tabs: { type: 'string', default: '4' },
      reloads: { type: 'string', default: '10' },
      edits: { type: 'string', default: '0' },
      bursts: { type: 'string', default: '4' },
      kill: { type: 'string', multiple: true, default: [] },
      cpu: { type: 'string', default: '1' },
      'slow-network': { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      saves: { type: 'string' },
      ready: { type: 'string' },
      'ready-count': { type: 'string', default: '1' },
      json: { type: 'string' },
      report: { type: 'string' },
      visible: { type: 'boolean', default: false },
      app: { type: 'string' },
      grow: { type: 'string' },
      'without-coalescing': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const count = (name: string, text: string, least = 0): number => {
    if (!/^\d{1,9}$/.test(text) || Number(text) < least) {
      throw new Error(`--${name} ${text}: a whole number from ${least} is wanted`);
    }
    return Number(text);
  };
  const { url } = values;
  if (url !== undefined && !/^https?:\/\//.test(url)) {
    throw new Error(`--url ${url}: an address that begins with http:// or https:// is wanted`);
  }
  const kills = values.kill.flatMap((each) => killsOf(each, url !== undefined));
  const edits = count('edits', values.edits);
  if (url !== undefined && edits > 0) {
    throw new Error('--edits: only Weir’s own app can be edited; --url storms reloads alone');
  }
  const grow = values.grow === undefined ? undefined : growthNamed(values.grow, count);
  if (url !== undefined && grow && grow.what !== 'tabs') {
    throw new Error(`--grow ${grow.what}: of another app only tabs can become more`);
  }
  return {
    rooms: count('rooms', values.rooms, 1),
    roomKib: count('room-kib', values['room-kib'], 1),
    tabs: count('tabs', values.tabs, 1),
    reloads: count('reloads', values.reloads),
    edits,
    bursts: count('bursts', values.bursts, 1),
    kills,
    cpu: count('cpu', values.cpu, 1),
    slowNetwork: values['slow-network'],
    seed: count('seed', values.seed),
    saves: values.saves ?? (url === undefined ? 'freenet' : 'http'),
    readyCount: count('ready-count', values['ready-count'], 1),
    visible: values.visible,
    withoutCoalescing: values['without-coalescing'],
    ...(url !== undefined && { url }),
    ...(values.ready !== undefined && { ready: values.ready }),
    ...(values.json !== undefined && { json: values.json }),
    ...(values.report !== undefined && { report: values.report }),
    ...(values.app !== undefined && { app: values.app }),
    ...(grow && { grow }),
  };
}

/** `rooms=1,10,100` */
function growthNamed(
  text: string,
  count: (name: string, text: string, least: number) => number,
): Growth {
  const [name, sizes = ''] = text.split('=', 2);
  const what = GROWN.find((each) => each === name);
  if (!what) throw new Error(`--grow ${text}: one of ${GROWN.join(', ')} is wanted, with =A,B,…`);
  return { what, sizes: sizes.split(',').map((size) => count('grow', size, 1)) };
}

/** `tab` once, or `tab=3`. */
function killsOf(text: string, isForeign: boolean): readonly Victim[] {
  const [name = '', times = '1'] = text.split('=');
  const victim = VICTIMS.find((each) => each === name);
  if (!victim || !/^\d{1,4}$/.test(times)) {
    throw new Error(`--kill ${text}: one of ${VICTIMS.join(', ')} is wanted, with =N for N times`);
  }
  if (isForeign && victim === 'node') {
    throw new Error('--kill node: only the host of Weir’s own app can be killed');
  }
  return Array.from({ length: Number(times) }, () => victim);
}

export const HELP = `weir storm: finds out whether a web app survives being reloaded.

Opens tabs, reloads all of them in waves, edits and kills meanwhile if told to, and says what it cost: saves, bytes, memory, time
until the app could be used, and whether anything was lost. Without --url it storms Weir itself, on a host and data of its own.
Exit code 0: within the budgets; 1: not; 2: it could not run.

  --url URL           another web app, as it is; nothing in it is changed
  --ready SELECTOR    what says that it is ready, looked for in shadow trees too (default: loaded and quiet)
  --ready-count N     so many of them (default 1)
  --saves NAME        what counts as a save: freenet, http, sockets, or FILE.js with a decoder of yours
  --rooms N           rooms of Weir's that are there before (default 20)
  --room-kib N        size of each (default 373)
  --tabs N            (default 4)
  --reloads N         waves (default 10)
  --edits N           messages written in the storm, from all tabs (default 0)
  --bursts N          in so many bursts (default 4)
  --kill WHAT[=N]     tab, worker, browser or node, N times somewhere in the storm; can be given again
  --cpu N             pages run N times slower
  --slow-network      as on a phone: 200 ms, 1.6 Mbit/s
  --seed N            the same storm again (default 1)
  --grow WHAT=A,B,…   the storm again at each size of rooms, room-kib or tabs: is any cost worse than linear?
  --json FILE         all figures
  --report FILE       a page with plots that opens from disk
  --visible           with windows
  --app DIR           a built Weir to storm (default: dist)
  --without-coalescing  Weir with its coalescer out of action: shows that the lab sees the disease

  weir storm --rooms 50 --tabs 8 --reloads 25 --edits 1000 --report storm.html
  weir storm --edits 100 --reloads 3 --grow rooms=1,10,100 --report growth.html
  weir storm --url http://localhost:3000 --ready main --tabs 4`;
