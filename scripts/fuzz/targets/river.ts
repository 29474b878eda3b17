import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadContract } from '../../../host/wasm/contract-host.ts';
import { chooseVerifier, type SignatureVerifier } from '../../../src/river/signatures/verifier.ts';
import {
  RiverContract,
  WeirContract,
  type Answer,
  type Contract,
} from '../../river-check/contracts.ts';
import { fromHex } from '../../../src/shared/bytes.ts';
import { roomStateVectors } from '../corpus.ts';
import { finding, loadedFrom, type Form, type Input, type Target } from '../target.ts';

const CONTRACT = 'ui/public/contracts/room_contract.wasm';

function loadRiver(directory: string | undefined): Contract {
  if (directory === undefined) throw new Error('the target river needs --river DIR');
  const contract = loadContract(new Uint8Array(readFileSync(join(directory, CONTRACT))));
  if (!contract.ok) throw new Error(`River's contract: ${JSON.stringify(contract.error)}`);
  return new RiverContract(contract.value);
}

/** More of differing answers says no more. */
const SHOWN = 200;

const cause = ({ outcome, reason }: Answer): string =>
  `${outcome} ${reason.slice(0, SHOWN)}`.trim();

/** One call of the contract, asked of both. */
type Question = (contract: Contract, parts: readonly Uint8Array[]) => Promise<Answer>;

class Both {
  readonly #river: Contract;
  #verifier: SignatureVerifier | undefined;

  constructor(river: Contract) {
    this.#river = river;
  }

  form(name: string, ask: Question): Form {
    return {
      name,
      check: async (input) => {
        this.#verifier ??= await chooseVerifier(globalThis.crypto.subtle);
        const theirs = await ask(this.#river, input);
        const ours = await ask(new WeirContract(this.#verifier), input);
        if (theirs.text === ours.text) return theirs.outcome === 'ok' ? 'accepted' : 'refused';
        const texts = [theirs, ours].map(({ text }) => text.slice(0, SHOWN)).join('\n');
        return finding(`River: ${cause(theirs)}, Weir: ${cause(ours)}\n${texts}`);
      },
    };
  }
}

const EMPTY = new Uint8Array();

/** River's compiled contract and Weir's rules, asked the same: the same bytes, or refused with the same kind of error. */
export const river: Target = {
  name: 'river',
  format: 'cbor',
  load: (directory) => {
    const both = new Both(loadRiver(directory));
    const { cases } = roomStateVectors();
    const updates = (kind: 'state' | 'delta') => ({
      form: both.form(
        `update with a ${kind}`,
        (contract, [params = EMPTY, state = EMPTY, data = EMPTY]) =>
          contract.update(params, state, [{ kind, data }]),
      ),
      seeds: cases.flatMap(({ params, state, updates: list = [] }): Input[] =>
        list
          .filter((each) => each.kind === kind)
          .map(({ data = '' }) => [params, state, data].map(fromHex)),
      ),
    });
    const states: Input[] = cases.map(({ params, state }) => [params, state].map(fromHex));
    return loadedFrom([
      updates('delta'),
      updates('state'),
      {
        form: both.form('validate', (contract, [params = EMPTY, state = EMPTY]) =>
          contract.validate(params, state),
        ),
        seeds: states,
      },
      {
        form: both.form('summarize', (contract, [params = EMPTY, state = EMPTY]) =>
          contract.summarize(params, state),
        ),
        seeds: states,
      },
      {
        form: both.form('delta', (contract, [params = EMPTY, state = EMPTY, summary = EMPTY]) =>
          contract.delta(params, state, summary),
        ),
        seeds: cases.flatMap(({ params, state, summary }): Input[] =>
          summary === undefined ? [] : [[params, state, summary].map(fromHex)],
        ),
      },
    ]);
  },
};
