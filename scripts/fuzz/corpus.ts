import type {
  DelegateVectors,
  RoomStateVectors,
  UserDataVectors,
} from '../../src/river/testing/vectors.ts';
import { fromHex } from '../../src/shared/bytes.ts';
import { readVectors } from '../../tests/support/vectors.ts';
import type { Input } from './target.ts';

/** Byte strings from their hex, each once; what is missing is left out. */
export const distinct = (texts: Iterable<string | undefined>): readonly Input[] =>
  [...new Set(texts)].flatMap((text) => (text === undefined ? [] : [[fromHex(text)]]));

export const roomStateVectors = (): RoomStateVectors => readVectors<RoomStateVectors>('room-state');
export const userDataVectors = (): UserDataVectors => readVectors<UserDataVectors>('user-data');
export const delegateVectors = (): DelegateVectors =>
  readVectors<DelegateVectors>('delegate-protocol');

/** Every recorded state of a room, the broken ones too. */
export function recordedStates(): readonly Input[] {
  const { cases } = roomStateVectors();
  const { rooms } = userDataVectors();
  return distinct([
    ...cases.flatMap(({ state, expect }) => [state, expect.state]),
    ...rooms.map(({ state }) => state),
  ]);
}
