import type { MemberId } from '../ids.ts';
import { memberId } from '../ids.ts';
import type { VerifyingKey } from '../keys.ts';
import type { AuthorizedMember } from '../room-state/members.ts';
import { ownerIdOf, type RoomParameters } from '../room-state/parameters.ts';
import type { SignatureMemo } from '../signatures/memo.ts';

/** What every rule needs besides the state. */
export interface RuleContext {
  readonly owner: VerifyingKey;
  readonly ownerId: MemberId;
  readonly signatures: SignatureMemo;
}

export const ruleContext = (params: RoomParameters, signatures: SignatureMemo): RuleContext => ({
  owner: params.owner,
  ownerId: ownerIdOf(params),
  signatures,
});

/** A state or an update breaks a rule of the room's contract. Thrown by the rules, returned by `room.ts`. */
export class RuleBroken extends Error {
  override readonly name = 'RuleBroken';
}

export function broken(reason: string): never {
  throw new RuleBroken(reason);
}

export type MemberMap = ReadonlyMap<MemberId, AuthorizedMember>;

const maps = new WeakMap<readonly AuthorizedMember[], MemberMap>();

/** Members by id; of two records with one id the last. Remembered per list. */
export function membersById(members: readonly AuthorizedMember[]): MemberMap {
  let map = maps.get(members);
  if (map === undefined) {
    map = new Map(members.map((each) => [memberId(each.member.memberVk), each]));
    maps.set(members, map);
  }
  return map;
}

/** The key of the owner or a member. */
export const keyOf = (
  { owner, ownerId }: RuleContext,
  members: MemberMap,
  id: MemberId,
): VerifyingKey | undefined => (id === ownerId ? owner : members.get(id)?.member.memberVk);

/** Sorted, stably; the same list if it is in order already. */
export function sorted<T>(list: readonly T[], compare: (a: T, b: T) => number): readonly T[] {
  for (let i = 1; i < list.length; i++) {
    if (compare(list[i - 1] as T, list[i] as T) > 0) return [...list].sort(compare);
  }
  return list;
}

/** The items that pass; the same list if all do. `passes` is asked more than once. */
export function keep<T>(list: readonly T[], passes: (item: T) => boolean): readonly T[] {
  return list.every(passes) ? list : list.filter(passes);
}
