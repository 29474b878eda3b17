import { MemorySecrets } from '../../host/wasm/memory-secrets.ts';
import type { LoadedDelegate } from '../../host/wasm/delegate-host.ts';
import { encodeDelegateRequest, type DelegateRequest } from '../../src/river/delegate-messages.ts';
import type { Dice } from '../../src/river/testing/dice.ts';
import { damaged, reworded } from '../../src/river/testing/mutate.ts';
import { toHex, utf8 } from '../../src/shared/bytes.ts';
import { applicationMessage, runStep } from '../conformance/delegate-run.ts';
import type { Tally } from './tally.ts';

const REQUESTS = 16;
const KEYS = ['rooms_meta', 'outbound_dms', 'room:a', 'room:b', ''].map(utf8);

/** One random history of requests through both delegates, each on a store of its own: answers and stores must be equal. */
export function checkDelegates(
  dice: Dice,
  river: LoadedDelegate,
  weir: LoadedDelegate,
  tally: Tally,
): void {
  const origin = { type: 'WebApp' as const, contractId: dice.bytes(32) };
  const stores = { river: new MemorySecrets(), weir: new MemorySecrets() };
  const rooms = [dice.bytes(32), dice.bytes(32)];
  for (let i = 0; i < REQUESTS; i++) {
    const request = randomRequest(dice, rooms);
    const message = applicationMessage(payloadOf(dice, request), dice.chance(0.02));
    const from = dice.chance(0.97) ? origin : undefined;
    const [theirs, ours] = (['river', 'weir'] as const).map((who) => {
      const outcome = runStep(who === 'river' ? river : weir, stores[who], from, message);
      return {
        ...outcome,
        store: [...stores[who].snapshot()].sort(([a], [b]) => (a < b ? -1 : 1)).join(),
      };
    });
    const what = `delegate ${request.type}`;
    tally.compare(what, told(theirs), told(ours), theirs?.error?.kind ?? 'ok');
  }
}

type Told = (ReturnType<typeof runStep> & { readonly store: string }) | undefined;

/** Kinds of errors, not their words; messages and store byte for byte. */
const told = (outcome: Told): string =>
  JSON.stringify([outcome?.error?.kind, outcome?.outbound, outcome?.store], (_, value: unknown) =>
    value instanceof Uint8Array ? toHex(value) : value,
  );

function payloadOf(dice: Dice, request: DelegateRequest): Uint8Array {
  const bytes = encodeDelegateRequest(request, dice.pick(['ints', 'byte-strings']));
  if (dice.chance(0.1)) return damaged(dice, bytes);
  return dice.chance(0.3) ? reworded(dice, bytes, 0.1) : bytes;
}

function randomRequest(dice: Dice, rooms: readonly Uint8Array[]): DelegateRequest {
  const key = dice.pick(KEYS);
  const value = dice.bytes(dice.below(60));
  const roomKey = dice.pick(rooms);
  const requestId = BigInt(dice.below(1000));
  return dice.pick<() => DelegateRequest>([
    () => ({ type: 'StoreRequest', key, value }),
    () => ({ type: 'GetRequest', key }),
    () => ({ type: 'DeleteRequest', key }),
    () => ({ type: 'ListRequest' }),
    () => ({ type: 'GetVersionedRequest', key }),
    () => ({ type: 'CasStoreRequest', key, value, expectedGeneration: BigInt(dice.below(4)) }),
    () => ({ type: 'StoreSigningKey', roomKey, signingKeyBytes: dice.bytes(32) }),
    () => ({ type: 'GetPublicKey', roomKey }),
    () => ({ type: 'SignMessage', roomKey, requestId, messageBytes: value }),
    () => ({ type: 'SignConfig', roomKey, requestId, configBytes: value }),
    () => ({
      type: 'EnsureRoomSubscription',
      roomOwnerVk: roomKey,
      requestId,
      contractId: dice.bytes(32),
    }),
  ])();
}
