import type { MemberId } from '../ids.ts';
import type { VerifyingKey } from '../keys.ts';
import { ownerIdOf, type RoomParameters } from '../room-state/parameters.ts';
import type { RoomDelta, RoomState } from '../room-state/room-state.ts';
import { membersById } from '../rules/context.ts';
import {
  banClaim,
  configurationClaim,
  directMessageClaim,
  encryptedSecretClaim,
  memberClaim,
  memberInfoClaim,
  messageClaim,
  purgesClaim,
  secretVersionClaim,
  upgradeClaim,
} from './claims.ts';
import type { SignatureClaim } from './memo.ts';

/** Every signature of a whole state, under the keys that its member list names. */
export function collectSignatures(state: RoomState, params: RoomParameters): SignatureClaim[] {
  const { directMessages, secrets } = state;
  return collect(params, state, {
    ...state,
    members: state.members,
    secrets: {
      currentVersion: null,
      newVersions: secrets.versions,
      newEncryptedSecrets: secrets.encryptedSecrets,
    },
    directMessages: {
      newMessages: directMessages.messages,
      advancedPurges: directMessages.purges,
    },
    version: null,
  });
}

/** Every signature of a delta, under the keys of the members that the state or the delta names. */
export const collectDeltaSignatures = (
  delta: RoomDelta,
  state: RoomState,
  params: RoomParameters,
): SignatureClaim[] => collect(params, state, delta);

function collect(params: RoomParameters, state: RoomState, delta: RoomDelta): SignatureClaim[] {
  const { owner } = params;
  const ownerId = ownerIdOf(params);
  const members = membersById(state.members);
  const joining = membersById(delta.members ?? []);
  const keyOf = (id: MemberId): VerifyingKey | undefined =>
    id === ownerId ? owner : (members.get(id) ?? joining.get(id))?.member.memberVk;
  const claims: SignatureClaim[] = [];
  /** Records of people whose key is not known are left to the rules. */
  const claim = (id: MemberId, make: (key: VerifyingKey) => SignatureClaim): void => {
    const key = keyOf(id);
    if (key !== undefined) claims.push(make(key));
  };
  if (delta.configuration) claims.push(configurationClaim(delta.configuration, owner));
  for (const each of delta.bans ?? []) claim(each.bannedBy, (key) => banClaim(each, key));
  for (const each of delta.members ?? []) {
    claim(each.member.invitedBy, (key) => memberClaim(each, key));
  }
  for (const each of delta.memberInfo ?? []) {
    claim(each.memberInfo.memberId, (key) => memberInfoClaim(each, key));
  }
  for (const each of delta.secrets?.newVersions ?? []) {
    claims.push(secretVersionClaim(each, owner));
  }
  for (const each of delta.secrets?.newEncryptedSecrets ?? []) {
    claims.push(encryptedSecretClaim(each, owner));
  }
  for (const each of delta.recentMessages ?? []) {
    claim(each.message.author, (key) => messageClaim(each, key));
  }
  for (const each of delta.directMessages?.newMessages ?? []) {
    claim(each.message.sender, (key) => directMessageClaim(each, key, owner));
  }
  for (const each of delta.directMessages?.advancedPurges ?? []) {
    claim(each.recipientId, (key) => purgesClaim(each, key, owner));
  }
  if (delta.upgrade) claims.push(upgradeClaim(delta.upgrade, owner));
  return claims;
}
