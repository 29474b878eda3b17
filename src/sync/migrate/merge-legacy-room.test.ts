import { describe, expect, it } from 'vitest';
import { awaitingRoom, isAwaiting } from '../../persist/awaiting-room.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { createRoom } from '../../river/edits/create-room.ts';
import type { OwnRoomData, RoomData } from '../../river/room-data.ts';
import { decodeOwn } from '../../river/room-parts.ts';
import { roomContractKey } from '../../river/contract-key.ts';
import { SignatureMemo } from '../../river/signatures/memo.ts';
import { timeFromMillis } from '../../river/system-time.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { toBase58 } from '../../shared/bytes.ts';
import { systemRandom } from '../../shared/random.ts';
import { created, merged, whyInvalid, type Prepared } from './merge-legacy-room.ts';
import type { Decision } from './ranks.ts';

const [THEN, NOW] = [new Uint8Array(32).fill(7), new Uint8Array(32).fill(8)];
const memo = new SignatureMemo();
const KEEP: Decision = { status: 'present', copyFirst: false };
const ADOPT: Decision = { status: 'present', copyFirst: true };

function makeRoom(): RoomData {
  const made = createRoom(
    {
      name: 'Harbour',
      description: null,
      nickname: 'Marit',
      isPrivate: false,
      contractCodeHash: THEN,
      createdAt: timeFromMillis(1_800_000_000_000),
    },
    systemRandom,
  );
  if (!made.ok) throw new Error(made.error.type);
  return made.value;
}

const keyOf = ({ ownerVk }: OwnRoomData): RoomKey => toBase58(ownerVk) as RoomKey;

const awaited = (of: RoomData, selfSk = systemRandom.bytes(32)): RoomData =>
  awaitingRoom({
    owner: of.ownerVk,
    selfSk,
    authorizedMember: null,
    inviteChain: [],
    memberInfo: null,
    nickname: 'Theo',
    secrets: [[0, new Uint8Array(32).fill(1)]],
    contractCodeHash: NOW,
  });

function loaded({ roomState, ...own }: RoomData): LoadedRoom {
  return {
    room: keyOf(own),
    rev: 4,
    status: 'present',
    own,
    state: roomState,
    params: { owner: own.ownerVk },
    seqs: new Map(),
    lastRead: null,
    muted: new Set(),
  };
}

function prepared(held: RoomData, copy: RoomData, decision: Decision): Prepared {
  const result = merged({ memo, codeHash: NOW }, loaded(held), copy, decision);
  if (typeof result === 'string') throw new Error(result);
  return result;
}

function ownIn({ rows }: Prepared): OwnRoomData {
  const own = decodeOwn(rows.parts.own ?? new Uint8Array());
  if (!own.ok) throw own.error;
  return own.value;
}

describe('a copy of a room from an earlier delegate', () => {
  it('is written as a new room under the contract of now, which names where it lay before', () => {
    const copy = makeRoom();
    const own = ownIn(created(NOW, keyOf(copy), copy, KEEP));
    expect(own.contractKey).toEqual(roomContractKey(NOW, copy.ownerVk));
    expect(own.previousContractKey).toEqual(copy.contractKey);
  });

  it('A39: lets an awaited room arrive for the same person, and unites secrets', () => {
    const copy: RoomData = {
      ...makeRoom(),
      invitationSecrets: [[1, new Uint8Array(32).fill(2)]],
    };
    const held = awaited(copy, copy.selfSk ?? undefined);
    const result = prepared(held, copy, KEEP);
    expect([result.rows.remove, result.rows.expectedRev, result.loser]).toEqual([
      'all',
      4,
      undefined,
    ]);
    const own = ownIn(result);
    expect(own.invitationSecrets.map(([version]) => version)).toEqual([0, 1]);
    expect(own.selfNickname).toBe('Theo');
  });

  it('does not let it arrive for another person, whose key stays in use; the copy’s key is archived', () => {
    const copy = makeRoom();
    const held = awaited(copy);
    expect(isAwaiting(held.roomState)).toBe(true);
    const result = prepared(held, copy, KEEP);
    expect(result.rows.parts).toEqual({});
    expect(result.rows.put).toEqual([]);
    expect(result.loser?.selfSk).toEqual(copy.selfSk);
  });

  it('that is newer brings its identity with all that belongs to it; the other key is archived', () => {
    const held = makeRoom();
    const copy: RoomData = {
      ...held,
      selfSk: systemRandom.bytes(32),
      selfVk: null,
      selfMemberInfo: null,
      selfNickname: null,
    };
    const result = prepared(held, copy, ADOPT);
    const own = ownIn(result);
    expect(own.selfSk).toEqual(copy.selfSk);
    expect(own.selfMemberInfo).toBeNull(); // signed by the other key
    expect(own.selfNickname).toBe(held.selfNickname);
    expect(result.loser?.selfSk).toEqual(held.selfSk);
  });

  it('is refused under another room’s name, or with a signature that does not hold', async () => {
    const copy = makeRoom();
    expect(await whyInvalid(memo, keyOf(makeRoom()), copy)).toContain('owner_vk');
    const { configuration } = copy.roomState;
    const forged: RoomData = {
      ...copy,
      roomState: {
        ...copy.roomState,
        configuration: { ...configuration, signature: new Uint8Array(64) },
      },
    };
    expect(await whyInvalid(memo, keyOf(copy), forged)).toBeTruthy();
    expect(await whyInvalid(memo, keyOf(copy), copy)).toBeUndefined();
  });
});
