import { beforeEach, describe, expect, it } from 'vitest';
import type { WeirDatabase } from '../../persist/database.ts';
import { DraftStore } from '../../persist/draft-store.ts';
import { viewOf } from '../../persist/listing.ts';
import { outboundOfRoom } from '../../persist/outbound-store.ts';
import { RoomCache } from '../../persist/room-cache.ts';
import { openTestDatabase } from '../../persist/testing.ts';
import { encode } from '../../river/cbor/codec.ts';
import { encodeDmBody } from '../../river/dm-body.ts';
import { memberId } from '../../river/ids.ts';
import { invitation as invitationCodec, parseInvitation } from '../../river/invitation.ts';
import { verifyingKeyOf } from '../../river/keys.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { LiveValue } from '../../shared/live-query.ts';
import { copyState, good, OfflineBrowser } from '../testing/offline-browser.ts';
import { DmCore } from './dm-core.ts';
import { DmInvitations, MAX_NOTE_CHARACTERS, noteOf } from './dm-invitations.ts';
import { inviteText } from './invite-text.ts';
import type { SyncFacts } from './live-sync.ts';
import { textEdit } from './message-edits.ts';
import { banEdit, configurationEdit } from './room-edits.ts';

/** A browser that sends direct messages too. */
class Browser extends OfflineBrowser {
  readonly dms: DmCore;
  readonly cards: DmInvitations;

  constructor(db: WeirDatabase) {
    super(db);
    const { memo, compose, edits, people } = this;
    const cache = new RoomCache(db, memo);
    const sync = {
      tell: () => {},
      edited: () => {},
      listen: () => {},
      facts: new LiveValue<SyncFacts>(),
    };
    const drafts = new DraftStore(db, compose.clock, 'page');
    this.dms = new DmCore({ db, cache, sync, memo, edits, compose, drafts, made: people.made });
    this.cards = new DmInvitations({ db, cache, memo });
  }

  async selfId(room: RoomKey): Promise<string> {
    const { own } = await this.room(room);
    if (!own.selfSk) throw new Error('no key');
    return String(memberId(verifyingKeyOf(own.selfSk)));
  }

  /** The cards of the direct messages in a room. */
  async shown(room: RoomKey) {
    const kept = await this.db.read(['outbound_dms', 'dm_threads'], (tx) =>
      outboundOfRoom(tx, room),
    );
    return [...(await this.cards.cards(await this.room(room), kept.dms)).values()];
  }
}

let ana: Browser;
let theo: Browser;

beforeEach(async () => {
  ana = new Browser(await openTestDatabase());
  theo = new Browser(await openTestDatabase());
});

/** Theo comes into a room of Ana's, and both have the same state. */
async function join(room: RoomKey, code: string): Promise<void> {
  good(await theo.people.acceptInvitation(code, { nickname: 'Theo', replace: false }));
  await theo.arrive(room, await ana.room(room));
  await ana.arrive(room, await theo.room(room));
}

async function together(): Promise<RoomKey> {
  const room = await ana.create('Weir keepers');
  await join(room, good(await ana.people.invite(room)).code);
  return room;
}

const list = (room: RoomKey) => ana.people.made.list(room);

describe('an invitation that was passed on', () => {
  it('is listed with its text until somebody is in the room with it; then its key is forgotten', async () => {
    const room = await ana.create('Weir keepers');
    const made = good(await ana.people.invite(room));
    expect(await list(room)).toEqual([]); // making one passes nothing on
    good(await ana.people.made.keep(made.code));
    good(await ana.people.made.keep(made.link)); // the same one, in another coat
    expect((await list(room)).map(({ state }) => state)).toEqual([{ type: 'pending', text: made }]);

    await join(room, made.code);
    const used = [{ type: 'used', by: 'Theo' }];
    expect((await list(room)).map(({ state }) => state)).toEqual(used);
    const rows = await ana.db.read(['made_invitations'], (tx) =>
      tx.objectStore('made_invitations').getAll(),
    );
    expect(rows.map(({ code }) => code)).toEqual(['']);
    expect((await list(room)).map(({ state }) => state)).toEqual(used);
  });

  it('by somebody who is no longer in the room opens nothing, and says so', async () => {
    const room = await together();
    const code = good(await theo.people.invite(room)).code;
    good(await theo.people.made.keep(code));
    expect((await theo.people.made.list(room))[0]?.state.type).toBe('pending');
    good(await ana.edits.submit(room, banEdit(ana.compose, BigInt(await theo.selfId(room)))));
    await copyState(ana, theo, room);
    expect((await theo.people.made.list(room)).map((each) => each.state)).toEqual([
      { type: 'void', reason: inviteText.void.gone },
    ]);
  });

  it('can be taken from the list, which changes nothing else', async () => {
    const room = await ana.create('Weir keepers');
    const made = good(await ana.people.invite(room));
    good(await ana.people.made.keep(made.code));
    const [row] = await list(room);
    good(await ana.people.made.forget(room, row?.invitee ?? ''));
    expect(await list(room)).toEqual([]);
    await join(room, made.code);
    expect(viewOf(await ana.room(room)).members.map(({ nickname }) => nickname)).toContain('Theo');
  });

  it('to a full room comes with a warning', async () => {
    const room = await ana.create('Weir keepers');
    expect(good(await ana.people.invite(room))).not.toHaveProperty('warning');
    await join(room, good(await ana.people.invite(room)).code);
    good(
      await ana.edits.submit(room, configurationEdit(ana.compose, { limits: { maxMembers: 1 } })),
    );
    expect(good(await ana.people.invite(room)).warning).toBe(inviteText.warning.full(1));
  });

  it('that is no invitation is not kept', async () => {
    expect(await ana.people.made.keep('hello')).toMatchObject({ error: { type: 'NotAllowed' } });
  });
});

describe('an invitation as a direct message', () => {
  it('is one edit with the memory of it; the other sees where it leads, accepts, and both cards follow', async () => {
    const room = await together();
    const chess = await ana.create('Chess', true);
    good(await ana.edits.submit(chess, textEdit(ana.compose, 'e4')));
    good(await ana.dms.invite(room, await theo.selfId(room), chess, ' Come and play '));
    expect(await ana.shown(room)).toEqual([
      { note: 'Come and play', roomName: 'Chess', state: { type: 'sent', used: false } },
    ]);
    expect(await list(chess)).toMatchObject([{ sentTo: 'Theo', state: { type: 'pending' } }]);

    await theo.arrive(room, await ana.room(room));
    const [open] = await theo.shown(room);
    expect(open).toMatchObject({ note: 'Come and play', state: { type: 'open' } });
    expect(open).not.toHaveProperty('roomName');
    if (open?.state.type !== 'open') throw new Error('not open');
    const code = new URLSearchParams(open.state.path.slice(2)).get('invitation') ?? '';
    await join(chess, code);
    // the secret of the private room came with it
    expect(
      viewOf(await theo.room(chess))
        .messages()
        .map(({ text }) => text),
    ).toContain('e4');
    expect(await theo.shown(room)).toEqual([
      {
        note: 'Come and play',
        roomName: 'Chess',
        state: { type: 'already-here', room: chess },
      },
    ]);
    expect(await ana.shown(room)).toMatchObject([{ state: { type: 'sent', used: true } }]);
  });

  it('to a room that the other is banned from says so', async () => {
    const room = await together();
    const chess = await ana.create('Chess');
    await join(chess, good(await ana.people.invite(chess)).code);
    good(await ana.edits.submit(chess, banEdit(ana.compose, BigInt(await theo.selfId(chess)))));
    await copyState(ana, theo, chess);
    good(await ana.dms.invite(room, await theo.selfId(room), chess, ''));
    await theo.arrive(room, await ana.room(room));
    expect(await theo.shown(room)).toMatchObject([
      { roomName: 'Chess', state: { type: 'banned' } },
    ]);
  });

  it('that can’t be stored is not remembered either', async () => {
    const room = await together();
    const chess = await ana.create('Chess');
    expect(await ana.dms.invite(room, '12345', chess, '')).toMatchObject({ ok: false });
    expect(await list(chess)).toEqual([]);
  });

  it('names the room that it opens, as River reads it', async () => {
    const room = await ana.create('Weir keepers');
    const read = parseInvitation(good(await ana.people.invite(room)).code);
    if (!read.ok) throw new Error('not read');
    const invitationPayload = encode(invitationCodec, read.value);
    const invite = { roomOwnerVk: read.value.room, invitationPayload, personalMessage: 'x' };
    // the magic byte, then a map of one: the variant's name
    expect([...encodeDmBody({ type: 'Invite', invite }).subarray(0, 8)]).toEqual([
      0x80, 0xa1, 0x66, 0x49, 0x6e, 0x76, 0x69, 0x74,
    ]);
  });

  it('has a note of 4,000 characters at most, whoever wrote it', () => {
    expect(noteOf('🛶'.repeat(5_000))).toBe('🛶'.repeat(MAX_NOTE_CHARACTERS));
    expect([noteOf(null), noteOf('  ')]).toEqual(['', '']);
  });
});
