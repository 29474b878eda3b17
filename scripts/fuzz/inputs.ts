import { Dice } from '../../src/river/testing/dice.ts';
import { reworded } from '../../src/river/testing/mutate.ts';
import { mutateBincode } from './mutate/bincode.ts';
import { BYTE_MUTATIONS, type Donor, type Mutation } from './mutate/bytes.ts';
import { mutateCbor } from './mutate/cbor.ts';
import { itemsOf } from './mutate/cbor-items.ts';
import { mutateText } from './mutate/text.ts';
import type { Format, Input, Seed } from './target.ts';

/** One run's input, and the form it goes to. */
export interface Made {
  readonly form: number;
  readonly input: Input;
}

/** Longer inputs are cut: length itself is no discovery. */
const MAX_BYTES = 1 << 20;
/** Seeds up to this long are also written in other words as a whole. */
const REWORD_UP_TO = 16_384;
/** Seeds shorter than this are equally likely; longer ones are rarer by their length, since they take that much longer. */
const LIGHT_BYTES = 4096;

const structured: Record<Format, Mutation> = {
  cbor: mutateCbor,
  bincode: mutateBincode,
  text: mutateText,
  bytes: (dice, bytes, donor) => dice.pick(BYTE_MUTATIONS)(dice, bytes, donor),
};

/** Whether River could have written it, as `reworded` needs it: one item of definite length, without tags. */
function isPlain(bytes: Uint8Array): boolean {
  const items = itemsOf(bytes);
  if (items[0]?.end !== bytes.length) return false;
  return items.every(({ major, argument, start, content }) => {
    if (major === 7) return content === start + 1;
    return argument >= 0 && major !== 6;
  });
}

/** Mixes numbers into one of 32 bits (FNV-1a over their bytes, then a finalizer). */
function mixed(...numbers: readonly number[]): number {
  let hash = 0x811c9dc5;
  for (const number of numbers) {
    for (let shift = 0; shift < 32; shift += 8) {
      hash = Math.imul(hash ^ ((number >>> shift) & 0xff), 0x01000193);
    }
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const numberOf = (text: string): number => mixed(...Array.from(text, (c) => c.codePointAt(0) ?? 0));

/** Makes a target's inputs: the same for the same seed and run, whatever ran before. */
export class Inputs {
  readonly #format: Format;
  readonly #seeds: readonly Seed[];
  readonly #forms: number;
  /** Sums of the seeds' weights up to and including each. */
  readonly #weights: readonly number[];
  readonly #start: readonly number[];

  constructor(
    target: { readonly name: string; readonly format: Format },
    loaded: { readonly forms: readonly unknown[]; readonly seeds: readonly Seed[] },
    seed: number,
  ) {
    this.#format = target.format;
    this.#seeds = loaded.seeds;
    this.#forms = loaded.forms.length;
    this.#start = [seed, numberOf(target.name)];
    let sum = 0;
    this.#weights = loaded.seeds.map(({ parts }) => {
      const length = parts.reduce((all, part) => all + part.length, 0);
      return (sum += LIGHT_BYTES / Math.max(LIGHT_BYTES, length));
    });
  }

  /** @param run from 0 */
  at(run: number): Made {
    const dice = new Dice(mixed(...this.#start, run));
    const seed = this.#seed(dice);
    // now and then to another decoder than the one it is meant for
    const form = dice.chance(0.05) ? dice.below(this.#forms) : seed.form;
    const parts = seed.parts.map((part) => this.#begin(dice, part));
    const rounds = dice.chance(0.5) ? 1 : 1 + dice.below(dice.chance(0.8) ? 3 : 8);
    for (let i = 0; i < rounds; i++) {
      // the last part is what was sent, those before it are what it is applied to
      const at = dice.chance(0.6) ? parts.length - 1 : dice.below(parts.length);
      parts[at] = this.#mutated(dice, parts[at] ?? new Uint8Array()).subarray(0, MAX_BYTES);
    }
    return { form, input: parts };
  }

  #begin(dice: Dice, part: Uint8Array): Uint8Array {
    if (dice.chance(0.02)) return dice.bytes(dice.below(1 << dice.below(9)));
    const isReworded = this.#format === 'cbor' && dice.chance(0.05);
    if (!isReworded || part.length > REWORD_UP_TO || !isPlain(part)) return part;
    return reworded(dice, part, dice.pick([0.01, 0.1]));
  }

  #mutated(dice: Dice, bytes: Uint8Array): Uint8Array {
    const donor: Donor = () => dice.pick(this.#seed(dice).parts);
    const mutation = dice.chance(0.7) ? structured[this.#format] : dice.pick(BYTE_MUTATIONS);
    return mutation(dice, bytes, donor);
  }

  #seed(dice: Dice): Seed {
    const point = dice.unit() * (this.#weights.at(-1) ?? 0);
    let low = 0;
    let high = this.#weights.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#weights[middle] as number) > point) high = middle;
      else low = middle + 1;
    }
    return this.#seeds[low] as Seed;
  }
}
