/** Something to measure. */
export interface Operation {
  /** What runs, as the report calls it. */
  readonly call: string;
  /** Makes one call ready, untimed: what is returned is timed, its promise too. */
  readonly prepare: () => () => unknown;
  /** Preparing takes so long that a sample is one call. */
  readonly single?: true;
}

/** One operation, as River does it and as Weir does. */
export interface Row {
  /** Rows of one group do the same in different ways. */
  readonly group: string;
  readonly what: string;
  /** Missing where River's contract has no such call. */
  readonly river?: Operation;
  readonly weir: Operation;
  /** Makes sure that both do the same. @throws Error when they don't */
  readonly check?: () => Promise<void>;
}

/** Rows over the same data. */
export interface Suite {
  readonly name: string;
  /** What the data is, for the report. */
  readonly about: string;
  readonly rows: readonly Row[];
}
