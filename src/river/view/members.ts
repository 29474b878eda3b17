import { memberLabel, type MemberId } from '../ids.ts';
import type { RoomState } from '../room-state/room-state.ts';
import { canonicalInfos } from '../rules/member-info.ts';
import { idOfMember } from '../rules/members.ts';
import type { SecretsByVersion } from '../secrets.ts';
import { openedText, sealedText } from './sealed-text.ts';

export interface MemberView {
  readonly id: MemberId;
  /** Short id for people; two members can share one. */
  readonly label: string;
  /** As its owner published it: clean it before showing. `Unknown` without a record, a placeholder where it can't be opened. */
  readonly nickname: string;
  /** False where `nickname` is no name but stands for one. */
  readonly hasName: boolean;
  readonly isOwner: boolean;
  readonly isSelf: boolean;
  /** Appointed by the owner: may ban anyone but the owner. */
  readonly isDeputy: boolean;
}

const UNKNOWN = 'Unknown';

/** The published name of anybody in the room. */
export function nicknameOf(state: RoomState, id: MemberId, secrets: SecretsByVersion): string {
  const info = canonicalInfos(state.memberInfo).get(id);
  return info === undefined ? UNKNOWN : sealedText(info.memberInfo.preferredNickname, secrets);
}

/** The owner first, then the members in the order of the state. */
export function viewMembers(
  state: RoomState,
  ownerId: MemberId,
  selfId: MemberId | undefined,
  secrets: SecretsByVersion,
): MemberView[] {
  const infos = canonicalInfos(state.memberInfo);
  const deputies = new Set(infos.get(ownerId)?.memberInfo.deputies);
  const hasName = (id: MemberId): boolean => {
    const info = infos.get(id);
    return (
      info !== undefined && openedText(info.memberInfo.preferredNickname, secrets) !== undefined
    );
  };
  return [ownerId, ...state.members.map(idOfMember)].map((id) => ({
    id,
    label: memberLabel(id),
    nickname: nicknameOf(state, id, secrets),
    hasName: hasName(id),
    isOwner: id === ownerId,
    isSelf: id === selfId,
    isDeputy: id !== ownerId && deputies.has(id),
  }));
}
