/** One place that is changed: `from` must be in the file exactly once. */
export interface Patch {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Who must notice: the fault simulation in every one of its rounds, or the named test every time. */
export type Killer =
  | { readonly type: 'simulation' }
  | { readonly type: 'test'; readonly file: string; readonly name: string };

/** A named bug, put back. */
export interface Mutant {
  readonly name: string;
  readonly patches: readonly Patch[];
  readonly killer: Killer;
}
