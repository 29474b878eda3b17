import { createPrivateKey, createPublicKey, sign as signNatively } from 'node:crypto';
import { encode } from '../../src/river/cbor/codec.ts';
import { encodeContent, type Content } from '../../src/river/content.ts';
import { roomContractKey } from '../../src/river/contract-key.ts';
import { memberId, messageId } from '../../src/river/ids.ts';
import { roomSlot, type RoomData } from '../../src/river/room-data.ts';
import { configuration } from '../../src/river/room-state/configuration.ts';
import { EMPTY_DIRECT_MESSAGES } from '../../src/river/room-state/direct-messages.ts';
import { memberInfo } from '../../src/river/room-state/member-info.ts';
import { member } from '../../src/river/room-state/members.ts';
import {
  compareMessages,
  message,
  type AuthorizedMessage,
} from '../../src/river/room-state/messages.ts';
import { timeFromMillis } from '../../src/river/system-time.ts';
import type { RoomKey } from '../../src/shared/brand.ts';
import { concatBytes, fromHex, toBase58, utf8 } from '../../src/shared/bytes.ts';

export interface LargeRoomOptions {
  readonly name: string;
  /** Tells its keys from those of other rooms. */
  readonly seed: number;
  /** Each has written something, or the room's rules would drop them. */
  readonly members: number;
  readonly messages: number;
  /** When the newest was written, ms. */
  readonly until: number;
}

export interface LargeRoom {
  readonly room: RoomKey;
  readonly data: RoomData;
  /** As the delegate keeps it. */
  readonly slot: Uint8Array;
  /** Says more, as any of its members but the person (number 0). */
  says(by: number, at: number, content: Content): AuthorizedMessage;
}

const PKCS8 = fromHex('302e020100300506032b657004220420');
const MINUTE = 60_000;

interface Signer {
  readonly seed: Uint8Array;
  readonly key: Uint8Array;
  readonly id: bigint;
  sign(bytes: Uint8Array): Uint8Array;
}

function signer(room: number, n: number): Signer {
  const seed = new Uint8Array(32).fill(room);
  new DataView(seed.buffer).setUint32(0, n + 1);
  const native = createPrivateKey({
    key: Buffer.from(concatBytes([PKCS8, seed])),
    format: 'der',
    type: 'pkcs8',
  });
  const key = new Uint8Array(
    createPublicKey(native).export({ format: 'der', type: 'spki' }).subarray(-32),
  );
  return {
    seed,
    key,
    id: memberId(key),
    sign: (bytes) => new Uint8Array(signNatively(null, bytes, native)),
  };
}

const WORDS =
  'The gate at the upper weir holds and the level is steady, though the forecast says rain until Thursday and the meadow is full.'.split(
    ' ',
  );

/** A sentence or three, of the length that people write. */
const wordsOf = (n: number): string =>
  `${n}: ${Array.from({ length: 4 + ((n * 7) % 37) }, (_, i) => WORDS[(n + i) % WORDS.length]).join(' ')}`;

/**
 * A room as it looks after years: many people, and of its messages one in twenty a reply, one in ten a reaction, some edits and deletions.
 * Everything is rightly signed. The person is its first member.
 */
export function largeRoom({
  name,
  seed,
  members: count,
  messages,
  until,
}: LargeRoomOptions): LargeRoom {
  const owner = signer(seed, -1);
  const people = Array.from({ length: count }, (_, n) => signer(seed, n));
  const says = (by: Signer, at: number, content: Content): AuthorizedMessage => {
    const contentType = { text: 1, reply: 3, join: 4 }[content.type as string] ?? 2;
    const body = {
      type: 'Public',
      contentType,
      contentVersion: 1,
      data: encodeContent(content),
    } as const;
    const said = { roomOwner: owner.id, author: by.id, time: timeFromMillis(at), content: body };
    return { message: said, signature: by.sign(encode(message, said)) };
  };
  const all: AuthorizedMessage[] = [];
  const texts: { readonly by: Signer; readonly id: bigint }[] = [];
  for (let n = 0; n < messages; n++) {
    const by = people[n % count] as Signer;
    const at = until - (messages - 1 - n) * 2 * MINUTE;
    const target = texts.at(-3);
    const content = contentOf(n, target?.id);
    const isOwn = content.type === 'edit' || content.type === 'delete';
    const said = says(isOwn && target ? target.by : by, at, content);
    all.push(said);
    if (content.type === 'text' || content.type === 'reply')
      texts.push({ by, id: messageId(said) });
  }
  const settings = {
    ownerMemberId: owner.id,
    configurationVersion: 2,
    privacyMode: 'Public',
    display: { name: { type: 'Public', value: utf8(name) }, description: null },
    maxRecentMessages: messages + 1_000,
    maxUserBans: 10,
    maxMessageSize: 1_000,
    maxNicknameSize: 50,
    maxMembers: count + 10,
    maxRoomName: 100,
    maxRoomDescription: 500,
    maxDirectMessages: null,
  } as const;
  const self = people[0] as Signer;
  const infos = people.map((each, n) => {
    const preferredNickname = { type: 'Public', value: utf8(`Person ${n}`) } as const;
    const info = { memberId: each.id, version: 1, preferredNickname, deputies: [] };
    return { memberInfo: info, signature: each.sign(encode(memberInfo, info)) };
  });
  const listed = people.map((each) => {
    const record = { ownerMemberId: owner.id, invitedBy: owner.id, memberVk: each.key };
    return { member: record, signature: owner.sign(encode(member, record)) };
  });
  const byId = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
  const data: RoomData = {
    ownerVk: owner.key,
    roomState: {
      configuration: {
        configuration: settings,
        signature: owner.sign(encode(configuration, settings)),
      },
      bans: [],
      members: listed.sort((a, b) =>
        byId(memberId(a.member.memberVk), memberId(b.member.memberVk)),
      ),
      memberInfo: infos.sort((a, b) => byId(a.memberInfo.memberId, b.memberInfo.memberId)),
      secrets: { currentVersion: 0, versions: [], encryptedSecrets: [] },
      recentMessages: all.sort(compareMessages),
      directMessages: EMPTY_DIRECT_MESSAGES,
      upgrade: null,
      version: 1,
    },
    selfSk: self.seed,
    selfVk: null,
    contractKey: roomContractKey(owner.key, new Uint8Array(32)),
    lastReadMessageId: messageId(all.at(-1) as AuthorizedMessage),
    selfAuthorizedMember: listed.find(({ member: { memberVk } }) => memberVk === self.key) ?? null,
    inviteChain: [],
    selfMemberInfo: infos.find((info) => info.memberInfo.memberId === self.id) ?? null,
    selfNickname: 'Person 0',
    previousContractKey: null,
    invitationSecrets: [],
    unknown: [],
  };
  return {
    room: toBase58(owner.key) as RoomKey,
    data,
    slot: encode(roomSlot, { type: 'Present', room: data }),
    says: (by, at, content) => says(people[by] as Signer, at, content),
  };
}

function contentOf(n: number, target: bigint | undefined): Content {
  if (target === undefined) return { type: 'text', text: wordsOf(n) };
  if (n % 10 === 9) return { type: 'react', target, emoji: n % 20 === 9 ? '👍' : '🌊' };
  if (n % 100 === 51) return { type: 'edit', target, newText: `${n}, as it should have been said` };
  if (n % 200 === 71) return { type: 'delete', target };
  if (n % 20 !== 5) return { type: 'text', text: wordsOf(n) };
  const forOldClients = { targetAuthorName: '', targetContentPreview: '' };
  return { type: 'reply', text: wordsOf(n), targetMessageId: target, ...forOldClients };
}
