import type { Result } from '../../shared/result.ts';
import { encode } from '../cbor/codec.ts';
import { validateState } from '../contract.ts';
import { describeEditRefused, type EditRefused } from '../edits/refused.ts';
import { roomParameters } from '../room-state/parameters.ts';
import { roomState, type RoomDelta } from '../room-state/room-state.ts';
import { applyDelta, type RoomChanges } from '../room.ts';
import { SignatureMemo } from '../signatures/memo.ts';
import { chooseVerifier } from '../signatures/verifier.ts';
import type { LoadedRoom } from './rooms.ts';

/** What was composed. @throws when the edit was refused */
export function must<T>(result: Result<T, EditRefused>): T {
  if (!result.ok) throw new Error(describeEditRefused(result.error));
  return result.value;
}

/** The kind of refusal, or `made`. */
export const refusal = <T>(result: Result<T, EditRefused>): string =>
  result.ok ? 'made' : result.error.type;

/**
 * Applies a delta, then verifies the whole result as the contract does, from its bytes, believing nothing that was verified before.
 *
 * @throws when either is refused
 */
export async function applyVerified(
  { state, params, memo }: Pick<LoadedRoom, 'state' | 'params' | 'memo'>,
  delta: RoomDelta,
): Promise<RoomChanges> {
  const applied = applyDelta(state, params, delta, memo);
  if (!applied.ok) throw new Error(applied.error.reason);
  const fresh = new SignatureMemo(await chooseVerifier(crypto.subtle));
  const bytes = encode(roomState, state);
  const verdict = await validateState(encode(roomParameters, params), bytes, fresh);
  if (!verdict.ok) throw new Error(JSON.stringify(verdict.error));
  return applied.value;
}
