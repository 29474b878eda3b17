import type { RoomParameters } from '../room-state/parameters.ts';
import type { AuthorizedMessage } from '../room-state/messages.ts';
import type { RoomDelta, RoomField, RoomState } from '../room-state/room-state.ts';
import type { SignatureMemo } from '../signatures/memo.ts';
import { applyBans, verifyBans } from './bans.ts';
import { cleanUp } from './cleanup.ts';
import { applyConfiguration, verifyConfiguration } from './configuration.ts';
import { broken, ruleContext } from './context.ts';
import { applyDirectMessages, verifyDirectMessages } from './direct-messages.ts';
import { applyMemberInfo, verifyMemberInfo } from './member-info.ts';
import { applyMembers, verifyMembers } from './members.ts';
import { keepsItsAuthors, without, type MessagesPlaced } from './message-index.ts';
import { applyMessages, placeMessages, verifyMessages } from './messages.ts';
import { applySecrets, verifySecrets } from './secrets.ts';
import { applyUpgrade, verifyUpgrade } from './upgrade.ts';

// river: common/src/room_state.rs (`ComposableState` for `ChatRoomStateV1`)

/** The highest state version that this contract knows. */
const CURRENT_STATE_VERSION = 1;

export interface Applied {
  readonly room: RoomState;
  /** An empty delta would change nothing more. */
  readonly isSettled: boolean;
  /** All that was done, where the rest of the room was not looked at. */
  readonly onlyPlaced?: MessagesPlaced;
}

/**
 * The state after a delta, as the contract computes it: field after field, each seeing the results of those before it, then the
 * clean-up. The given state is left as it is; what did not change is the same object in both.
 *
 * The result may be invalid (message signatures are not looked at): `checkRoom` it.
 *
 * @param isSettled the state is known to be one that an empty delta would not change: messages alone are then applied without looking
 * at the rest of the room
 * @throws RuleBroken
 */
export function advance(
  state: RoomState,
  params: RoomParameters,
  delta: RoomDelta,
  signatures: SignatureMemo,
  isSettled: boolean,
): Applied {
  const context = ruleContext(params, signatures);
  const room = { ...state };
  const onlyMessages = isOnlyMessages(delta);
  if (isSettled && onlyMessages) {
    const placed = placeMessages(context, room, delta.recentMessages);
    if (keepsItsAuthors(room.recentMessages, placed)) {
      room.recentMessages = placed.messages;
      return { room, isSettled: true, onlyPlaced: placed };
    }
  }
  room.configuration = applyConfiguration(context, room.configuration, delta.configuration);
  room.bans = applyBans(context, room, delta.bans);
  room.members = applyMembers(context, room, delta.members);
  room.memberInfo = applyMemberInfo(context, room, delta.memberInfo);
  room.secrets = applySecrets(context, room, delta.secrets);
  room.recentMessages = applyMessages(context, room, delta.recentMessages);
  room.directMessages = applyDirectMessages(context, room, delta.directMessages);
  room.upgrade = applyUpgrade(context, room.upgrade, delta.upgrade);
  const { recentMessages } = room;
  cleanUp(context, room);
  const onlyMessagesChanged = FIELDS.every(
    (field) => field === 'recentMessages' || room[field] === state[field],
  );
  return {
    room,
    isSettled: onlyMessages && onlyMessagesChanged && room.recentMessages === recentMessages,
  };
}

/** As `advance`, for a state of which nothing is known. */
export const afterDelta = (
  state: RoomState,
  params: RoomParameters,
  delta: RoomDelta,
  signatures: SignatureMemo,
): RoomState => advance(state, params, delta, signatures, false).room;

const FIELDS = [
  'configuration',
  'bans',
  'members',
  'memberInfo',
  'secrets',
  'recentMessages',
  'directMessages',
  'upgrade',
  'version',
] as const satisfies readonly RoomField[];

const isOnlyMessages = (delta: RoomDelta): boolean =>
  FIELDS.every((field) => field === 'recentMessages' || delta[field] === null);

/**
 * Verifies a whole state.
 *
 * @param verified a state known to be valid: what it shares with this one is not looked at again
 * @param added the messages that this one has and `verified` has not, where they are known
 * @throws RuleBroken
 */
export function checkRoom(
  state: RoomState,
  params: RoomParameters,
  signatures: SignatureMemo,
  verified?: RoomState,
  added?: readonly AuthorizedMessage[],
): void {
  const context = ruleContext(params, signatures);
  const changed = (...fields: readonly (keyof RoomState)[]): boolean =>
    verified === undefined || fields.some((field) => state[field] !== verified[field]);

  if (changed('configuration')) verifyConfiguration(context, state.configuration);
  if (changed('bans', 'members', 'configuration')) verifyBans(context, state);
  if (changed('members', 'configuration')) verifyMembers(context, state);
  if (changed('memberInfo', 'members')) verifyMemberInfo(context, state);
  if (changed('secrets')) verifySecrets(context, state.secrets);
  const { recentMessages } = state;
  if (changed('members')) verifyMessages(context, state, recentMessages);
  else if (changed('recentMessages')) {
    const before = verified?.recentMessages ?? [];
    verifyMessages(context, state, added ?? without(recentMessages, before));
  }
  if (changed('directMessages', 'members')) verifyDirectMessages(context, state);
  if (changed('upgrade')) verifyUpgrade(context, state.upgrade);
  if (state.version > CURRENT_STATE_VERSION) {
    broken(`version: ${state.version} is newer than ${CURRENT_STATE_VERSION}`);
  }
}
