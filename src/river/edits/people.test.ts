import { describe, expect, it } from 'vitest';
import { readVectors } from '../../../tests/support/vectors.ts';
import { fromHex, toHex } from '../../shared/bytes.ts';
import type { Result } from '../../shared/result.ts';
import { decode, encode } from '../cbor/codec.ts';
import { validateState } from '../contract.ts';
import {
  checkInvitation,
  createInvitation,
  invitationCode,
  parseInvitation,
  type Invitation,
} from '../invitation.ts';
import { memberId, signatureDigest } from '../ids.ts';
import { verifyingKeyOf } from '../keys.ts';
import { ownRoomData, type OwnRoomData, type RoomData } from '../room-data.ts';
import { roomParameters } from '../room-state/parameters.ts';
import {
  EMPTY_DELTA,
  roomDelta,
  roomState,
  type RoomDelta,
  type RoomState,
} from '../room-state/room-state.ts';
import { applyDelta } from '../room.ts';
import { RoomView } from '../room-view.ts';
import { SignatureMemo } from '../signatures/memo.ts';
import { chooseVerifier } from '../signatures/verifier.ts';
import { timeFromMillis } from '../system-time.ts';
import { as, edit, loadRoom, moment, type LoadedRoom } from '../testing/rooms.ts';
import type { DelegateVectors, UserDataVectors } from '../testing/vectors.ts';
import { editRoom } from './author.ts';
import { composeBan } from './bans.ts';
import { createRoom, type NewRoom } from './create-room.ts';
import { composeDirectMessage, composePurge, MAX_DM_BODY_BYTES } from './direct-messages.ts';
import { composeMemberInfo } from './member-info.ts';
import { composeJoin, composeText } from './messages.ts';
import { describeEditRefused, type EditRefused } from './refused.ts';
import { composeMissingSecrets, composeRotation } from './secrets.ts';

const vectors = readVectors<UserDataVectors>('user-data');
const load = (name: string): LoadedRoom => loadRoom(vectors, name);

function must<T>(result: Result<T, EditRefused>): T {
  if (!result.ok) throw new Error(describeEditRefused(result.error));
  return result.value;
}

const refusal = <T>(result: Result<T, EditRefused>): string =>
  result.ok ? 'made' : result.error.type;

/** Applies a delta, then verifies the whole result as the contract does, from its bytes. */
async function apply(room: Pick<LoadedRoom, 'state' | 'params' | 'memo'>, delta: RoomDelta) {
  const applied = applyDelta(room.state, room.params, delta, room.memo);
  if (!applied.ok) throw new Error(applied.error.reason);
  const memo = new SignatureMemo(await chooseVerifier(crypto.subtle));
  const bytes = encode(roomState, room.state);
  const params = encode(roomParameters, room.params);
  expect(await validateState(params, bytes, memo)).toEqual({ ok: true });
  return applied.value;
}

const { random } = moment();
const now = 1_900_000_000n;

describe('a member info', () => {
  it('takes a new nickname and keeps the deputies, and the other way round', async () => {
    const room = load('lively public room');
    const first = must(composeMemberInfo(edit(room), { nickname: 'Märit' }, random));
    await apply(room, first.delta);
    expect(new RoomView(room.state, room.own).members.find(({ isSelf }) => isSelf)?.nickname).toBe(
      'Märit',
    );
    const second = must(composeMemberInfo(edit(room), { deputies: [7n] }, random));
    await apply(room, second.delta);
    expect(second.memberInfo.memberInfo).toMatchObject({
      version: first.memberInfo.memberInfo.version + 1,
      deputies: [7n],
      preferredNickname: first.memberInfo.memberInfo.preferredNickname,
    });
  });

  it('is sealed in a private room, and refused when too long or empty', async () => {
    const room = load('private room');
    const { delta, memberInfo } = must(
      composeMemberInfo(edit(room), { nickname: 'Secret' }, random),
    );
    expect(memberInfo.memberInfo.preferredNickname.type).toBe('Private');
    await apply(room, delta);
    expect(new RoomView(room.state, room.own).members.find(({ isSelf }) => isSelf)?.nickname).toBe(
      'Secret',
    );
    expect(refusal(composeMemberInfo(edit(room), { nickname: 'x'.repeat(51) }, random))).toBe(
      'TooLong',
    );
    expect(refusal(composeMemberInfo(edit(room), { nickname: '' }, random))).toBe('Empty');
    const many = Array.from({ length: 65 }, (_, i) => BigInt(i));
    expect(refusal(composeMemberInfo(edit(room), { deputies: many }, random))).toBe('BreaksRule');
  });
});

describe('a ban', () => {
  it('removes the member, everyone they invited, and their messages', async () => {
    const room = load('lively public room');
    const owner = room.vector.actors['owner'];
    if (!owner) throw new Error('no owner');
    const byOwner = as(room, owner);
    const inviters = new Set(room.state.members.map(({ member }) => member.invitedBy));
    const target = room.state.members.find(({ member }) => inviters.has(memberId(member.memberVk)));
    if (!target) throw new Error('nobody has invited anybody');
    const id = memberId(target.member.memberVk);
    const before = room.state.members.length;
    const changes = await apply(
      room,
      must(composeBan(byOwner, id, timeFromMillis(Number(now) * 1000))).delta,
    );
    expect(changes.fields.has('bans')).toBe(true);
    expect(room.state.members.length).toBeLessThan(before - 1);
    expect(room.state.recentMessages.some(({ message }) => message.author === id)).toBe(false);
    expect(refusal(composeBan(as(room, owner), id, timeFromMillis(1)))).toBe('NoSuchMember');
  });

  it('is refused of the owner, oneself, an ancestor, and without authority', () => {
    const room = load('lively public room');
    const me = edit(room);
    const time = timeFromMillis(1);
    expect(refusal(composeBan(me, new RoomView(room.state, room.own).ownerId, time))).toBe(
      'NotAllowed',
    );
    expect(refusal(composeBan(me, me.author.id, time))).toBe('NotAllowed');
    const own = room.state.members.find(({ member }) => memberId(member.memberVk) === me.author.id);
    expect(refusal(composeBan(me, own?.member.invitedBy ?? 0n, time))).toBe('NotAllowed');
    const others = room.state.members.map(({ member }) => memberId(member.memberVk));
    const outcomes = new Set(others.map((id) => refusal(composeBan(me, id, time))));
    expect(outcomes).toContain('NotAllowed');
  });
});

describe('a direct message', () => {
  it('reaches its recipient and nobody else, and its sender keeps the text', async () => {
    const room = load('small public room');
    const { anouk, bao } = room.vector.actors;
    if (!anouk || !bao) throw new Error('no actors');
    const to = BigInt(anouk.member_id);
    const sent = must(
      composeDirectMessage(
        edit(room),
        to,
        { type: 'Text', text: 'psst 🤫' },
        { timestamp: now, now, random },
      ),
    );
    await apply(room, sent.delta);
    const seenBy = (seed: string): OwnRoomData => ({ ...room.own, selfSk: fromHex(seed) });
    const inbox = new RoomView(room.state, seenBy(anouk.seed)).directMessages();
    expect(inbox).toMatchObject([
      { direction: 'in', peerName: 'Marit', body: { type: 'Text', text: 'psst 🤫' } },
    ]);
    expect(new RoomView(room.state, seenBy(bao.seed)).directMessages()).toEqual([]);
    const mine = new RoomView(room.state, room.own);
    expect(mine.directMessages()).toMatchObject([
      { direction: 'out', body: { reason: 'not-kept' } },
    ]);
    expect(mine.directMessages([sent.outbound])).toMatchObject([{ body: { text: 'psst 🤫' } }]);
    expect(mine.directMessages([{ ...sent.outbound, sender: 1n }])).toMatchObject([
      { body: { reason: 'not-kept' } },
    ]);
  });

  it('carries an invitation', async () => {
    const room = load('small public room');
    const { anouk } = room.vector.actors;
    if (!anouk) throw new Error('no actor');
    const invite = {
      roomOwnerVk: room.params.owner,
      invitationPayload: Uint8Array.of(1, 2),
      personalMessage: 'come',
    };
    const sent = must(
      composeDirectMessage(
        edit(room),
        BigInt(anouk.member_id),
        { type: 'Invite', invite },
        { timestamp: now, now, random },
      ),
    );
    await apply(room, sent.delta);
    const theirs = new RoomView(room.state, { ...room.own, selfSk: fromHex(anouk.seed) });
    expect(theirs.directMessages()).toMatchObject([{ body: { type: 'Invite', invite } }]);
    expect(sent.outbound.plaintext).toBe('[Invitation] come');
  });

  it('is purged by its recipient, with everything purged before', async () => {
    const room = load('big room');
    const received = new RoomView(room.state, room.own)
      .directMessages()
      .filter(({ direction }) => direction === 'in');
    const [first, second] = received.map(({ token }) => token);
    if (!first || !second) throw new Error('too few');
    const before = room.state.directMessages.messages.length;
    await apply(room, must(composePurge(edit(room), [second])).delta);
    const { purges, delta } = must(composePurge(edit(room), [first, second, first]));
    await apply(room, delta);
    expect(purges.state.version).toBe(2n);
    expect(purges.state.purged.map(toHex)).toEqual([toHex(first), toHex(second)].sort());
    expect(room.state.directMessages.messages.length).toBe(before - 2);
    expect(
      room.state.directMessages.messages.some(
        (each) => toHex(signatureDigest(each.senderSignature)) === toHex(first),
      ),
    ).toBe(false);
    const many = Array.from({ length: 1000 }, (_, i) =>
      Uint8Array.from({ length: 16 }, (_, j) => (j === 0 ? i & 255 : i >> 8)),
    );
    expect(refusal(composePurge(edit(room), many))).toBe('BreaksRule');
  });

  it('is refused to oneself, to strangers, dated ahead, empty or too long', () => {
    const room = load('small public room');
    const { anouk } = room.vector.actors;
    const to = BigInt(anouk?.member_id ?? 0);
    const text = (value: string) => ({ type: 'Text', text: value }) as const;
    const when = { timestamp: now, now, random };
    const me = edit(room);
    expect(refusal(composeDirectMessage(me, me.author.id, text('x'), when))).toBe('NotAllowed');
    expect(refusal(composeDirectMessage(me, 5n, text('x'), when))).toBe('NoSuchMember');
    expect(refusal(composeDirectMessage(me, to, text(''), when))).toBe('Empty');
    expect(
      refusal(composeDirectMessage(me, to, text('x'), { ...when, timestamp: now + 301n })),
    ).toBe('BreaksRule');
    expect(
      refusal(composeDirectMessage(me, to, text('x'), { ...when, timestamp: now + 300n })),
    ).toBe('made');
    expect(refusal(composeDirectMessage(me, to, text('x'.repeat(MAX_DM_BODY_BYTES)), when))).toBe(
      'made',
    );
    expect(
      refusal(composeDirectMessage(me, to, text('x'.repeat(MAX_DM_BODY_BYTES + 1)), when)),
    ).toBe('TooLong');
  });
});

describe("a private room's secret", () => {
  it("rotates to the same bytes that River's delegate makes", () => {
    const { steps, actors } = readVectors<DelegateVectors>('delegate-protocol');
    let compared = 0;
    for (const step of steps) {
      const update = step.expect.to_node?.find(
        ({ kind }) => kind === 'UpdateContractRequest',
      )?.update;
      if (!update || step.state === undefined) continue;
      const state = decode(roomState, fromHex(step.state));
      if (!state.ok) throw state.error;
      const selfSk = fromHex(actors['owner']?.seed ?? '');
      const ownerVk = verifyingKeyOf(selfSk);
      const room = editRoom(
        state.value,
        { ...load('small public room').own, ownerVk, selfSk },
        new SignatureMemo(),
      );
      const delta = must(composeRotation(must(room), { secsSinceEpoch: 0n, nanosSinceEpoch: 0 }));
      expect(toHex(encode(roomDelta, delta)), step.name).toBe(update.data);
      compared += 1;
    }
    expect(compared).toBe(2);
  });

  it('is handed to those who lack it, by the owner of a private room only', async () => {
    const room = load('own private room');
    const delta = must(composeRotation(edit(room), timeFromMillis(1)));
    await apply(room, delta);
    expect([...new RoomView(room.state, room.own).secrets.keys()].sort((a, b) => a - b)).toEqual([
      0, 1, 2,
    ]);
    expect(must(composeMissingSecrets(edit(room)))).toBeNull();
    room.state.secrets = {
      ...room.state.secrets,
      encryptedSecrets: room.state.secrets.encryptedSecrets.filter(
        ({ secret }) => secret.memberId === edit(room).author.id,
      ),
    };
    const missing = must(composeMissingSecrets(edit(room)));
    expect(missing?.secrets?.newVersions).toEqual([]);
    expect(missing?.secrets?.newEncryptedSecrets.map(({ secret }) => secret.secretVersion)).toEqual(
      [0, 1, 2],
    );
    expect(refusal(composeRotation(edit(load('private room')), timeFromMillis(1)))).toBe(
      'NotOwner',
    );
    expect(refusal(composeRotation(edit(load('small public room')), timeFromMillis(1)))).toBe(
      'NotAllowed',
    );
  });
});

describe('a new room', () => {
  const plan = (isPrivate: boolean): NewRoom => ({
    name: 'Neu',
    description: null,
    nickname: 'Ich',
    isPrivate,
    contractCodeHash: new Uint8Array(32).fill(9),
    createdAt: timeFromMillis(1_900_000_000_000),
  });

  /** Everything that travels between people goes through its text or bytes. */
  const passedOn = (invitation: Invitation): Invitation => {
    const parsed = parseInvitation(invitationCode(invitation));
    if (!parsed.ok) throw new Error(parsed.error.type);
    return parsed.value;
  };

  function guestOf(
    host: RoomData,
    state: RoomState,
    invitation: Invitation,
    memo: SignatureMemo,
  ): OwnRoomData {
    const status = checkInvitation(invitation, state, host.ownerVk, memo);
    if (status.type !== 'good') throw new Error(status.type);
    const { roomState: _state, ...own } = host;
    return {
      ...own,
      selfSk: invitation.inviteeSigningKey,
      selfVk: null,
      selfAuthorizedMember: invitation.invitee,
      inviteChain: status.inviteChain,
      selfMemberInfo: null,
      invitationSecrets: invitation.roomSecrets,
    };
  }

  it('is valid, and a guest who is invited joins, writes and is read', async () => {
    for (const isPrivate of [false, true]) {
      const memo = new SignatureMemo();
      const host = must(createRoom(plan(isPrivate), random));
      const room = { state: host.roomState, params: { owner: host.ownerVk }, memo };
      await apply(room, EMPTY_DELTA);
      const view = new RoomView(room.state, host);
      expect([view.name, view.isPrivate, view.isOwner, view.members[0]?.nickname]).toEqual([
        'Neu',
        isPrivate,
        true,
        'Ich',
      ]);

      const invitation = passedOn(
        must(createInvitation(must(editRoom(room.state, host, memo)), random)),
      );
      const guest = guestOf(host, room.state, invitation, memo);
      const joining = must(editRoom(room.state, guest, memo));
      await apply(room, must(composeJoin(joining, moment())).delta);
      const named = must(
        composeMemberInfo(must(editRoom(room.state, guest, memo)), { nickname: 'Gast' }, random),
      );
      await apply(room, named.delta);
      await apply(
        room,
        must(
          composeText(must(editRoom(room.state, guest, memo)), 'hello', moment(1_900_000_001_000)),
        ).delta,
      );
      expect(
        new RoomView(room.state, host)
          .messages()
          .map(({ authorName, text }) => `${authorName}: ${text}`),
      ).toEqual(['Gast: joined the room', 'Gast: hello']);
      expect(checkInvitation(invitation, room.state, host.ownerVk, memo).type).toBe(
        'already-a-member',
      );

      // the guest invites somebody further: the chain comes along
      const further = passedOn(
        must(createInvitation(must(editRoom(room.state, guest, memo)), random)),
      );
      expect(guestOf(host, room.state, further, memo).inviteChain.length).toBe(1);
      const forged = { ...further, invitee: { ...further.invitee, signature: new Uint8Array(64) } };
      expect(checkInvitation(forged, room.state, host.ownerVk, memo).type).toBe('forged');
      expect(
        checkInvitation(
          { ...further, room: verifyingKeyOf(new Uint8Array(32)) },
          room.state,
          host.ownerVk,
          memo,
        ).type,
      ).toBe('another-room');
      room.state.members = [];
      expect(checkInvitation(further, room.state, host.ownerVk, memo).type).toBe('inviter-gone');
    }
  });

  it('is stored and read back', () => {
    const { roomState: _state, ...own } = must(createRoom(plan(true), random));
    const bytes = encode(ownRoomData, own);
    const back = decode(ownRoomData, bytes);
    expect(back.ok && toHex(encode(ownRoomData, back.value))).toBe(toHex(bytes));
  });

  it('is refused with texts that no room takes', () => {
    expect(refusal(createRoom({ ...plan(false), name: '' }, random))).toBe('Empty');
    expect(refusal(createRoom({ ...plan(false), name: 'x'.repeat(101) }, random))).toBe('TooLong');
    expect(refusal(createRoom({ ...plan(false), nickname: 'ü'.repeat(26) }, random))).toBe(
      'TooLong',
    );
    expect(refusal(createRoom({ ...plan(false), description: 'x'.repeat(501) }, random))).toBe(
      'TooLong',
    );
  });
});
