import type { AuthorizedConfiguration, Configuration } from '../room-state/configuration.ts';
import { declaredLength } from '../room-state/sealed-bytes.ts';
import { configurationClaim } from '../signatures/claims.ts';
import { broken, type RuleContext } from './context.ts';

// river: common/src/room_state/configuration.rs

/** Only the signature: what the owner signed stands, zero limits included. */
export function verifyConfiguration(context: RuleContext, record: AuthorizedConfiguration): void {
  checkSignature(context, record);
}

function checkSignature({ owner, signatures }: RuleContext, record: AuthorizedConfiguration): void {
  if (!signatures.isValid(configurationClaim(record, owner))) {
    broken('configuration: not signed by the owner');
  }
}

export function applyConfiguration(
  context: RuleContext,
  current: AuthorizedConfiguration,
  delta: AuthorizedConfiguration | null,
): AuthorizedConfiguration {
  if (delta === null) return current;
  checkSignature(context, delta);
  const reason = refusalOfConfiguration(current.configuration, delta.configuration);
  if (reason !== undefined) broken(`configuration: ${reason}`);
  return delta;
}

/** Why a configuration can't follow another, or undefined. */
export function refusalOfConfiguration(
  current: Configuration,
  next: Configuration,
): string | undefined {
  if (next.configurationVersion <= current.configurationVersion) {
    return `version ${next.configurationVersion} is not above ${current.configurationVersion}`;
  }
  if (next.ownerMemberId !== current.ownerMemberId) return 'owner_member_id may not change';
  const limits = [
    next.maxRecentMessages,
    next.maxUserBans,
    next.maxMessageSize,
    next.maxNicknameSize,
    next.maxMembers,
    next.maxRoomName,
    next.maxRoomDescription,
    next.maxDirectMessages,
  ];
  if (limits.includes(0)) return 'a limit of zero';
  const { name, description } = next.display;
  const nameLength = declaredLength(name);
  if (nameLength > next.maxRoomName) {
    return `the name has ${nameLength} bytes, at most ${next.maxRoomName} are allowed`;
  }
  const descriptionLength = description === null ? 0 : declaredLength(description);
  if (descriptionLength > next.maxRoomDescription) {
    return `the description has ${descriptionLength} bytes, at most ${next.maxRoomDescription} are allowed`;
  }
  if (next.privacyMode === 'Private' && name.type === 'Public') {
    return "a private room's name must be sealed";
  }
  return undefined;
}
