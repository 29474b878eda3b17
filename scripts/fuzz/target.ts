/** What one run feeds to a decoder: usually one part, several where a call takes several byte strings. */
export type Input = readonly Uint8Array[];

/** What the bytes look like inside, for the mutator; `text` is UTF-8, `bytes` nothing it knows. */
export type Format = 'cbor' | 'bincode' | 'text' | 'bytes';

/** A well-formed input to start from, and which of the target's decoders it is meant for. */
export interface Seed {
  readonly form: number;
  readonly parts: Input;
}

export type Verdict = 'accepted' | 'refused';

/** One decoder of a target. */
export interface Form {
  /** As findings name it: `room_state`. */
  readonly name: string;
  /**
   * Runs the decoder and everything that must hold afterwards.
   *
   * @throws Finding when something that must hold does not; anything else thrown is a finding as well
   */
  readonly check: (input: Input) => Verdict | Promise<Verdict>;
}

/** Decoders that are fuzzed together, from seeds of the same format. */
export interface Target {
  /** As the command line names it. */
  readonly name: string;
  readonly format: Format;
  /**
   * Made when the target is run: the recorded data is large.
   *
   * @param river a checkout of River, if one was given
   */
  readonly load: (river?: string) => Loaded;
}

export interface Loaded {
  readonly forms: readonly Form[];
  readonly seeds: readonly Seed[];
}

/** A target's forms and seeds from a list of decoders with the inputs meant for them. */
export function loadedFrom(
  list: readonly { readonly form: Form; readonly seeds: readonly Input[] }[],
): Loaded {
  return {
    forms: list.map(({ form }) => form),
    seeds: list.flatMap(({ seeds }, form) => seeds.map((parts) => ({ form, parts }))),
  };
}

/** Something that must hold does not. */
export class Finding extends Error {
  override readonly name = 'Finding';
}

export function finding(reason: string): never {
  throw new Finding(reason);
}
