import { describe, expect, it } from 'vitest';
import { readVectors } from '../../../tests/support/vectors.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { dmRow } from '../../persist/outbound-rows.ts';
import type { DmThreadRow, OutboundDmRow } from '../../persist/schema.ts';
import { encode } from '../../river/cbor/codec.ts';
import type { DirectMessageBody } from '../../river/dm-body.ts';
import { editRoom, type EditRoom } from '../../river/edits/author.ts';
import { composeDirectMessage, composePurge } from '../../river/edits/direct-messages.ts';
import type { MemberId } from '../../river/ids.ts';
import { createInvitation, invitation } from '../../river/invitation.ts';
import type { OutboundDm } from '../../river/outbound-dms.ts';
import type { RoomDelta } from '../../river/room-state/room-state.ts';
import { SignatureMemo } from '../../river/signatures/memo.ts';
import { applyVerified, must } from '../../river/testing/edits.ts';
import { edit, loadRoom, moment, type LoadedRoom as Recorded } from '../../river/testing/rooms.ts';
import type { UserDataVectors } from '../../river/testing/vectors.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { fromHex, toBase58 } from '../../shared/bytes.ts';
import { dmText } from './dm-text.ts';
import { dmsOf, type DmsContext } from './dms-of.ts';

const vectors = readVectors<UserDataVectors>('user-data');
const { random } = moment();
const NOW = 1_900_000_000n;

/** The recorded room in which Marit is the person, and Anouk somebody else. */
class Talk {
  readonly #room: Recorded = loadRoom(vectors, 'small public room');
  readonly #kept: OutboundDmRow[] = [];
  readonly threads: DmThreadRow[] = [];
  readonly anouk: MemberId;
  readonly #anoukSeed: Uint8Array;
  #time = NOW;

  constructor() {
    const { anouk } = this.#room.vector.actors;
    if (!anouk) throw new Error('no actor');
    this.anouk = BigInt(anouk.member_id) as MemberId;
    this.#anoukSeed = fromHex(anouk.seed);
  }

  get key(): RoomKey {
    return toBase58(this.#room.params.owner) as RoomKey;
  }

  get me(): EditRoom {
    return edit(this.#room);
  }

  get them(): EditRoom {
    const own = { ...this.#room.own, selfSk: this.#anoukSeed };
    const room = editRoom(this.#room.state, own, new SignatureMemo());
    if (!room.ok) throw new Error(room.error.type);
    return room.value;
  }

  async write(from: EditRoom, to: MemberId, body: DirectMessageBody): Promise<OutboundDm> {
    this.#time += 1n;
    const when = { timestamp: this.#time, now: this.#time, random };
    const { delta, outbound } = must(composeDirectMessage(from, to, body, when));
    await this.apply(delta);
    return outbound;
  }

  apply(delta: RoomDelta): Promise<unknown> {
    return applyVerified(this.#room, delta);
  }

  async say(text: string, seq?: number): Promise<OutboundDm> {
    const sent = await this.write(this.me, this.anouk, { type: 'Text', text });
    this.#kept.push(dmRow(sent, seq));
    return sent;
  }

  hear(body: DirectMessageBody): Promise<OutboundDm> {
    return this.write(this.them, this.me.author.id, body);
  }

  shown(more: Partial<DmsContext> = {}) {
    const { state, own, params } = this.#room;
    const loaded: LoadedRoom = {
      room: this.key,
      rev: 1,
      status: 'present',
      own,
      state,
      params,
      seqs: new Map(),
      lastRead: null,
      muted: new Set(),
    };
    const context = {
      memo: new SignatureMemo(),
      invitations: new Map<string, never>(),
      origin: 'http://localhost:7520',
      onNode: 0,
      inRoom: 0,
      peer: undefined,
      muted: new Set<string>(),
      readFrom: undefined,
    };
    return dmsOf(loaded, { dms: this.#kept, threads: this.threads }, { ...context, ...more });
  }

  /** The conversation with Anouk. */
  thread(more: Partial<DmsContext> = {}) {
    const thread = this.shown(more).threads.find(({ peer }) => peer === String(this.anouk));
    if (!thread) throw new Error('no conversation');
    return thread;
  }
}

const said = (text: string): DirectMessageBody => ({ type: 'Text', text });

describe('direct messages on screen', () => {
  it('are in order, both sides, with where one’s own are as far as receipts prove', async () => {
    const talk = new Talk();
    await talk.say('Hello', 3);
    await talk.hear(said('Who is it?'));
    await talk.say('Me', 9);
    const deliveries = (more: Partial<DmsContext>) =>
      talk.thread(more).messages.map(({ text, delivery }) => [text, delivery]);
    expect(deliveries({ onNode: 2, inRoom: 0 })).toEqual([
      ['Hello', 'stored-here'],
      ['Who is it?', undefined],
      ['Me', 'stored-here'],
    ]);
    expect(deliveries({ onNode: 9, inRoom: 3 }).map(([, where]) => where)).toEqual([
      'in-room',
      undefined,
      'on-node',
    ]);
  });

  it('that can’t be read are shown as such', async () => {
    const talk = new Talk();
    await talk.write(talk.me, talk.anouk, said('from another device'));
    const { messages } = talk.thread();
    expect(messages.map(({ kind, placeholder }) => [kind, placeholder])).toEqual([
      ['unreadable', dmText.unreadable['not-kept']],
    ]);
  });

  it('are unread until they were on screen, or answered', async () => {
    const talk = new Talk();
    const first = await talk.hear(said('one'));
    await talk.hear(said('two'));
    expect(talk.thread()).toMatchObject({
      unread: 2,
      firstUnreadId: talk.thread().messages[0]?.id,
    });
    talk.threads.push({ room: talk.key, peer: String(talk.anouk), seen: first.timestamp });
    expect(talk.thread().unread).toBe(1);
    await talk.say('an answer');
    expect(talk.thread().unread).toBe(0);
    // where reading began the divider stays while the conversation is open
    const open = talk.thread({ peer: String(talk.anouk), readFrom: first.timestamp });
    expect(open.firstUnreadId).toBe(open.messages[1]?.id);
  });

  it('are archived until something newer comes', async () => {
    const talk = new Talk();
    const { timestamp } = await talk.hear(said('old'));
    talk.threads.push({ room: talk.key, peer: String(talk.anouk), hiddenAt: timestamp });
    expect(talk.thread()).toMatchObject({ isHidden: true, unread: 0 });
    await talk.hear(said('new'));
    expect(talk.thread()).toMatchObject({ isHidden: false, unread: 2 });
  });

  it('begin empty with a member whose conversation is opened, and with nobody else', () => {
    const talk = new Talk();
    expect(talk.shown().threads).toEqual([]);
    expect(talk.thread({ peer: String(talk.anouk) })).toMatchObject({ messages: [], received: 0 });
    expect(talk.shown({ peer: '1' }).threads).toEqual([]);
    expect(talk.shown({ peer: String(talk.me.author.id) }).threads).toEqual([]);
  });

  it('carry an invitation as a link, never one for another room than it names', async () => {
    const talk = new Talk();
    const made = must(createInvitation(talk.them, random));
    const invitationPayload = encode(invitation, made);
    await talk.hear({
      type: 'Invite',
      invite: { roomOwnerVk: made.room, invitationPayload, personalMessage: 'Come over' },
    });
    const forged = made.invitee.member.memberVk;
    await talk.hear({
      type: 'Invite',
      invite: { roomOwnerVk: forged, invitationPayload, personalMessage: null },
    });
    const [good, bad] = talk.thread().messages;
    expect(good?.text).toMatch(/^Come over\nhttp:\/\/localhost:7520\/\?invitation=\w+$/);
    expect(bad).toMatchObject({
      kind: 'unreadable',
      placeholder: dmText.unreadable['another-room'],
    });
  });

  it('that were deleted by their recipient are gone, and those who keep too many are warned', async () => {
    const talk = new Talk();
    const { purgeToken } = await talk.say('forget this');
    await talk.apply(must(composePurge(talk.them, [purgeToken])).delta);
    expect(talk.shown().threads).toEqual([]);
    for (let i = 0; i < 100; i++) await talk.say(`number ${i}`);
    expect(talk.thread()).toMatchObject({ warning: dmText.pairFull(100) });
  });
});
