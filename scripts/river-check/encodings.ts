import type { Dice } from '../../src/river/testing/dice.ts';
import { damaged, reworded } from '../../src/river/testing/mutate.ts';
import { both, type Answer, type Contract } from './contracts.ts';
import type { Met } from './history.ts';
import type { Tally } from './tally.ts';

const ROUNDS = 6;

/** The same values in other words, and damaged: both must read the same from them, or refuse the same. */
export async function checkEncodings(
  dice: Dice,
  river: Contract,
  weir: Contract,
  { params, state, delta, summary }: Met,
  tally: Tally,
): Promise<void> {
  const compare = tally.compare.bind(tally);
  const ask = (what: string, question: (contract: Contract) => Promise<Answer>) =>
    both(what, river, weir, question, compare);
  for (let round = 0; round < ROUNDS; round++) {
    const isDamaged = dice.chance(0.4);
    const how = isDamaged ? 'damaged' : 'reworded';
    const oddness = dice.pick([0.002, 0.01, 0.1]);
    const change = (bytes: Uint8Array): Uint8Array => {
      const other = isDamaged ? bytes : reworded(dice, bytes, oddness);
      return isDamaged ? damaged(dice, other) : other;
    };
    switch (dice.below(5)) {
      case 0: {
        const odd = change(state);
        await ask(`re-encode a ${how} state`, (contract) => contract.update(params, odd, []));
        break;
      }
      case 1: {
        const odd = change(delta);
        const update = [{ kind: 'delta', data: odd }] as const;
        await ask(`update with a ${how} delta`, (contract) =>
          contract.update(params, state, update),
        );
        break;
      }
      case 2: {
        const odd = change(summary);
        await ask(`delta for a ${how} summary`, (contract) => contract.delta(params, state, odd));
        break;
      }
      case 3: {
        const odd = change(params);
        await ask(`summarize with ${how} parameters`, (contract) => contract.summarize(odd, state));
        break;
      }
      default: {
        const odd = change(state);
        await ask(`validate a ${how} state`, (contract) => contract.validate(params, odd));
      }
    }
  }
}
