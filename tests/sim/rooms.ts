import { nativeVerifier } from '../../host/node/ed25519-verifier.ts';
import { ROOM_CONTRACT_CODE_HASH } from '../../host/node/river-rules.ts';
import { composeJoining } from '../../src/persist/join.ts';
import { delegateKeyOfRoom } from '../../src/persist/room-keys.ts';
import { decode, encode } from '../../src/river/cbor/codec.ts';
import { editRoom, type EditRoom } from '../../src/river/edits/author.ts';
import { composeConfiguration } from '../../src/river/edits/configuration.ts';
import { createRoom } from '../../src/river/edits/create-room.ts';
import { composeDirectMessage } from '../../src/river/edits/direct-messages.ts';
import { composeText } from '../../src/river/edits/messages.ts';
import type { MemberId } from '../../src/river/ids.ts';
import { signatureDigest } from '../../src/river/ids.ts';
import { createInvitation } from '../../src/river/invitation.ts';
import { verifyingKeyOf } from '../../src/river/keys.ts';
import type { OutboundDm } from '../../src/river/outbound-dms.ts';
import { roomSlot, type OwnRoomData, type RoomData } from '../../src/river/room-data.ts';
import { encodeMessage } from '../../src/river/room-parts.ts';
import {
  roomDelta,
  roomState,
  type RoomDelta,
  type RoomState,
} from '../../src/river/room-state/room-state.ts';
import { applyDelta } from '../../src/river/room.ts';
import { SignatureMemo } from '../../src/river/signatures/memo.ts';
import { timeFromMillis } from '../../src/river/system-time.ts';
import { Dice } from '../../src/river/testing/dice.ts';
import type { RoomKey } from '../../src/shared/brand.ts';
import { toBase58, toHex } from '../../src/shared/bytes.ts';
import { orThrow } from '../../src/shared/testing/or-throw.ts';

/** What a run can write is signed once per process: a signature costs more than a whole step. */
const MESSAGES_PER_ROOM = 64;
const OTHERS_PER_ROOM = 12;
const OLD_PER_ROOM = 6;
const DMS_PER_ROOM = 12;
const ROOMS = 2;
const CREATED_AT = 1_700_000_000_000;

/** A direct message to the room's other member, and its words. */
export interface SimDm {
  readonly name: string;
  readonly delta: RoomDelta;
  readonly outbound: OutboundDm;
}

export interface SimRoom {
  readonly room: RoomKey;
  /** Its owner's, whose devices all profiles are; one other member has joined. */
  readonly data: RoomData;
  readonly peer: MemberId;
  /** Each a message of its own, signed by the owner. */
  readonly messages: readonly RoomDelta[];
  /** Encoded updates, each a message of the other member. */
  readonly others: readonly Uint8Array[];
  /** What earlier delegates may have had before any of that, signed by the owner. */
  readonly old: readonly RoomDelta[];
  readonly dms: readonly SimDm[];
  /** Direct messages that another client keeps or that earlier delegates had: only their words are kept by the delegate. */
  readonly otherDms: readonly OutboundDm[];
}

/** One for all runs of the process: signatures that were verified once are known. */
export const memo = new SignatureMemo(nativeVerifier());

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

const renames = new Map<string, RoomDelta>();

/** Names of messages by their bytes, as rows and values hold them. */
const messageNames = new Map<string, string>();
/** Names of direct messages by their tokens, hex. */
const dmNames = new Map<string, string>();

export const rooms: readonly SimRoom[] = Array.from({ length: ROOMS }, (_, i) => makeRoom(i));

export const keyOfRoom = (room: number): string => delegateKeyOfRoom((rooms[room] as SimRoom).room);

function makeRoom(index: number): SimRoom {
  const random = new Dice(1000 + index);
  const created = orThrow(
    createRoom(
      {
        name: `room ${index}`,
        description: null,
        nickname: 'me',
        isPrivate: false,
        contractCodeHash: ROOM_CONTRACT_CODE_HASH,
        createdAt: timeFromMillis(CREATED_AT),
      },
      random,
    ),
  );
  const { own: guest, state, joined } = withGuest(created, random);
  messageNames.set(joined, `${index}<`);
  const data = { ...created, roomState: state };
  const edit = orThrow(editRoom(state, created, memo));
  const guestEdit = orThrow(editRoom(state, guest, memo));
  const said = (by: EditRoom, mark: string, at: number, ms: number): RoomDelta => {
    const moment = { time: timeFromMillis(CREATED_AT + ms), random };
    const composed = orThrow(composeText(by, `message ${mark}${at}`, moment));
    messageNames.set(latin1(encodeMessage(composed.message)), `${index}${mark}${at}`);
    return composed.delta;
  };
  const peer = guestEdit.author.id;
  const dm = (mark: string, at: number): SimDm => {
    const timestamp = BigInt(CREATED_AT / 1000 + at);
    const when = { timestamp, now: timestamp, random };
    const body = { type: 'Text', text: `for you ${mark}${at}` } as const;
    const { delta, outbound } = orThrow(composeDirectMessage(edit, peer, body, when));
    const name = `${index}${mark}${at}`;
    dmNames.set(toHex(outbound.purgeToken), name);
    return { name, delta, outbound };
  };
  return {
    room: toBase58(data.ownerVk) as RoomKey,
    data,
    peer,
    messages: times(MESSAGES_PER_ROOM, (at) => said(edit, '#', at, 1000 * at)),
    others: times(OTHERS_PER_ROOM, (at) =>
      encode(roomDelta, said(guestEdit, '@', at, 1000 * at + 500)),
    ),
    old: times(OLD_PER_ROOM, (at) => said(edit, '-', at, 1000 * at - 100_000)),
    dms: times(DMS_PER_ROOM, (at) => dm('!', at)),
    otherDms: times(DMS_PER_ROOM, (at) => dm('?', at).outbound),
  };
}

/** Somebody has joined, and says so, which keeps them listed. */
function withGuest(created: RoomData, random: Dice) {
  const { roomState: first, ...owner } = created;
  const invitation = orThrow(createInvitation(orThrow(editRoom(first, owner, memo)), random));
  const own: OwnRoomData = {
    ...owner,
    selfSk: invitation.inviteeSigningKey,
    selfVk: verifyingKeyOf(invitation.inviteeSigningKey),
    selfAuthorizedMember: invitation.invitee,
    selfMemberInfo: null,
    selfNickname: 'guest',
  };
  const clock = { now: () => CREATED_AT - 1000 };
  const joining = orThrow(composeJoining(first, own, { memo, clock, random }));
  const state = copyOfState(first);
  if (!joining.delta) throw new Error('there is nobody to join');
  orThrow(applyDelta(state, { owner: created.ownerVk }, joining.delta, memo));
  const [message] = joining.delta.recentMessages ?? [];
  if (!message) throw new Error('nobody says so');
  return { own: joining.own, state, joined: latin1(encodeMessage(message)) };
}

/** The room as an earlier delegate may have had it: with its first so many old messages. */
export function olderCopy({ data, old }: SimRoom, count: number): RoomData {
  const state = copyOfState(data.roomState);
  for (const delta of old.slice(0, count)) {
    orThrow(applyDelta(state, { owner: data.ownerVk }, delta, memo));
  }
  return { ...data, roomState: state };
}

function copyOfState(state: RoomState): RoomState {
  return orThrow(decode(roomState, encode(roomState, state)));
}

/** A rename as the room's present version takes it; each is signed once. */
export function renamed(index: number, state: RoomState, name: string): RoomDelta {
  const { configurationVersion } = state.configuration.configuration;
  const known = `${index} ${configurationVersion} ${name}`;
  let delta = renames.get(known);
  if (!delta) {
    const { roomState: _state, ...own } = (rooms[index] as SimRoom).data;
    const edit = orThrow(editRoom(state, own, memo));
    delta = orThrow(composeConfiguration(edit, { name }, new Dice(1))).delta;
    renames.set(known, delta);
  }
  return delta;
}

/** An order of the list, by the name that edits have for it. */
export function orderNamed(name: string): readonly RoomKey[] {
  const keys = rooms.map(({ room }) => room);
  return name === 'reversed' ? keys.toReversed() : keys;
}

/** @throws for bytes that no actor has written */
export function messageName(bytes: Uint8Array): string {
  const name = messageNames.get(latin1(bytes));
  if (name === undefined) throw new Error('a message that nobody has written');
  return name;
}

/** @param token hex. @throws for one that nobody has made */
export function dmName(token: string): string {
  const name = dmNames.get(token);
  if (name === undefined) throw new Error('a direct message that nobody has written');
  return name;
}

/** What a room says that is held somewhere. */
export interface HeldRoom {
  readonly isLeft: boolean;
  readonly messages: readonly string[];
  readonly version: number;
}

const readValues = new WeakMap<Uint8Array, HeldRoom>();

/** What a delegate's value says, or that the room was left. */
export function readValue(bytes: Uint8Array): HeldRoom {
  const known = readValues.get(bytes) ?? decodeValue(bytes);
  readValues.set(bytes, known);
  return known;
}

function decodeValue(bytes: Uint8Array): HeldRoom {
  const slot = orThrow(decode(roomSlot, bytes));
  if (slot.type === 'Tombstone') return { isLeft: true, messages: [], version: 0 };
  return heldOf(slot.room.roomState);
}

/** What a contract's state says. */
export function readState(bytes: Uint8Array): HeldRoom {
  const known = readValues.get(bytes) ?? heldOf(orThrow(decode(roomState, bytes)));
  readValues.set(bytes, known);
  return known;
}

/** Direct messages are among the messages, by the names of their words. */
function heldOf({ configuration, recentMessages, directMessages }: RoomState): HeldRoom {
  return {
    isLeft: false,
    messages: [
      ...recentMessages.map((message) => messageName(encodeMessage(message))),
      ...directMessages.messages.map((each) =>
        dmName(toHex(signatureDigest(each.senderSignature))),
      ),
    ],
    version: configuration.configuration.configurationVersion,
  };
}

function times<T>(count: number, make: (at: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, at) => make(at));
}
