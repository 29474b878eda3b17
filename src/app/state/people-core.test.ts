import { beforeEach, describe, expect, it } from 'vitest';
import { isAwaiting } from '../../persist/awaiting-room.ts';
import { viewOf } from '../../persist/listing.ts';
import { REPLACED_IDENTITY } from '../../persist/room-choice.ts';
import { openTestDatabase } from '../../persist/testing.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { copyState, good, OfflineBrowser } from '../testing/offline-browser.ts';
import { membersOf } from './members-of.ts';
import { textEdit } from './message-edits.ts';
import { banEdit } from './room-edits.ts';

const NOBODY: ReadonlySet<string> = new Set();

let ana: OfflineBrowser;
let theo: OfflineBrowser;

beforeEach(async () => {
  ana = new OfflineBrowser(await openTestDatabase());
  theo = new OfflineBrowser(await openTestDatabase());
});

/** Theo is in Ana's room, invited by her; both have the same state. */
async function together(isPrivate = false): Promise<RoomKey> {
  const room = await ana.create('Weir keepers', isPrivate);
  const { link } = good(await ana.people.invite(room));
  good(await theo.people.acceptInvitation(link, { nickname: 'Theo', replace: false }));
  await theo.arrive(room, await ana.room(room));
  return room;
}

describe('a new room', () => {
  it.each([false, true])(
    'can be written in at once, with no node (private: %s)',
    async (isPrivate) => {
      const room = await ana.create('Weir keepers', isPrivate);
      good(await ana.edits.submit(room, textEdit(ana.compose, 'first')));
      const view = viewOf(await ana.room(room));
      expect([view.name, view.isPrivate, view.messages().map((each) => each.text)]).toEqual([
        'Weir keepers',
        isPrivate,
        ['first'],
      ]);
      expect((await ana.markers()).map(({ path }) => path).sort()).toEqual(['contracts', 'rooms']);
    },
  );

  it('is refused without a name and with one that is too long, and nothing is written', async () => {
    const input = { nickname: 'Ana', isPrivate: false };
    expect(await ana.people.createRoom({ ...input, name: '' })).toEqual({
      ok: false,
      error: { type: 'Empty', what: 'name' },
    });
    expect(await ana.people.createRoom({ ...input, name: 'é'.repeat(51) })).toMatchObject({
      ok: false,
      error: { type: 'TooLong', bytes: 102, maxBytes: 100 },
    });
    expect(await ana.markers()).toEqual([]);
  });
});

describe('an invitation', () => {
  it('as a link or a code gives a key for the room, which waits for the room to arrive', async () => {
    const room = await ana.create('Weir keepers');
    const { link, code } = good(await ana.people.invite(room));
    expect(link).toBe(`http://localhost:7520/?invitation=${code}`);
    for (const text of [link, code, `  ${code}\n`]) {
      expect(await theo.people.readInvitation(text)).toMatchObject({
        ok: true,
        value: { type: 'new', room, wasDeclined: false },
      });
    }
    good(await theo.people.acceptInvitation(code, { nickname: 'Theo', replace: false }));
    const waiting = await theo.room(room);
    expect([isAwaiting(waiting.state), waiting.own.selfNickname]).toEqual([true, 'Theo']);
    expect((await theo.markers()).map(({ path }) => path)).toEqual(['rooms']);
    await theo.arrive(room, await ana.room(room));
    expect(
      membersOf(await theo.room(room), NOBODY).map(({ name, relation }) => [name, relation]),
    ).toEqual([
      ['Theo', undefined],
      ['Ana', 'invited-you'],
    ]);
  });

  it('never replaces a key that still opens the room', async () => {
    const room = await together();
    const before = (await theo.room(room)).own.selfSk;
    const { code } = good(await ana.people.invite(room));
    expect(await theo.people.readInvitation(code)).toMatchObject({
      value: { type: 'already-here' },
    });
    const again = await theo.people.acceptInvitation(code, { nickname: 'X', replace: true });
    expect(again).toMatchObject({ ok: false, error: { type: 'NotAllowed' } });
    expect((await theo.room(room)).own.selfSk).toEqual(before);
  });

  it('brings a room back that was left, with the key that one had', async () => {
    const room = await together();
    const before = (await theo.room(room)).own.selfSk;
    good(await theo.people.leave(room));
    expect((await theo.room(room)).status).toBe('left');
    const { code } = good(await ana.people.invite(room));
    expect(await theo.people.readInvitation(code)).toMatchObject({
      value: { type: 'come-back', name: 'Weir keepers' },
    });
    good(await theo.people.acceptInvitation(code, { nickname: 'X', replace: false }));
    const back = await theo.room(room);
    expect([back.status, back.own.selfSk]).toEqual(['present', before]);
  });

  it('replaces a key that was banned only when the person says so, and the old one is kept', async () => {
    const room = await together();
    const banned = (await theo.room(room)).own.selfSk;
    await ana.people.importIdentity('', false); // nothing: not an identity
    await copyState(theo, ana, room);
    const [self] = membersOf(await theo.room(room), NOBODY);
    good(await ana.edits.submit(room, banEdit(ana.compose, BigInt(self?.id ?? ''))));
    await copyState(ana, theo, room);
    const { code } = good(await ana.people.invite(room));
    expect(await theo.people.readInvitation(code)).toMatchObject({ value: { type: 'replace' } });
    expect(
      await theo.people.acceptInvitation(code, { nickname: 'Theo II', replace: false }),
    ).toMatchObject({ ok: false });
    good(await theo.people.acceptInvitation(code, { nickname: 'Theo II', replace: true }));
    const after = await theo.room(room);
    expect(after.own.selfSk).not.toEqual(banned);
    expect(membersOf(after, NOBODY)[0]).toMatchObject({ name: 'Theo II', isSelf: true });
    const kept = await theo.db.read(['quarantine'], (tx) => tx.objectStore('quarantine').getAll());
    expect(kept.map(({ source }) => source)).toEqual([REPLACED_IDENTITY]);
  });

  it('that was declined is remembered, until it is accepted', async () => {
    const { code } = good(await ana.people.invite(await ana.create('Weir keepers')));
    await theo.people.declineInvitation(code);
    expect(await theo.people.readInvitation(code)).toMatchObject({ value: { wasDeclined: true } });
    const other = good(await ana.people.invite(await ana.create('Another')));
    expect(await theo.people.readInvitation(other.code)).toMatchObject({
      value: { wasDeclined: false },
    });
  });

  it.each(['', 'hello there', 'http://localhost:7520/?invitation=', '3mJr7AoUXx2Wqd'])(
    '%j is refused in a sentence',
    async (text) => {
      const read = await theo.people.readInvitation(text);
      expect(read.ok ? '' : read.error).toMatch(/^This .*\.$/);
    },
  );
});

describe('leaving', () => {
  it('is durable, keeps the key, and can be taken back', async () => {
    const room = await ana.create('Weir keepers');
    good(await ana.people.leave(room));
    const left = await ana.room(room);
    expect([left.status, left.own.selfSk?.length]).toEqual(['left', 32]);
    expect((await ana.markers()).map(({ path }) => path)).toEqual(['rooms']);
    expect(await ana.people.invite(room)).toMatchObject({
      ok: false,
      error: { type: 'UnknownRoom' },
    });
    good(await ana.people.comeBack(room));
    expect((await ana.room(room)).status).toBe('present');
  });
});

describe('an identity', () => {
  it('opens its room in another browser', async () => {
    const room = await together(true);
    const token = good(await theo.people.exportIdentity(room));
    const laptop = new OfflineBrowser(await openTestDatabase());
    good(await laptop.people.importIdentity(token, false));
    await laptop.arrive(room, await theo.room(room));
    const there = await laptop.room(room);
    expect(there.own.selfSk).toEqual((await theo.room(room)).own.selfSk);
    expect([viewOf(there).name, membersOf(there, NOBODY)[0]?.name]).toEqual([
      'Weir keepers',
      'Theo',
    ]);
  });

  it('that is brought again adds what is newer in it, and takes nothing away', async () => {
    const room = await together(true);
    const before = good(await theo.people.exportIdentity(room));
    const laptop = new OfflineBrowser(await openTestDatabase());
    good(await laptop.people.importIdentity(before, false));
    await laptop.arrive(room, await theo.room(room));
    good(await laptop.edits.submit(room, textEdit(laptop.compose, 'from the laptop')));
    good(await theo.members.setNickname(room, 'Theodora'));
    const after = good(await theo.people.exportIdentity(room));
    for (const token of [after, before]) good(await laptop.people.importIdentity(token, false));
    const there = await laptop.room(room);
    expect(there.own.selfMemberInfo?.memberInfo.version).toBe(2);
    expect(there.own.invitationSecrets).toEqual((await theo.room(room)).own.invitationSecrets);
    expect(
      viewOf(there)
        .messages()
        .map(({ text }) => text),
    ).toContain('from the laptop');
    const kept = await laptop.db.read(['quarantine'], (tx) =>
      tx.objectStore('quarantine').getAll(),
    );
    expect(kept).toEqual([]);
  });

  it('never takes the place of another that was brought in the same moment', async () => {
    const room = await together();
    const tokens = [ana, theo].map(async ({ people }) => good(await people.exportIdentity(room)));
    const laptop = new OfflineBrowser(await openTestDatabase());
    const brought = await Promise.all(
      (await Promise.all(tokens)).map((token) => laptop.people.importIdentity(token, false)),
    );
    expect(brought.filter(({ ok }) => ok)).toHaveLength(1);
    const kept = await laptop.db.read(['quarantine'], (tx) =>
      tx.objectStore('quarantine').getAll(),
    );
    expect(kept).toEqual([]); // nothing was replaced
  });

  it('brings a room back that was left', async () => {
    const room = await together();
    const token = good(await theo.people.exportIdentity(room));
    good(await theo.people.leave(room));
    good(await theo.people.importIdentity(token, false));
    expect((await theo.room(room)).status).toBe('present');
  });

  it('and an invitation are found in the middle of a message', async () => {
    const room = await together();
    const token = good(await ana.people.exportIdentity(room));
    const laptop = new OfflineBrowser(await openTestDatabase());
    good(await laptop.people.importIdentity(`Keep this:\n\n${token}\n\nBye`, false));
    const { link } = good(await ana.people.invite(room));
    const phone = new OfflineBrowser(await openTestDatabase());
    expect(
      await phone.people.readInvitation(`Come here:\n${link}\nor paste the code\nSee you`),
    ).toMatchObject({ value: { type: 'new', room } });
  });

  it('of the owner stays the owner’s', async () => {
    const room = await ana.create('Weir keepers');
    const token = good(await ana.people.exportIdentity(room));
    good(await theo.people.importIdentity(token, false));
    await theo.arrive(room, await ana.room(room));
    expect(viewOf(await theo.room(room)).isOwner).toBe(true);
  });

  it('takes the place of another one only when the person says so', async () => {
    const room = await together();
    const token = good(await ana.people.exportIdentity(room));
    expect(await theo.people.importIdentity(token, false)).toMatchObject({
      error: { type: 'WouldReplace', room, name: 'Weir keepers' },
    });
    good(await theo.people.importIdentity(token, true));
    expect(viewOf(await theo.room(room)).isOwner).toBe(true);
    const kept = await theo.db.read(['quarantine'], (tx) => tx.objectStore('quarantine').getAll());
    expect(kept).toHaveLength(1);
  });
});
