import type { Features } from '../../tests/sim/schedule.ts';

/** One place that is changed: `from` must be in the file exactly once. */
export interface Patch {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** What takes part in some of the simulation's schedules only. */
export type Feature = keyof Features;

/** Who must notice: the fault simulation in every one of its rounds, or the named test every time. */
export type Killer =
  | { readonly type: 'simulation'; readonly needs?: Feature }
  | { readonly type: 'test'; readonly file: string; readonly name: string };

/** A named bug, put back. */
export interface Mutant {
  readonly name: string;
  readonly patches: readonly Patch[];
  readonly killer: Killer;
}
