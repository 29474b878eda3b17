import type { DelegateRequest, DelegateResponse } from '../../src/river/delegate-messages.ts';
import { utf8, utf8Text } from '../../src/shared/bytes.ts';

/** A value as the delegate keeps it. */
export interface HeldValue {
  readonly generation: bigint;
  readonly value: Uint8Array;
}

/** Which of a store's two writes the node refuses: then a store fails as a whole, and what was written stays. */
export type RefusedWrite = 'value' | 'index';

/**
 * The chat delegate's dealings with its secrets: values under generations, and the index of keys, written in this order.
 *
 * Only what the engine asks for; `sim-delegate.test.ts` compares it with the real module.
 */
export class SimDelegate {
  readonly values = new Map<string, HeldValue>();
  readonly index = new Set<string>();

  /** @returns undefined where the real one fails without a reply */
  answer(request: DelegateRequest, refused?: RefusedWrite): DelegateResponse | undefined {
    switch (request.type) {
      case 'ListRequest':
        return { type: 'ListResponse', keys: [...this.index].map(utf8) };
      case 'GetRequest':
        return {
          type: 'GetResponse',
          key: request.key,
          value: this.values.get(utf8Text(request.key))?.value,
        };
      case 'GetVersionedRequest': {
        const held = this.values.get(utf8Text(request.key));
        const { value, generation = 0n } = held ?? { value: undefined };
        return { type: 'GetVersionedResponse', key: request.key, value, generation };
      }
      case 'CasStoreRequest':
        return this.#casStore(request, refused);
      default:
        throw new Error(`the engine is never to ask for ${request.type}`);
    }
  }

  #casStore(
    { key, value, expectedGeneration }: Extract<DelegateRequest, { type: 'CasStoreRequest' }>,
    refused: RefusedWrite | undefined,
  ): DelegateResponse | undefined {
    const name = utf8Text(key);
    const held = this.values.get(name);
    const current = held?.generation ?? 0n;
    if (expectedGeneration !== current) {
      const result = {
        type: 'Conflict',
        currentGeneration: current,
        currentValue: held?.value,
      } as const;
      return { type: 'CasStoreResponse', key, result };
    }
    if (refused === 'value') {
      const result = {
        type: 'Failed',
        reason: 'Failed to store secret via host function',
      } as const;
      return { type: 'CasStoreResponse', key, result };
    }
    const generation = current + 1n;
    this.values.set(name, { generation, value });
    if (refused === 'index' && !this.index.has(name)) return undefined;
    this.index.add(name);
    return { type: 'CasStoreResponse', key, result: { type: 'Stored', generation } };
  }
}
