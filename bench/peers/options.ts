import { parseArgs } from 'node:util';

export interface PeersOptions {
  readonly rounds: number;
  /** Only these, beside Weir; empty: everybody. */
  readonly peers: readonly string[];
  /** Workloads by name; empty: all. */
  readonly workloads: readonly string[];
  readonly json?: string;
  readonly isTiny: boolean;
}

const ROUNDS = 5;
const WORKLOADS = ['burst', 'cold', 'storm'] as const;

export const USAGE =
  'npm run -s bench -- --only peers [--rounds N] [--peer NAME]… [--workload burst|cold|storm]… [--tiny] [--json FILE]';

/** Peers run in a browser and have options of their own. */
export const isPeers = (args: readonly string[]): boolean =>
  args.some((each, i) => each === '--only=peers' || (each === '--only' && args[i + 1] === 'peers'));

/** @param names of those who can be measured. @throws Error that names the option and what is wrong with it */
export function peersOptions(args: string[], names: readonly string[]): PeersOptions {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      rounds: { type: 'string' },
      peer: { type: 'string', multiple: true },
      workload: { type: 'string', multiple: true },
      json: { type: 'string' },
      tiny: { type: 'boolean' },
    },
  });
  const rounds = Number(values.rounds ?? ROUNDS);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds: ${JSON.stringify(values.rounds)} is no integer from 1 up`);
  }
  const { peer: peers = [], workload: workloads = [], json } = values;
  for (const [option, given, known] of [
    ['--peer', peers, names],
    ['--workload', workloads, WORKLOADS],
  ] as const) {
    const stranger = given.find((each) => !known.some((name) => name === each));
    if (stranger !== undefined) {
      throw new Error(
        `${option}: there is no ${JSON.stringify(stranger)}, only ${known.join(', ')}`,
      );
    }
  }
  return {
    rounds,
    peers,
    workloads,
    isTiny: values.tiny ?? false,
    ...(json !== undefined && { json }),
  };
}
