import { describe, expect, it } from 'vitest';
import { toHex } from '../../shared/bytes.ts';
import { decode, encode } from '../cbor/codec.ts';
import {
  checkInvitation,
  createInvitation,
  invitationCode,
  parseInvitation,
  type Invitation,
} from '../invitation.ts';
import { verifyingKeyOf } from '../keys.ts';
import { ownRoomData, type OwnRoomData, type RoomData } from '../room-data.ts';
import { EMPTY_DELTA, type RoomState } from '../room-state/room-state.ts';
import { RoomView } from '../room-view.ts';
import { SignatureMemo } from '../signatures/memo.ts';
import { timeFromMillis } from '../system-time.ts';
import { moment } from '../testing/rooms.ts';
import { applyVerified, must, refusal } from '../testing/edits.ts';
import { editRoom } from './author.ts';
import { createRoom, type NewRoom } from './create-room.ts';
import { composeMemberInfo } from './member-info.ts';
import { composeJoin, composeText } from './messages.ts';

const { random } = moment();
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
      await applyVerified(room, EMPTY_DELTA);
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
      await applyVerified(room, must(composeJoin(joining, moment())).delta);
      const named = must(
        composeMemberInfo(must(editRoom(room.state, guest, memo)), { nickname: 'Gast' }, random),
      );
      await applyVerified(room, named.delta);
      await applyVerified(
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
