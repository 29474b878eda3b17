import { beforeAll, describe, expect, it } from 'vitest';
import { DelegateClient, loadChatDelegate } from '../../delegate/testing/delegate-client.ts';
import type { LoadedDelegate } from '../../host/wasm/delegate-host.ts';
import type { DelegateRequest, DelegateResponse } from '../../src/river/delegate-messages.ts';
import { Dice } from '../../src/river/testing/dice.ts';
import { utf8 } from '../../src/shared/bytes.ts';
import { SimDelegate, type RefusedWrite } from './sim-delegate.ts';

let module: LoadedDelegate;
beforeAll(async () => {
  module = await loadChatDelegate();
});

const KEYS = ['room:a', 'room:b', 'x'];

function request(dice: Dice): DelegateRequest {
  const key = utf8(dice.pick(KEYS));
  switch (dice.below(5)) {
    case 0:
      return { type: 'ListRequest' };
    case 1:
      return { type: 'GetVersionedRequest', key };
    case 2:
      return { type: 'GetRequest', key };
    default: {
      const expectedGeneration = BigInt(dice.below(4));
      return { type: 'CasStoreRequest', key, value: dice.bytes(dice.below(3)), expectedGeneration };
    }
  }
}

/** Which of the secrets a write is of. */
const isIndex = (name: string): boolean => name.includes('key_index');

describe('the simulated delegate', () => {
  it('answers as the real module does, whatever it is asked and whichever write fails', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const dice = new Dice(seed);
      const real = new DelegateClient(module, new Uint8Array(32).fill(1));
      const simulated = new SimDelegate();
      for (let i = 0; i < 25; i++) {
        const asked = request(dice);
        const refused = dice.pick<RefusedWrite | undefined>([
          undefined,
          undefined,
          'value',
          'index',
        ]);
        real.secrets.refuses = (name) =>
          (refused === 'index' && isIndex(name)) || (refused === 'value' && !isIndex(name));
        const answer: DelegateResponse | string = real.ask(asked);
        const expected = typeof answer === 'string' ? undefined : answer;
        expect(simulated.answer(asked, refused), `seed ${seed}, request ${i}`).toEqual(expected);
      }
    }
  });

  it('is never asked for what could destroy', () => {
    const simulated = new SimDelegate();
    const key = utf8('room:a');
    expect(() => simulated.answer({ type: 'DeleteRequest', key })).toThrow('never to ask');
    expect(() => simulated.answer({ type: 'StoreRequest', key, value: key })).toThrow(
      'never to ask',
    );
  });
});
