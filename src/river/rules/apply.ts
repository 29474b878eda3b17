import type { RoomParameters } from '../room-state/parameters.ts';
import type { RoomDelta, RoomState } from '../room-state/room-state.ts';
import type { SignatureMemo } from '../signatures/memo.ts';
import { applyBans, verifyBans } from './bans.ts';
import { cleanUp } from './cleanup.ts';
import { applyConfiguration, verifyConfiguration } from './configuration.ts';
import { broken, ruleContext } from './context.ts';
import { applyDirectMessages, verifyDirectMessages } from './direct-messages.ts';
import { applyMemberInfo, verifyMemberInfo } from './member-info.ts';
import { applyMembers, verifyMembers } from './members.ts';
import { applyMessages, verifyMessages } from './messages.ts';
import { applySecrets, verifySecrets } from './secrets.ts';
import { applyUpgrade, verifyUpgrade } from './upgrade.ts';

// river: common/src/room_state.rs (`ComposableState` for `ChatRoomStateV1`)

/** The highest state version that this contract knows. */
const CURRENT_STATE_VERSION = 1;

/**
 * The state after a delta, as the contract computes it: field after field, each seeing the results of those before it, then the
 * clean-up. The given state is left as it is; what did not change is the same object in both.
 *
 * The result may be invalid (message signatures are not looked at): `checkRoom` it.
 * @throws RuleBroken
 */
export function afterDelta(
  state: RoomState,
  params: RoomParameters,
  delta: RoomDelta,
  signatures: SignatureMemo,
): RoomState {
  const context = ruleContext(params, signatures);
  const room = { ...state };
  room.configuration = applyConfiguration(context, room.configuration, delta.configuration);
  room.bans = applyBans(context, room, delta.bans);
  room.members = applyMembers(context, room, delta.members);
  room.memberInfo = applyMemberInfo(context, room, delta.memberInfo);
  room.secrets = applySecrets(context, room, delta.secrets);
  room.recentMessages = applyMessages(context, room, delta.recentMessages);
  room.directMessages = applyDirectMessages(context, room, delta.directMessages);
  room.upgrade = applyUpgrade(context, room.upgrade, delta.upgrade);
  cleanUp(context, room);
  return room;
}

/**
 * Verifies a whole state.
 *
 * @param verified a state known to be valid: what it shares with this one is not looked at again
 * @throws RuleBroken
 */
export function checkRoom(
  state: RoomState,
  params: RoomParameters,
  signatures: SignatureMemo,
  verified?: RoomState,
): void {
  const context = ruleContext(params, signatures);
  const changed = (...fields: readonly (keyof RoomState)[]): boolean =>
    verified === undefined || fields.some((field) => state[field] !== verified[field]);

  if (changed('configuration')) verifyConfiguration(context, state.configuration);
  if (changed('bans', 'members', 'configuration')) verifyBans(context, state);
  if (changed('members', 'configuration')) verifyMembers(context, state);
  if (changed('memberInfo', 'members')) verifyMemberInfo(context, state);
  if (changed('secrets')) verifySecrets(context, state.secrets);
  if (changed('recentMessages', 'members')) verifyMessages(context, state);
  if (changed('directMessages', 'members')) verifyDirectMessages(context, state);
  if (changed('upgrade')) verifyUpgrade(context, state.upgrade);
  if (state.version > CURRENT_STATE_VERSION) {
    broken(`version: ${state.version} is newer than ${CURRENT_STATE_VERSION}`);
  }
}
