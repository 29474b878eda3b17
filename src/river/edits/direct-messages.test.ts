import { describe, expect, it } from 'vitest';
import { readVectors } from '../../../tests/support/vectors.ts';
import { fromHex, toHex } from '../../shared/bytes.ts';
import { signatureDigest } from '../ids.ts';
import { type OwnRoomData } from '../room-data.ts';
import { RoomView } from '../room-view.ts';
import { edit, loadRoom, moment, type LoadedRoom } from '../testing/rooms.ts';
import { applyVerified, must, refusal } from '../testing/edits.ts';
import type { UserDataVectors } from '../testing/vectors.ts';
import { composeDirectMessage, composePurge, MAX_DM_BODY_BYTES } from './direct-messages.ts';

const vectors = readVectors<UserDataVectors>('user-data');
const load = (name: string): LoadedRoom => loadRoom(vectors, name);

const { random } = moment();
const now = 1_900_000_000n;

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
    await applyVerified(room, sent.delta);
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
    await applyVerified(room, sent.delta);
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
    await applyVerified(room, must(composePurge(edit(room), [second])).delta);
    const { purges, delta } = must(composePurge(edit(room), [first, second, first]));
    await applyVerified(room, delta);
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
