import type { RoomDelta, RoomState } from '../room-state/room-state.ts';
import type { Dice } from './dice.ts';

/** A state with the same content in another order, some of it twice. */
export function disordered(dice: Dice, state: RoomState): RoomState {
  const list = <T>(items: readonly T[]): T[] =>
    dice.shuffled([...items, ...(dice.chance(0.3) ? dice.some(items, 0.3) : [])]);
  return {
    ...state,
    bans: list(state.bans),
    members: list(state.members),
    memberInfo: list(state.memberInfo),
    secrets: {
      ...state.secrets,
      versions: list(state.secrets.versions),
      encryptedSecrets: list(state.secrets.encryptedSecrets),
    },
    recentMessages: list(state.recentMessages),
    directMessages: {
      messages: list(state.directMessages.messages),
      purges: dice.shuffled(state.directMessages.purges),
    },
  };
}

/** Repeats some of a delta's records in it. */
export function doubled(dice: Dice, delta: RoomDelta): RoomDelta {
  const list = <T>(items: readonly T[] | null): readonly T[] | null =>
    items && [...items, ...dice.some(items, 0.5)];
  return {
    ...delta,
    bans: list(delta.bans),
    members: list(delta.members),
    memberInfo: list(delta.memberInfo),
    recentMessages: list(delta.recentMessages),
  };
}
