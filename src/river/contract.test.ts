import { describe, expect, it } from 'vitest';
import { readVectors } from '../../tests/support/vectors.ts';
import { fromHex, toHex } from '../shared/bytes.ts';
import {
  getStateDelta,
  summarizeState,
  updateState,
  validateState,
  type ContractUpdate,
} from './contract.ts';
import { SignatureMemo } from './signatures/memo.ts';
import { chooseVerifier } from './signatures/verifier.ts';
import type { RoomStateVectors } from './testing/vectors.ts';

const { cases } = readVectors<RoomStateVectors>('room-state');

describe('the room contract answers as River recorded', async () => {
  const memo = new SignatureMemo(await chooseVerifier(crypto.subtle));

  for (const each of cases) {
    it(each.name, async () => {
      const params = fromHex(each.params);
      const state = fromHex(each.state);
      const expected = each.expect;
      if (each.op === 'validate') {
        const verdict = await validateState(params, state, memo);
        expect(verdict.ok ? 'valid' : verdict.error.type).toBe(expected.error?.kind ?? 'valid');
        return;
      }
      const summary = fromHex(each.summary ?? '');
      const updates = (each.updates ?? []).map(({ kind, data }) => {
        return { kind, ...(data !== undefined && { data: fromHex(data) }) } as ContractUpdate;
      });
      const result =
        each.op === 'update'
          ? await updateState(params, state, updates, memo)
          : each.op === 'summarize'
            ? summarizeState(params, state)
            : getStateDelta(params, state, summary);
      if (expected.error) {
        expect(result.ok ? 'accepted' : result.error.type).toBe(expected.error.kind);
        return;
      }
      if (!result.ok) throw new Error(JSON.stringify(result.error));
      const bytes = expected.state ?? (each.op === 'delta' ? expected.delta : expected.summary);
      expect(toHex(result.value)).toBe(bytes);
      if (each.op !== 'update') return;
      expect(toHex(result.value) !== each.state).toBe(expected.changed);
      const verdict = await validateState(params, result.value, memo);
      expect(verdict.ok ? 'valid' : verdict.error.type).toBe(
        expected.validate?.error?.kind ?? 'valid',
      );
      if (expected.summary === undefined) return;
      const held = summarizeState(params, result.value);
      expect(held.ok ? toHex(held.value) : held.error).toBe(expected.summary);
    });
  }
});
