import { describe, expect, it } from 'vitest';
import { readVectors } from '../../../tests/support/vectors.ts';
import { toHex } from '../../shared/bytes.ts';
import { encode } from '../cbor/codec.ts';
import { messageId } from '../ids.ts';
import { EMPTY_DELTA, roomState } from '../room-state/room-state.ts';
import { applyDelta } from '../room.ts';
import { RoomView } from '../room-view.ts';
import { as, edit, loadRoom, moment, type LoadedRoom } from '../testing/rooms.ts';
import { applyVerified, must, refusal } from '../testing/edits.ts';
import type { UserDataVectors } from '../testing/vectors.ts';
import type { EditRoom } from './author.ts';
import { composeConfiguration } from './configuration.ts';
import {
  composeDelete,
  composeEdit,
  composeJoin,
  composeReaction,
  composeReply,
  composeText,
  longestText,
  measureContent,
  type ComposedMessage,
} from './messages.ts';

const vectors = readVectors<UserDataVectors>('user-data');
const load = (name: string): LoadedRoom => loadRoom(vectors, name);

/** Applies a message: it must be what the room gains. */
async function send(room: LoadedRoom, { message, delta }: ComposedMessage): Promise<void> {
  expect((await applyVerified(room, delta)).messagesAdded).toEqual([message]);
}

const newest = (room: LoadedRoom) => new RoomView(room.state, room.own).messages(1)[0];

describe('a text', () => {
  it('is signed, valid in the room and shown there', async () => {
    for (const name of ['small public room', 'lively public room', 'private room']) {
      const room = load(name);
      await send(room, must(composeText(edit(room), `in ${name} 🌱`, moment())));
      expect(newest(room)).toMatchObject({ text: `in ${name} 🌱`, isMine: true, kind: 'text' });
    }
  });

  it('is sealed with the current secret in a private room', () => {
    const room = load('private room');
    const { message } = must(composeText(edit(room), 'hidden', moment()));
    expect(message.message.content).toMatchObject({ type: 'Private', secretVersion: 1 });
    expect(toHex(encode(roomState, room.state))).toBe(room.vector.state);
  });

  it('as long as the room allows is taken, one byte longer is refused before signing', async () => {
    for (const name of ['limits', 'private room']) {
      const room = load(name);
      const { configuration } = room.state.configuration;
      const longest = longestText(configuration);
      expect(longest).toBe(name === 'limits' ? 991 : 975);
      await send(room, must(composeText(edit(room), 'x'.repeat(longest), moment())));
      const over = composeText(edit(room), 'x'.repeat(longest + 1), moment());
      expect(over).toEqual({
        ok: false,
        error: { type: 'TooLong', what: 'message', bytes: 1001, maxBytes: 1000 },
      });
    }
    expect(refusal(composeText(edit(load('limits')), '', moment()))).toBe('Empty');
  });

  it('is measured as its encoding is long, at every step of the length head', () => {
    const { configuration } = load('limits').state.configuration;
    for (const maxMessageSize of [
      6, 7, 29, 30, 31, 32, 33, 262, 263, 264, 265, 266, 1000, 65_543, 65_546, 70_000,
    ]) {
      const longest = longestText({ ...configuration, maxMessageSize });
      const fits = (length: number): boolean =>
        measureContent({ type: 'text', text: 'x'.repeat(length) }, false) <= maxMessageSize;
      if (maxMessageSize >= 7) expect(fits(longest), `${maxMessageSize}`).toBe(true);
      expect(fits(longest + 1), `${maxMessageSize}`).toBe(false);
    }
  });

  it('of someone who was dropped for silence brings their records along', async () => {
    const room = load('lively public room');
    const self = room.own.selfAuthorizedMember;
    if (!self) throw new Error('no record');
    const listed = room.state.members.length;
    // without their messages the next clean-up drops the person
    const selfId = edit(room).author.id;
    room.state.recentMessages = room.state.recentMessages.filter(
      ({ message }) => message.author !== selfId,
    );
    applyDelta(room.state, room.params, EMPTY_DELTA, room.memo);
    expect(new RoomView(room.state, room.own).members.some(({ isSelf }) => isSelf)).toBe(false);
    const composed = must(composeText(edit(room), 'back again', moment()));
    expect(composed.delta.members?.length).toBeGreaterThan(0);
    expect(composed.delta.memberInfo?.length).toBe(1);
    await send(room, composed);
    expect(newest(room)).toMatchObject({ text: 'back again', authorName: 'Marit', isMine: true });
    expect(room.state.members.length).toBeLessThanOrEqual(listed);
  });

  it('is refused without key, without membership, or where the secret is missing', () => {
    const room = load('private room');
    const stranger: EditRoom['author'] = {
      ...edit(room).author,
      id: 7n,
      authorizedMember: null,
    };
    const without = { ...edit(room), author: { ...edit(room).author, secrets: new Map() } };
    expect(refusal(composeText({ ...edit(room), author: stranger }, 'x', moment()))).toBe(
      'NotAMember',
    );
    expect(refusal(composeText(without, 'x', moment()))).toBe('SecretMissing');
    expect(refusal(composeJoin(without, moment()))).toBe('made');
  });

  it('is refused from someone who is banned', () => {
    const room = load('lively public room');
    const { spam1 } = room.vector.actors;
    if (!spam1) throw new Error('no actor');
    const banned = as(room, spam1);
    const record = {
      member: { ownerMemberId: 0n, invitedBy: 0n, memberVk: banned.author.verifyingKey },
      signature: new Uint8Array(64),
    };
    const ownerId = new RoomView(room.state, room.own).ownerId;
    const author = {
      ...banned.author,
      authorizedMember: { ...record, member: { ...record.member, invitedBy: ownerId } },
    };
    expect(refusal(composeText({ ...banned, author }, 'buy', moment()))).toBe('Banned');
  });
});

describe('messages about messages', () => {
  it('edit, answer, react to and delete, and are shown so', async () => {
    for (const name of ['small public room', 'private room']) {
      const room = load(name);
      const first = must(composeText(edit(room), 'first', moment(1_900_000_000_000)));
      await send(room, first);
      const id = messageId(first.message);
      await send(room, must(composeEdit(edit(room), id, 'second', moment(1_900_000_001_000))));
      await send(
        room,
        must(composeReaction(edit(room), 'react', id, '🌧', moment(1_900_000_002_000))),
      );
      expect(newest(room)).toMatchObject({
        text: 'second',
        isEdited: true,
        reactions: [{ emoji: '🌧', isMine: true, names: ['Marit'] }],
      });
      await send(
        room,
        must(composeReaction(edit(room), 'unreact', id, '🌧', moment(1_900_000_003_000))),
      );
      expect(newest(room)?.reactions).toEqual([]);
      await send(room, must(composeReply(edit(room), id, 'third', moment(1_900_000_004_000))));
      expect(newest(room)).toMatchObject({
        kind: 'reply',
        text: 'third',
        replyTo: { type: 'quote', authorName: 'Marit', text: 'second' },
      });
      await send(room, must(composeDelete(edit(room), id, moment(1_900_000_005_000))));
      expect(newest(room)).toMatchObject({ text: 'third', replyTo: { type: 'unavailable' } });
      expect(refusal(composeEdit(edit(room), id, 'x', moment()))).toBe('NoSuchMessage');
    }
  });

  it('change only own messages', () => {
    const room = load('small public room');
    const other = new RoomView(room.state, room.own).messages().find(({ isMine }) => !isMine);
    if (!other) throw new Error('no message of others');
    expect(refusal(composeEdit(edit(room), other.id, 'mine', moment()))).toBe('NotYourMessage');
    expect(refusal(composeDelete(edit(room), other.id, moment()))).toBe('NotYourMessage');
    expect(refusal(composeReaction(edit(room), 'react', other.id, '👍', moment()))).toBe('made');
    expect(refusal(composeReply(edit(room), 1n, 'to nobody', moment()))).toBe('NoSuchMessage');
  });
});

describe('a configuration', () => {
  it('is signed with the next version, and sealed in a private room', async () => {
    for (const name of ['small public room', 'own private room']) {
      const room = load(name);
      const before = room.state.configuration.configuration;
      const { configuration, delta } = must(
        composeConfiguration(edit(room), { name: 'Neu 🌿', description: null }, moment().random),
      );
      expect(configuration.configuration.configurationVersion).toBe(
        before.configurationVersion + 1,
      );
      expect(configuration.configuration.display.name.type).toBe(before.privacyMode);
      const { fields } = await applyVerified(room, delta);
      expect([...fields]).toEqual(['configuration']);
      const view = new RoomView(room.state, room.own);
      expect([view.name, view.description]).toEqual(['Neu 🌿', null]);
    }
  });

  it('changes limits and keeps what is not named', () => {
    const room = load('small public room');
    const { name, description } = room.state.configuration.configuration.display;
    const change = { limits: { maxRecentMessages: 42, maxDirectMessages: 7 } };
    const made = must(composeConfiguration(edit(room), change, moment().random));
    expect(made.configuration.configuration).toMatchObject({
      maxRecentMessages: 42,
      maxDirectMessages: 7,
      display: { name, description },
    });
  });

  it('is refused to others, when it breaks a rule, and without the secret', () => {
    const own = load('small public room');
    const { random } = moment();
    const compose = (change: Parameters<typeof composeConfiguration>[1]) =>
      composeConfiguration(edit(own), change, random);
    expect(refusal(composeConfiguration(edit(load('limits')), { name: 'x' }, random))).toBe(
      'NotOwner',
    );
    expect(compose({ name: 'ü'.repeat(51) })).toEqual({
      ok: false,
      error: { type: 'TooLong', what: 'name', bytes: 102, maxBytes: 100 },
    });
    expect(refusal(compose({ name: '' }))).toBe('Empty');
    expect(compose({ limits: { maxMembers: 0 } })).toEqual({
      ok: false,
      error: { type: 'BreaksRule', reason: 'a limit of zero' },
    });
    expect(refusal(compose({ limits: { maxRoomName: 3 } }))).toBe('BreaksRule');
    const sealed = load('own private room');
    const blind = { ...edit(sealed), author: { ...edit(sealed).author, secrets: new Map() } };
    expect(refusal(composeConfiguration(blind, { name: 'x' }, random))).toBe('SecretMissing');
    expect(refusal(composeConfiguration(blind, { limits: { maxMembers: 9 } }, random))).toBe(
      'made',
    );
  });
});
