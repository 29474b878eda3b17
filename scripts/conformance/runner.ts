import type { JsonValue } from './json.ts';

/** One file of recorded vectors, parsed. */
export interface VectorFile {
  /** As it was given on the command line; for messages only, a form is never recognised by it. */
  readonly path: string;
  readonly root: JsonValue;
}

/** Takes the outcome of each case. `name` is the case's own name, as a person would search for it in the file. */
export interface Report {
  pass(name: string): void;
  /** @param why one line: what was expected, what came */
  fail(name: string, why: string): void;
  /** A case that Weir has nothing to run with yet: listed, neither passed nor failed. */
  notCovered(name: string): void;
}

/** Runs the files of one form. One module per form. */
export interface Runner {
  /** What the form is called in messages. */
  readonly form: string;
  /** By content (title, format, keys), for any file: must not throw. */
  matches(file: VectorFile): boolean;
  /** @throws BadFile when the file is not what its form says: the whole file is then refused */
  run(file: VectorFile, report: Report): Promise<void>;
}

export interface RunOptions {
  /** A delegate module to run instead of the built one. */
  readonly delegate?: string;
  /** A room contract's module to decide, where the cases are played on a node. */
  readonly contract?: string;
  /** Plays the cases on a running node, as its clients do. */
  readonly overWebsocket?: boolean;
}
