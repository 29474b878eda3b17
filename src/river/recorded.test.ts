import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../shared/bytes.ts';
import { decode, encode, type Codec } from './cbor/codec.ts';
import { roomContractKey } from './contract-key.ts';
import {
  decodeDelegateRequest,
  decodeDelegateResponse,
  encodeDelegateRequest,
  encodeDelegateResponse,
  answers,
} from './delegate-messages.ts';
import {
  fastHash,
  memberId,
  memberIdHex,
  memberLabel,
  messageId,
  banId,
  signatureDigest,
} from './ids.ts';
import { verifyingKeyOf } from './keys.ts';
import { EMPTY_OUTBOUND_DM_STORE, outboundDmStore } from './outbound-dms.ts';
import { ownRoomData, roomSlot } from './room-data.ts';
import { roomDelta, roomState } from './room-state/room-state.ts';
import { roomSummary } from './room-state/summary.ts';
import { roomsBlob } from './rooms-blob.ts';
import { EMPTY_ROOMS_META, roomsMeta } from './rooms-meta.ts';
import { readVectors } from '../../tests/support/vectors.ts';
import type { DelegateVectors, RoomStateVectors, UserDataVectors } from './testing/vectors.ts';

const again = <T>(codec: Codec<T>, hex: string): string => {
  const value = decode(codec, fromHex(hex));
  if (!value.ok) throw value.error;
  return toHex(encode(codec, value.value));
};

describe('what River wrote is read and written again to the same bytes', () => {
  const {
    cases,
    signatures,
    actors,
    room_contract: contract,
  } = readVectors<RoomStateVectors>('room-state');
  const user = readVectors<UserDataVectors>('user-data');

  it('every resulting state, summary and delta of the contract', () => {
    let seen = 0;
    for (const each of cases) {
      if (each.expect.state)
        expect(again(roomState, each.expect.state), each.name).toBe(each.expect.state);
      if (each.expect.summary)
        expect(again(roomSummary, each.expect.summary), each.name).toBe(each.expect.summary);
      if (each.expect.delta)
        expect(again(roomDelta, each.expect.delta), each.name).toBe(each.expect.delta);
      seen += Number(Boolean(each.expect.state ?? each.expect.summary ?? each.expect.delta));
    }
    expect(seen).toBeGreaterThan(100);
  });

  it('A40 A41: every room, slot and list of a whole user', () => {
    for (const room of user.rooms) {
      expect(again(roomState, room.state), room.name).toBe(room.state);
      expect(again(roomSummary, room.summary), room.name).toBe(room.summary);
      expect(again(roomSlot, room.room_slot), room.name).toBe(room.room_slot);
    }
    expect(again(roomSlot, user.tombstone.room_slot)).toBe(user.tombstone.room_slot);
    expect(again(roomsMeta, user.rooms_meta)).toBe(user.rooms_meta);
    expect(again(outboundDmStore, user.outbound_dms)).toBe(user.outbound_dms);
    expect(again(roomsBlob, user.legacy_rooms_data)).toBe(user.legacy_rooms_data);
  });

  it('every message of the delegate protocol', () => {
    const exchanges = [
      ...user.delegate_store_requests.map(({ request, response }) => ({
        name: 'store',
        request,
        responses: [response],
      })),
      ...readVectors<DelegateVectors>('delegate-protocol').steps.flatMap(
        ({ name, request, expect: expected }) =>
          request !== undefined && expected.responses?.length === 1
            ? [{ name, request, responses: expected.responses }]
            : [],
      ),
    ];
    expect(exchanges.length).toBeGreaterThan(70);
    for (const { name, request, responses } of exchanges) {
      const asked = decodeDelegateRequest(fromHex(request));
      const answered = decodeDelegateResponse(fromHex(responses[0] ?? ''));
      if (!asked.ok) throw asked.error;
      if (!answered.ok) throw answered.error;
      expect(toHex(encodeDelegateResponse(answered.value)), name).toBe(responses[0]);
      expect(answers(asked.value, answered.value), name).toBe(true);
      const compact = decodeDelegateRequest(encodeDelegateRequest(asked.value, 'byte-strings'));
      if (!compact.ok) throw compact.error;
      const canonical = toHex(encodeDelegateRequest(asked.value, 'ints'));
      expect(toHex(encodeDelegateRequest(compact.value, 'ints')), name).toBe(canonical);
      if (!/bytes-|keys-as|unit-variant|unknown-field|trailing|wide/.test(name))
        expect(canonical, name).toBe(request);
    }
  });

  it('refuses the delegate requests that River refuses to read', () => {
    const steps = readVectors<DelegateVectors>('delegate-protocol').steps.filter(
      ({ expect: expected }) => expected.error?.kind === 'Deser',
    );
    for (const { name, request } of steps) {
      expect(decodeDelegateRequest(fromHex(request ?? '')).ok, name).toBe(false);
    }
    expect(steps.length).toBeGreaterThan(8);
  });

  it('ids, labels, digests and contract keys', () => {
    for (const actor of Object.values(actors)) {
      const vk = fromHex(actor.verifying_key);
      expect(toHex(verifyingKeyOf(fromHex(actor.seed)))).toBe(actor.verifying_key);
      expect(memberId(vk)).toBe(BigInt(actor.member_id));
    }
    let ids = 0;
    for (const record of signatures) {
      const signature = fromHex(record.signature);
      if (record.id !== undefined) {
        expect((record.type === 'ban' ? banId : messageId)({ signature })).toBe(BigInt(record.id));
        ids += 1;
      }
      const digest = record.digest ?? record.purge_token;
      if (digest !== undefined) expect(toHex(signatureDigest(signature))).toBe(digest);
    }
    expect(ids).toBeGreaterThan(20);
    expect(fastHash(Uint8Array.of(1, 2, 3, 4))).toBe(31810n);
    expect(fastHash(new Uint8Array(32).fill(255))).toBe(-5686018109754196480n);
    expect(memberLabel(2320490862205064288n)).toBe('MDKEKCRF');
    expect(memberIdHex(-7897887384652584304n)).toBe('92651144b9be6a90');
    for (const room of user.rooms) {
      expect(
        toHex(roomContractKey(fromHex(contract.blake3), fromHex(room.owner_vk)).instance),
      ).toBe(room.instance_id);
    }
  });
});

describe('values put together by hand', () => {
  const owner = fromHex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');

  it('lists and stores that are empty', () => {
    expect(toHex(encode(roomsMeta, EMPTY_ROOMS_META))).toBe(
      'a37063757272656e745f726f6f6d5f6b6579f6726e6f74696669636174696f6e5f6d6f646573a06a726f6f6d5f6f7264657280',
    );
    expect(toHex(encode(outboundDmStore, EMPTY_OUTBOUND_DM_STORE))).toBe(
      'a267656e7472696573806e68696464656e5f7468726561647380',
    );
    for (const codec of [roomsMeta, outboundDmStore]) {
      const none = decode(codec as Codec<object>, Uint8Array.of(0xa0));
      expect(none.ok).toBe(true);
    }
  });

  it('a store of sent direct messages', () => {
    const roomOwnerVk = new Uint8Array(32).fill(9);
    const nines = '09'.repeat(32);
    const store = encode(outboundDmStore, {
      entries: [
        {
          roomOwnerVk,
          sender: 0xdeadbeefn,
          recipient: -2n,
          purgeToken: new Uint8Array(16).fill(0xab),
          timestamp: 1_700_000_000n,
          plaintext: 'hello, world',
        },
      ],
      hiddenThreads: [{ roomOwnerVk, peer: -2n, hiddenAtTs: 1_700_000_000n }],
      unknown: [],
    });
    expect(toHex(store)).toBe(
      `a267656e747269657381a66d726f6f6d5f6f776e65725f766b9820${nines}6673656e6465721adeadbeef` +
        `69726563697069656e74216b70757267655f746f6b656e50${'ab'.repeat(16)}6974696d657374616d701a6553f100` +
        '69706c61696e746578746c68656c6c6f2c20776f726c64' +
        `6e68696464656e5f7468726561647381a36d726f6f6d5f6f776e65725f766b9820${nines}6470656572216c68696464656e5f61745f74731a6553f100`,
    );
  });

  it("a person's own part of a room", () => {
    const own = encode(ownRoomData, {
      ownerVk: owner,
      selfSk: new Uint8Array(32).fill(1),
      selfVk: null,
      contractKey: { instance: new Uint8Array(32).fill(2), code: new Uint8Array(32).fill(3) },
      lastReadMessageId: -2587497886351928606n,
      selfAuthorizedMember: null,
      inviteChain: [],
      selfMemberInfo: null,
      selfNickname: 'Ann',
      previousContractKey: null,
      invitationSecrets: [[0, new Uint8Array(32).fill(5)]],
      unknown: [],
    });
    expect(toHex(own)).toBe(
      `ab686f776e65725f766b5820${toHex(owner)}6773656c665f736b5820${'01'.repeat(32)}6773656c665f766bf6` +
        `6c636f6e74726163745f6b6579a268696e7374616e63659820${'02'.repeat(32)}64636f64659820${'03'.repeat(32)}` +
        '746c6173745f726561645f6d6573736167655f69643b23e8a39e5514ad1d' +
        '7673656c665f617574686f72697a65645f6d656d626572f66c696e766974655f636861696e80' +
        '7073656c665f6d656d6265725f696e666ff66d73656c665f6e69636b6e616d6563416e6e' +
        `7570726576696f75735f636f6e74726163745f6b6579f672696e7669746174696f6e5f73656372657473a1009820${'05'.repeat(32)}`,
    );
    // a code hash that is missing, from before it was written, is read all the same
    const older = toHex(own).replace(`64636f64659820${'03'.repeat(32)}`, '64636f6465f6');
    const read = decode(ownRoomData, fromHex(older));
    expect(read.ok && read.value.contractKey.code).toBeNull();
  });
});
