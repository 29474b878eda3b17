import { describe, expect, test } from 'vitest';
import { fromBase58 } from '../../src/shared/bytes.ts';
import { systemRandom } from '../../src/shared/random.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MAX_TOKENS, TOKEN_TTL_MS, TokenRegistry } from './tokens.ts';

const RIVER = new Uint8Array(32).fill(1);
const OTHER = new Uint8Array(32).fill(2);

describe('tokens', () => {
  test('each token is 32 random bytes in base58 and leads to the contract it was minted for', () => {
    const tokens = new TokenRegistry(new ManualClock(), systemRandom);
    const first = tokens.mint(RIVER);
    const second = tokens.mint(OTHER);
    expect(fromBase58(first)).toHaveLength(32);
    expect(first).not.toBe(second);
    expect(tokens.contractOf(first)).toEqual(RIVER);
    expect(tokens.contractOf(second)).toEqual(OTHER);
    expect(tokens.contractOf('11111')).toBeUndefined();
  });

  test('a token lives 24 hours from its minting, however much it is used', () => {
    const clock = new ManualClock();
    const tokens = new TokenRegistry(clock, systemRandom);
    const token = tokens.mint(RIVER);
    clock.advance(TOKEN_TTL_MS - 1);
    expect(tokens.contractOf(token)).toEqual(RIVER);
    clock.advance(1);
    expect(tokens.contractOf(token)).toBeUndefined();
  });

  test('all are forgotten at once when asked', () => {
    const tokens = new TokenRegistry(new ManualClock(), systemRandom);
    const token = tokens.mint(RIVER);
    tokens.invalidateAll();
    expect(tokens.contractOf(token)).toBeUndefined();
  });

  test('minting in a loop forgets the oldest instead of growing', () => {
    const tokens = new TokenRegistry(new ManualClock(), systemRandom);
    const first = tokens.mint(RIVER);
    const second = tokens.mint(RIVER);
    for (let i = 2; i < MAX_TOKENS; i++) tokens.mint(OTHER);
    expect(tokens.contractOf(first)).toEqual(RIVER);
    tokens.mint(OTHER);
    expect(tokens.contractOf(first)).toBeUndefined();
    expect(tokens.contractOf(second)).toEqual(RIVER);
  });
});
