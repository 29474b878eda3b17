import { describe, expect, it } from 'vitest';
import { readGenerations } from '../../../delegate/generations.ts';
import { delegateKeyOf } from '../../freenet/keys.ts';
import { fromHex, toHex } from '../../shared/bytes.ts';
import {
  fingerprintOf,
  LEGACY_DELEGATES,
  legacyOf,
  RIVER_CURRENT,
  RIVER_SUPERSEDED,
} from './legacy-delegates.ts';

describe('the registry of earlier delegates', () => {
  it('is River’s, by its fingerprint', () => {
    expect(RIVER_SUPERSEDED.length).toBe(27);
    expect(fingerprintOf(RIVER_SUPERSEDED)).toBe('c43e66ee147e3739');
  });

  it('holds keys that follow from the code hashes, but for the first', () => {
    const derived = LEGACY_DELEGATES.filter(
      ({ key }) => toHex(delegateKeyOf(key.codeHash, new Uint8Array()).key) === toHex(key.key),
    );
    expect(derived).toEqual(LEGACY_DELEGATES.slice(1));
  });

  it('holds every delegate of ours but the newest', () => {
    const ours = readGenerations();
    const known = LEGACY_DELEGATES.map(({ key }) => toHex(key.key));
    for (const { delegateKey } of ours.slice(0, -1)) expect(known).toContain(delegateKey);
    expect(known).not.toContain(ours.at(-1)?.delegateKey);
  });

  it('leaves out the delegate that is in use: where that is River’s own, only the superseded are left', () => {
    expect(legacyOf(LEGACY_DELEGATES, RIVER_CURRENT.key)).toEqual(RIVER_SUPERSEDED);
    const ours = delegateKeyOf(fromHex('00'.repeat(32)), new Uint8Array());
    expect(legacyOf(LEGACY_DELEGATES, ours)).toEqual(LEGACY_DELEGATES);
  });
});
