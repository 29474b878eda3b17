import { beforeEach, describe, expect, it } from 'vitest';
import { viewOf } from '../../persist/listing.ts';
import { mutedIn } from '../../persist/member-notes.ts';
import { RoomHistory } from '../../persist/room-history.ts';
import type { RoomListing } from '../../persist/schema.ts';
import { openTestDatabase } from '../../persist/testing.ts';
import { idOfMember } from '../../river/rules/members.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { copyState, good, OfflineBrowser } from '../testing/offline-browser.ts';
import { conversationOf } from './conversation-of.ts';
import { membersOf } from './members-of.ts';
import { textEdit } from './message-edits.ts';
import type { MemberItem } from './people-api.ts';
import { configurationEdit } from './room-edits.ts';

let ana: OfflineBrowser;
let theo: OfflineBrowser;
let mira: OfflineBrowser;

beforeEach(async () => {
  ana = new OfflineBrowser(await openTestDatabase());
  theo = new OfflineBrowser(await openTestDatabase());
  mira = new OfflineBrowser(await openTestDatabase());
});

async function join(
  room: RoomKey,
  who: OfflineBrowser,
  nickname: string,
  by: OfflineBrowser,
): Promise<void> {
  const { link } = good(await by.people.invite(room));
  good(await who.people.acceptInvitation(link, { nickname, replace: false }));
  await who.arrive(room, await by.room(room));
}

/** Ana's room, with Theo and Mira, both invited by her; all three have the same state. */
async function three(isPrivate = false): Promise<RoomKey> {
  const room = await ana.create('Weir keepers', isPrivate);
  await join(room, theo, 'Theo', ana);
  await copyState(theo, ana, room);
  await join(room, mira, 'Mira', ana);
  await copyState(mira, ana, room);
  await copyState(mira, theo, room);
  return room;
}

async function items(at: OfflineBrowser, room: RoomKey): Promise<readonly MemberItem[]> {
  const muted = await at.db.read(['member_notes'], (tx) => mutedIn(tx, room));
  return membersOf(await at.room(room), muted);
}

async function member(at: OfflineBrowser, room: RoomKey, name: string): Promise<MemberItem> {
  const found = (await items(at, room)).find((each) => each.name === name);
  if (!found) throw new Error(`${name} is not in the room`);
  return found;
}

const say = async (who: OfflineBrowser, room: RoomKey, text: string): Promise<void> => {
  good(await who.edits.submit(room, textEdit(who.compose, text)));
};

const texts = async (at: OfflineBrowser, room: RoomKey): Promise<string[]> => {
  const view = viewOf(await at.room(room));
  return view.messages().flatMap(({ kind, text }) => (kind === 'event' ? [] : [text]));
};

/** What the list of rooms has of the room. */
async function listing(at: OfflineBrowser, room: RoomKey): Promise<RoomListing> {
  const row = await at.db.read(['rooms'], (tx) => tx.objectStore('rooms').get(room));
  if (!row) throw new Error('not stored');
  return row.listing;
}

/** What the screen shows of the room. */
async function shown(at: OfflineBrowser, room: RoomKey) {
  const muted = await at.db.read(['member_notes'], (tx) => mutedIn(tx, room));
  const history = new RoomHistory(at.db, room);
  history.mute(muted);
  await history.refresh();
  const { loaded, shownIds, around } = history;
  if (!loaded) throw new Error('not stored');
  return conversationOf(loaded, {
    onNode: 0,
    inRoom: 0,
    threads: [],
    refused: [],
    refusal: undefined,
    muted,
    firstSeen: new Map(),
    sync: { type: 'on-node' },
    memo: at.memo,
    shown: shownIds,
    around,
    firstUnread: undefined,
    unread: 0,
    withMembers: true,
  });
}

describe('people in a room', () => {
  it('change their own name, which is kept with their key too', async () => {
    const room = await three();
    good(await theo.members.setNickname(room, 'Theodora'));
    const after = await theo.room(room);
    expect((await items(theo, room))[0]?.name).toBe('Theodora');
    expect([after.own.selfMemberInfo?.memberInfo.version, after.own.selfNickname]).toEqual([
      2,
      'Theodora',
    ]);
  });

  it('are first in their own list, also when the room has dropped them from it', async () => {
    const room = await three();
    const [self] = await items(theo, room);
    expect(self).toMatchObject({ name: 'Theo', isSelf: true });
    expect(self?.isUnlisted).toBeUndefined();
    const loaded = await theo.room(room);
    const members = loaded.state.members.filter((each) => String(idOfMember(each)) !== self?.id);
    const dropped = { ...loaded, state: { ...loaded.state, members } };
    const list = membersOf(dropped, new Set());
    expect(list[0]).toMatchObject({ id: self?.id, name: 'Theo', isSelf: true, isUnlisted: true });
    expect(list).toHaveLength(3);
  });

  it('whose names look like the owner’s are warned of, beside the name and beside what they write', async () => {
    const room = await ana.create('Weir keepers');
    await join(room, theo, 'Αna', ana);
    await say(theo, room, 'I am the owner');
    await copyState(theo, ana, room);
    const warned = { name: 'Ana', role: 'owner' };
    expect((await member(ana, room, 'Αna')).resembles).toEqual(warned);
    const { messages } = await shown(ana, room);
    expect(messages.at(-1)).toMatchObject({ text: 'I am the owner', authorWarning: warned });
    expect((await member(ana, room, 'Ana')).resembles).toBeUndefined();
  });
});

describe('a deputy', () => {
  it('is made by the owner, bans whom they could not ban before, and is unmade', async () => {
    const room = await three();
    const { id: theosId } = await member(ana, room, 'Theo');
    const { id: mirasId } = await member(ana, room, 'Mira');
    expect((await theo.members.banPreview(room, mirasId))?.refusal).toMatch(/^You may ban whom/);
    expect(await member(ana, room, 'Theo')).toMatchObject({ appointment: 'possible' });

    good(await ana.members.appointDeputy(room, theosId));
    expect(await member(ana, room, 'Theo')).toMatchObject({
      isDeputy: true,
      appointment: 'made',
      appointedBy: [{ name: 'Ana' }],
    });
    await copyState(ana, theo, room);
    await copyState(ana, mira, room);
    expect(await member(mira, room, 'Theo')).toMatchObject({ canBanYou: true, isDeputy: true });

    good(await theo.members.ban(room, mirasId));
    expect((await items(theo, room)).map(({ name }) => name)).toEqual(['Theo', 'Ana']);
    await copyState(theo, ana, room);
    expect(await ana.members.bans(room)).toMatchObject([
      { by: { name: 'Theo' }, state: 'in-force' },
    ]);

    good(await ana.members.revokeDeputy(room, theosId));
    expect((await member(ana, room, 'Theo')).isDeputy).toBe(false);
    expect(await ana.members.revokeDeputy(room, theosId)).toMatchObject({
      error: { type: 'NotAllowed' },
    });
    const { own } = await ana.room(room);
    expect(own.selfMemberInfo?.memberInfo.deputies).toEqual([]);
    expect((await items(ana, room))[0]?.name).toBe('Ana');
  });

  it('can’t be made by somebody without a say over them', async () => {
    const room = await three();
    const { id } = await member(theo, room, 'Mira');
    expect((await member(theo, room, 'Mira')).appointment).toBeUndefined();
    const refused = await theo.members.appointDeputy(room, id);
    expect(refused).toMatchObject({ ok: false, error: { type: 'NotAllowed' } });
  });
});

describe('a ban', () => {
  it('says before what it takes away, and why somebody can’t make it', async () => {
    const room = await three();
    await say(theo, room, 'hello');
    await copyState(theo, ana, room);
    const { id } = await member(ana, room, 'Theo');
    expect(await ana.members.banPreview(room, id)).toEqual({
      removes: ['Theo'],
      messages: 2,
      ends: [],
    });
    const { id: owner } = await member(ana, room, 'Ana');
    expect((await theo.members.banPreview(room, owner))?.refusal).toMatch(/owner/);
  });

  it('is listed with the name that went with it, and as ended when the room has no place for it', async () => {
    const room = await three();
    good(
      await ana.edits.submit(room, configurationEdit(ana.compose, { limits: { maxUserBans: 1 } })),
    );
    const { id: theosId } = await member(ana, room, 'Theo');
    const { id: mirasId } = await member(ana, room, 'Mira');
    good(await ana.members.ban(room, theosId));
    expect(await ana.members.bans(room)).toMatchObject([
      { member: { id: theosId, name: 'Theo' }, by: { name: 'Ana' }, state: 'in-force' },
    ]);
    expect((await ana.members.banPreview(room, mirasId))?.ends).toEqual(['Theo']);
    good(await ana.members.ban(room, mirasId));
    const states = (await ana.members.bans(room)).map((each) => [each.member.name, each.state]);
    expect(new Map(states as [string, string][])).toEqual(
      new Map([
        ['Mira', 'in-force'],
        ['Theo', 'ended'],
      ]),
    );
  });

  it('that is refused leaves no note', async () => {
    const room = await three();
    const { id } = await member(theo, room, 'Mira');
    expect((await theo.members.ban(room, id)).ok).toBe(false);
    const notes = await theo.db.read(['member_notes'], (tx) =>
      tx.objectStore('member_notes').count(),
    );
    expect(notes).toBe(0);
  });
});

describe('somebody who is muted', () => {
  it('is not seen or heard here, is still a member, and can be shown again', async () => {
    const room = await three();
    await say(theo, room, 'la la la');
    await copyState(theo, ana, room);
    const { id } = await member(ana, room, 'Theo');
    good(await ana.members.setMuted(room, id, true));
    const muted = await shown(ana, room);
    expect(muted.messages.some(({ authorId }) => authorId === id)).toBe(false);
    expect(muted.members.find((each) => each.id === id)?.isMuted).toBe(true);
    expect(await ana.markers()).toHaveLength(2); // of making the room: muting tells nobody
    good(await ana.members.setMuted(room, id, false));
    expect((await shown(ana, room)).messages.map(({ text }) => text)).toContain('la la la');
  });

  it('counts for nothing in the list of rooms, at once, and is not its last word', async () => {
    const room = await three();
    await say(theo, room, 'la la la');
    await copyState(theo, ana, room);
    const { id } = await member(ana, room, 'Theo');
    const loud = await listing(ana, room);
    expect(loud).toMatchObject({ unread: 1, lastMessage: { preview: 'la la la' } });
    good(await ana.members.setMuted(room, id, true));
    const quiet = await listing(ana, room);
    expect(quiet.unread).toBe(0);
    expect(quiet.lastMessage?.preview).not.toBe('la la la');
    await say(mira, room, 'hello'); // what comes later is counted so too
    await copyState(theo, mira, room);
    await say(theo, room, 'la la');
    await copyState(theo, mira, room);
    await copyState(mira, ana, room);
    expect(await listing(ana, room)).toMatchObject({
      unread: 1,
      lastMessage: { preview: 'hello' },
    });
    good(await ana.members.setMuted(room, id, false));
    expect(await listing(ana, room)).toMatchObject({
      unread: 3,
      lastMessage: { preview: 'la la' },
    });
  });

  it('is muted in the middle of an edit by another tab, which then counts without them', async () => {
    const room = await three();
    await say(theo, room, 'la la la');
    await copyState(theo, ana, room);
    const { id } = await member(ana, room, 'Theo');
    const other = new OfflineBrowser(ana.db);
    await Promise.all([
      say(other, room, 'first'),
      ana.members.setMuted(room, id, true).then(good),
      say(other, room, 'second'),
    ]);
    expect((await listing(ana, room)).unread).toBe(0);
    expect(await texts(ana, room)).toEqual(expect.arrayContaining(['first', 'second']));
  });

  it('and then banned is remembered as both', async () => {
    const room = await three();
    const { id } = await member(ana, room, 'Theo');
    good(await ana.members.setMuted(room, id, true));
    good(await ana.members.ban(room, id));
    good(await ana.members.setMuted(room, id, false));
    expect(await ana.members.bans(room)).toMatchObject([{ member: { name: 'Theo' } }]);
  });
});

describe('a private room', () => {
  it('exchanges its secret with a ban of the owner’s, and what comes next is sealed with another', async () => {
    const room = await three(true);
    const { id } = await member(ana, room, 'Theo');
    expect((await ana.members.banPreview(room, id))?.secret).toBe('now');
    good(await ana.members.ban(room, id));
    await say(ana, room, 'now that he is gone');
    await copyState(ana, theo, room);
    await copyState(ana, mira, room);
    expect(await texts(mira, room)).toContain('now that he is gone');
    expect((await texts(theo, room)).at(-1)).toMatch(/^\[Encrypted message - secret v1 unavail/);
  });

  it('exchanges it after a deputy’s ban, as soon as the owner hears of that, and only once', async () => {
    const room = await three(true);
    const { id: theosId } = await member(ana, room, 'Theo');
    good(await ana.members.appointDeputy(room, theosId));
    await copyState(ana, theo, room);
    const { id: mirasId } = await member(theo, room, 'Mira');
    expect((await theo.members.banPreview(room, mirasId))?.secret).toBe('by-owner');
    good(await theo.members.ban(room, mirasId));
    await copyState(theo, ana, room);
    for (let heard = 0; heard < 3; heard++) await ana.members.keepUp([room]);
    const { state } = await ana.room(room);
    expect(state.secrets.currentVersion).toBe(1);
    await theo.members.keepUp([room]); // not his to do
    expect((await theo.room(room)).state.secrets.currentVersion).toBe(0);
  });

  it('tells who came late which keys are missing and lets them write nothing, until the owner’s Weir hands them out', async () => {
    const room = await ana.create('Weir keepers', true);
    await join(room, theo, 'Theo', ana);
    await copyState(theo, ana, room);
    const { link } = good(await theo.people.invite(room)); // brings version 0 only
    good(await ana.members.rotateSecret(room));
    await say(ana, room, 'behind the new door');
    good(await mira.people.acceptInvitation(link, { nickname: 'Mira', replace: false }));
    await mira.arrive(room, await ana.room(room));

    const late = await shown(mira, room);
    expect(late.details).toMatchObject({ secretVersion: 1, missingSecrets: [1] });
    expect(late.readOnlyReason).toMatch(/key of now \(version 1\)/);
    expect(late.messages.find(({ kind }) => kind === 'unreadable')).toMatchObject({
      placeholder: 'Encrypted with key version 1, which you don’t have.',
    });
    expect(await mira.edits.submit(room, textEdit(mira.compose, 'hello?'))).toMatchObject({
      error: { type: 'SecretMissing', version: 1 },
    });
    expect(await mira.members.setNickname(room, 'Mirela')).toMatchObject({ ok: false });

    await copyState(mira, ana, room);
    await ana.members.keepUp([room]);
    await copyState(ana, mira, room);
    const now = await shown(mira, room);
    expect([now.readOnlyReason, now.details.missingSecrets]).toEqual([undefined, []]);
    expect(now.messages.map(({ text }) => text)).toContain('behind the new door');
    await mira.members.keepUp([room]);
    await say(mira, room, 'I am in');
    await copyState(mira, theo, room);
    expect((await items(theo, room)).map(({ name }) => name)).toContain('Mira');
    await mira.members.keepUp([room]); // nothing more is owed
    const info = (await mira.room(room)).own.selfMemberInfo?.memberInfo;
    expect(info).toMatchObject({ version: 1, preferredNickname: { type: 'Private' } });
    expect(await texts(theo, room)).toEqual(['behind the new door', 'I am in']);
  });

  it('has a new key by the owner’s word only, with somebody else in it, and never in public', async () => {
    const alone = await ana.create('Alone', true);
    expect(await ana.members.rotateSecret(alone)).toMatchObject({ error: { type: 'NotAllowed' } });
    const room = await three(true);
    expect((await theo.members.rotateSecret(room)).ok).toBe(false);
    good(await ana.members.rotateSecret(room));
    expect((await ana.room(room)).state.secrets.currentVersion).toBe(1);
    const open = await ana.create('Open');
    expect((await ana.members.rotateSecret(open)).ok).toBe(false);
    await ana.members.keepUp([open, alone]);
    expect((await ana.room(alone)).state.secrets.currentVersion).toBe(0);
  });
});
