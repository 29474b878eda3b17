import type { Suite } from './operation.ts';
import type { RiverContract } from './room/river.ts';
import { roomSuite } from './room/suite.ts';

type MakeSuite = (river: RiverContract | undefined) => Promise<Suite>;

const SUITES: readonly (readonly [name: string, make: MakeSuite])[] = [['room', roomSuite]];

/** The suite with that name, or all. @throws Error when there is no such suite */
export async function suites(
  only: string | undefined,
  river: RiverContract | undefined,
): Promise<readonly Suite[]> {
  const chosen = SUITES.filter(([name]) => only === undefined || name === only);
  if (chosen.length === 0) {
    const names = SUITES.map(([name]) => name).join(', ');
    const all = `${names}, and peers, which run in a browser`;
    throw new Error(`--only: there is no suite ${JSON.stringify(only)}, only ${all}`);
  }
  return Promise.all(chosen.map(([, make]) => make(river)));
}
