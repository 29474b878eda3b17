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
import { outboundDmStore } from './outbound-dms.ts';
import { roomSlot } from './room-data.ts';
import { roomDelta, roomState } from './room-state/room-state.ts';
import { roomSummary } from './room-state/summary.ts';
import { roomsBlob } from './rooms-blob.ts';
import { roomsMeta } from './rooms-meta.ts';
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

  it('every room, slot and list of a whole user', () => {
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
