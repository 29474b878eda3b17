/** What a round of one workload gives for one subject. */

/** Numbers by what they are; null: the subject has no such thing, or was not done in time. */
export type Figures = Readonly<Record<string, number | null>>;

/** How large everything is. Documented numbers are of `FULL`. */
export interface Scale {
  readonly rooms: number;
  readonly perRoom: number;
  /** Of the burst, and of all tabs together before each reload of the storm. */
  readonly edits: number;
  readonly stormEdits: number;
  /** Numbers of rooms that are opened cold. */
  readonly cold: readonly number[];
  readonly tabs: number;
  /** Milliseconds from the edits to the reload, reload after reload. */
  readonly reloadsAfter: readonly number[];
}

export const FULL: Scale = {
  rooms: 10,
  perRoom: 400,
  edits: 500,
  stormEdits: 200,
  cold: [10, 50],
  tabs: 4,
  reloadsAfter: [0, 50, 150, 400, 1_000],
};

/** To see that all of it runs. */
export const TINY: Scale = {
  rooms: 2,
  perRoom: 5,
  edits: 10,
  stormEdits: 8,
  cold: [2],
  tabs: 2,
  reloadsAfter: [0, 50],
};
