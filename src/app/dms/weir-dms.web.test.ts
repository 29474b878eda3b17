import { page, userEvent } from 'vitest/browser';
import { afterEach, describe, expect, test } from 'vitest';
import type { WeirApp } from '../shell/weir-app.ts';
import type { InvitationCard, RoomDms } from '../state/dm-api.ts';
import { dmText } from '../state/dm-text.ts';
import { dmsPath, Router, roomPath } from '../state/router.ts';
import { dmThread } from '../testing/fake-dms.ts';
import { FakeWeir } from '../testing/fake-weir.ts';
import { memoryAddressBar, type MemoryAddressBar } from '../testing/memory-address-bar.ts';
import {
  drawn,
  find,
  findAll,
  focused,
  mount,
  press,
  type,
  unmountAll,
  until,
  violations,
  words,
} from '../testing/mount.ts';
import { message } from '../testing/sample-message.ts';
import { roomKey, sampleRooms } from '../testing/sample-rooms.ts';
import '../shell/weir-app.ts';
import '../dialogs/weir-join-dialog.ts';
import './weir-dm-invite-dialog.ts';
import './weir-dm-rail.ts';
import './weir-dms.ts';

afterEach(unmountAll);

const ROOM = roomKey(2);
const NOW = Date.now();

const dms = (): RoomDms => ({
  room: ROOM,
  roomName: 'Allotment 14b',
  threads: [
    dmThread('17', 'Mirela', {
      unread: 1,
      lastAt: NOW,
      firstUnreadId: 'c',
      messages: [
        message('a', 'self', 'Me', NOW - 9_000, 'Are you there?', {
          mine: true,
          delivery: 'in-room',
        }),
        message('b', '17', 'Mirela', NOW - 5_000, '', {
          kind: 'unreadable',
          placeholder: dmText.unreadable['not-for-this-key'],
        }),
        message('c', '17', 'Mirela', NOW, 'I am. The key is under the pot'),
      ],
    }),
    dmThread('-5', 'Bo', {
      isHidden: true,
      lastAt: NOW,
      messages: [message('d', '-5', 'Bo', NOW, 'Hi')],
    }),
    dmThread('9', 'Gone', {
      readOnlyReason: dmText.notAMember('Gone'),
      messages: [message('e', '9', 'Gone', NOW, 'Bye')],
    }),
    dmThread('4', 'Ana'),
  ],
});

interface Shown {
  readonly weir: FakeWeir;
  readonly app: WeirApp;
  readonly bar: MemoryAddressBar;
}

async function show(path: string, [width, height] = [1280, 800]): Promise<Shown> {
  await page.viewport(width ?? 0, height ?? 0);
  const weir = new FakeWeir();
  weir.ready(sampleRooms(NOW));
  weir.dms.put(dms());
  const app = document.createElement('weir-app');
  const bar = memoryAddressBar(path);
  app.router = new Router(bar);
  app.weir = weir;
  await mount(app);
  await until(
    'the screen is there',
    () => [...within(app, 'weir-dms', 'h2'), ...within(app, 'weir-conversation', 'h2')].length > 0,
  );
  await drawn();
  return { weir, app, bar };
}

/** In an element's tree, wherever the element is. */
const within = (app: WeirApp, element: string, selector: string): HTMLElement[] =>
  findAll(app, element).flatMap((each) => findAll(each, selector));

const button = (app: WeirApp, label: string): HTMLElement => {
  const found = findAll(app, 'button').find(
    (each) => words(each) === label || each.getAttribute('aria-label') === label,
  );
  if (!found) throw new Error(`no button ${label}`);
  return found;
};
const heading = (app: WeirApp): string => words(find(find(app, 'weir-dms'), 'h2'));
const threads = (app: WeirApp): string[] =>
  findAll(app, 'a[data-peer]')
    .filter((row) => row.checkVisibility())
    .map((row) => words(find(row.parentElement ?? row, '.name')));
const said = (app: WeirApp): string[] => findAll(app, '.bubble').map((each) => words(each));
const field = (app: WeirApp): HTMLTextAreaElement => find(find(app, 'weir-composer'), 'textarea');

describe('the list of conversations', () => {
  test('shows each with its last words and what is unread, the archived ones folded; axe finds nothing', async () => {
    const { app } = await show(dmsPath(ROOM));
    expect(threads(app)).toEqual(['Mirela', 'Gone', 'Ana']);
    const first = words(find(app, 'a[data-peer="17"]'));
    expect([heading(app), first.includes('under the pot'), first.includes('1 unread')]).toEqual([
      'Direct messages',
      true,
      true,
    ]);
    expect(await violations(app)).toEqual([]);
  });

  test('takes a conversation out of the archive, and the focus stays with it', async () => {
    const { app, weir } = await show(dmsPath(ROOM));
    find(app, 'summary').click();
    await drawn();
    button(app, 'Take out of the archive: Bo').click();
    await until('it is in the list', () => findAll(app, 'details').length === 0);
    await drawn();
    expect(weir.dms.asked).toEqual(['show -5']);
    expect(focused()?.getAttribute('data-peer')).toBe('-5');
  });

  test('says how to begin when there is none', async () => {
    const { app, weir } = await show(dmsPath(ROOM));
    weir.dms.put({ ...dms(), threads: [] });
    await drawn();
    expect(words(find(app, '.notice'))).toContain('People in this room');
  });
});

describe('a conversation', () => {
  test('has both sides in order, what can’t be read as such, and where one’s own words are; axe finds nothing', async () => {
    const { app } = await show(dmsPath(ROOM, '17'));
    expect(said(app)).toEqual([
      'Are you there?',
      dmText.unreadable['not-for-this-key'],
      'I am. The key is under the pot',
    ]);
    expect(words(find(app, 'weir-history'))).toContain('in the room');
    expect(await violations(app)).toEqual([]);
  });

  test('is written to with the composer; a refused text comes back, and its draft is no other’s', async () => {
    const { app, weir } = await show(dmsPath(ROOM, '17'));
    type(field(app), 'Found it');
    await userEvent.keyboard('{Enter}');
    await until('it is there', () => said(app).includes('Found it'));
    expect(weir.dms.asked).toEqual(['send 17 Found it']);
    weir.dms.refuseNext({ type: 'QuotaExceeded' });
    type(field(app), 'Too much');
    press('Enter');
    await until('it is refused', () => findAll(app, '.refusal').length > 0);
    expect(field(app).value).toBe('Too much');
    app.router?.openDms(ROOM, '4');
    await until('the other is shown', () => heading(app) === 'Ana');
    await drawn();
    expect([
      field(app).value,
      said(app),
      weir.get(ROOM).messages.some((m) => m.text === 'Found it'),
    ]).toEqual(['', [], false]);
  });

  test('can be left with Escape, and with the arrow; the room has the focus again', async () => {
    const { app, bar } = await show(roomPath(ROOM));
    button(app, 'Direct messages').click();
    await until('the list is shown', () => findAll(app, 'a[data-peer="17"]').length > 0);
    find(app, 'a[data-peer="17"]').click();
    await until('it is shown', () => heading(app) === 'Mirela');
    expect(bar.path()).toBe(dmsPath(ROOM, '17'));
    await until('the field has the focus', () => focused() === field(app));
    press('Escape');
    await until('the list is back', () => heading(app) === 'Direct messages');
    await until('its name has the focus', () => focused()?.localName === 'h2');
    button(app, 'Back to the room').click();
    await until('the room is back', () => findAll(app, 'weir-conversation').length > 0);
    await until('its name has the focus', () => focused()?.localName === 'h2');
    expect(bar.path()).toBe(roomPath(ROOM));
  });

  test('is archived, which can be undone', async () => {
    const { app, weir } = await show(dmsPath(ROOM, '17'));
    button(app, dmText.thread.archive).click();
    await until('it can be undone', () => within(app, 'weir-toast', 'button').length > 0);
    button(app, 'Undo').click();
    await until('it is undone', () => weir.dms.asked.length === 2);
    expect(weir.dms.asked).toEqual(['hide 17', 'show 17']);
  });

  test('says that it could not be taken out again, also where its screen was left', async () => {
    const { app, weir } = await show(roomPath(ROOM));
    app.router?.openDms(ROOM, '17');
    await until('it is open', () => findAll(app, 'weir-dms').length > 0);
    await until('it is shown', () => heading(app) === 'Mirela');
    button(app, dmText.thread.archive).click();
    await until('the room is back', () => findAll(app, 'weir-dms').length === 0);
    weir.dms.refuseNext({ type: 'UnknownRoom', room: ROOM });
    button(app, 'Undo').click();
    await until('it is told', () => words(find(app, 'weir-toast')).includes('no longer here'));
  });

  test('loses what was received only when that is confirmed; the safe answer has the focus', async () => {
    const { app, weir } = await show(dmsPath(ROOM, '17'));
    button(app, dmText.thread.purge).click();
    await until('it is asked', () => findAll(app, 'dialog').length > 0);
    expect(focused()?.textContent?.trim()).toBe(dmText.purge.keep);
    expect(words(find(app, 'dialog'))).toContain('All 2 messages');
    expect(await violations(app)).toEqual([]);
    button(app, dmText.purge.confirm).click();
    await until('they are gone', () => said(app).length === 1);
    expect(weir.dms.asked).toEqual(['purge 17']);
  });

  test('can be sent an invitation to another room, with a note', async () => {
    const { app, weir } = await show(dmsPath(ROOM, '17'));
    button(app, 'Send an invitation to another room').click();
    await until('it asks which', () => findAll(app, 'weir-dm-invite-dialog').length === 1);
    await drawn();
    const dialog = find(app, 'weir-dm-invite-dialog');
    const send = find(dialog, 'button[type=submit]');
    const rooms = findAll(dialog, '.room').map((each) => words(each));
    expect(rooms).toContain('Bridge maintenance private');
    expect(rooms).not.toContain('Allotment 14b private'); // where they are already
    expect(await violations(app)).toEqual([]);
    send.click();
    await until('it asks', () => words(find(dialog, '#problem')) === 'Choose a room first.');
    findAll<HTMLInputElement>(dialog, 'input[type=radio]')[0]?.click();
    const note = find<HTMLTextAreaElement>(dialog, 'textarea');
    type(note, 'x'.repeat(4_001));
    send.click();
    await until('it is too long', () => words(find(dialog, '#problem')).includes('4,000'));
    expect(weir.dms.asked).toEqual([]);
    type(note, ' Come along ');
    send.click();
    await until('it is sent', () => findAll(app, 'weir-dm-invite-dialog').length === 0);
    expect(weir.dms.asked).toEqual([`invite 17 to ${roomKey(1)}: Come along`]);
    await until('it is there', () => said(app).some((each) => each.includes('Invitation sent')));
  });

  test('shows an invitation as a card that says what it is worth; axe finds nothing', async () => {
    const { app, weir } = await show(dmsPath(ROOM, '17'));
    const card = (id: string, note: string, more: Partial<InvitationCard>) =>
      message(id, '17', 'Mirela', NOW, note, {
        invitation: { note, state: { type: 'open', path: '/?invitation=abc' }, ...more },
      });
    const [first, ...others] = dms().threads;
    if (!first) throw new Error('no conversation');
    const messages = [
      card('1', 'New to you', {}),
      card('2', '', { roomName: 'Chess', state: { type: 'already-here', room: roomKey(1) } }),
      card('3', '', { roomName: 'Chess', state: { type: 'banned' } }),
      card('4', '', { state: { type: 'void', reason: 'Nobody has signed it.' } }),
    ];
    weir.dms.put({ ...dms(), threads: [{ ...first, messages }, ...others] });
    await until('they are there', () => said(app).length === 4);
    expect(said(app)).toEqual([
      'Invitation to a room that is new to you New to you Accept invitation',
      'Invitation to “Chess” Already a member Open it',
      'Invitation to “Chess” You’re banned from this room',
      'Invitation to a room that is new to you Nobody has signed it.',
    ]);
    expect(await violations(app)).toEqual([]);
    find(app, '.bubble a[href^="/room/"]').click();
    await until('the room is open', () => findAll(app, 'weir-conversation').length === 1);
    weir.dms.put(dms());
  });

  test('with an invitation opens it where one is', async () => {
    const { app, weir, bar } = await show(dmsPath(ROOM, '17'));
    const [first, ...others] = dms().threads;
    if (!first) throw new Error('no conversation');
    const invitation = { note: '', state: { type: 'open', path: '/?invitation=abc' } } as const;
    const messages = [message('1', '17', 'Mirela', NOW, '', { invitation })];
    weir.dms.put({ ...dms(), threads: [{ ...first, messages }, ...others] });
    await until('it is there', () => findAll(app, '.bubble a').length === 1);
    find(app, '.bubble a').click();
    await until('it is read', () => findAll(app, 'weir-join-dialog').length === 1);
    expect(bar.path()).toBe(dmsPath(ROOM, '17'));
  });

  test('with somebody who has left says so, and can be read', async () => {
    const { app } = await show(dmsPath(ROOM, '9'));
    expect([said(app), words(find(app, 'weir-composer'))]).toEqual([
      ['Bye'],
      dmText.notAMember('Gone'),
    ]);
    expect(findAll(app, 'textarea')).toEqual([]);
  });

  test('with nobody of that address says so', async () => {
    const { app } = await show(dmsPath(ROOM, '12345'));
    expect(words(find(app, 'weir-dms'))).toContain(dmText.thread.gone);
  });

  test('fits a phone of 320 px', async () => {
    const { app } = await show(dmsPath(ROOM, '17'), [320, 568]);
    const { scrollWidth, clientWidth } = document.documentElement;
    expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
    for (const each of within(app, 'weir-dms', 'button, textarea')) {
      const { right, left } = each.getBoundingClientRect();
      expect(Math.min(left, 320 - right)).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('the conversations of all rooms', () => {
  const rail = (app: WeirApp): HTMLElement => find(app, 'weir-dm-rail');
  const rows = (app: WeirApp): string[] =>
    findAll(rail(app), 'a')
      .filter((each) => each.checkVisibility())
      .map((each) => `${words(find(each, '.name'))} ${words(find(each, '.preview'))}`);

  test('are below the rooms, with what is unread, and open from there; axe finds nothing', async () => {
    const { app, bar } = await show(roomPath(roomKey(1)));
    await until('they are listed', () => rows(app).length === 3);
    expect(rows(app)).toEqual([
      'Mirela in Allotment 14b',
      'Gone in Allotment 14b',
      'Ana in Allotment 14b',
    ]);
    expect(words(rail(app))).toContain('1 unread');
    expect(words(find(rail(app), 'summary'))).toBe('Archived (1)');
    expect(await violations(app)).toEqual([]);
    find(rail(app), 'a').click();
    await until('it is open', () => findAll(app, 'weir-dms').length === 1);
    expect(bar.path()).toBe(dmsPath(ROOM, '17'));
    await until('it is marked', () => findAll(rail(app), 'a[aria-current]').length === 1);
    const [marked, other] = ['a[aria-current]', 'a:not([aria-current])'].map(
      (row) => getComputedStyle(find(rail(app), row)).backgroundColor,
    );
    expect(marked).not.toBe(other);
  });

  test('are archived with a button that a finger reaches, and taken out again', async () => {
    const { app, weir } = await show(roomPath(roomKey(1)), [390, 700]);
    app.router?.leaveRoom();
    await until('they are listed', () => rows(app).length === 3);
    const archive = button(app, 'Archive the conversation with Mirela');
    const { width, height } = archive.getBoundingClientRect();
    expect([width >= 44, height >= 44]).toEqual([true, true]);
    archive.click();
    await until('it is archived', () => rows(app).length === 2);
    find(rail(app), 'summary').click();
    await drawn();
    expect(await violations(app)).toEqual([]);
    button(app, 'Take the conversation with Mirela out of the archive').click();
    await until('it is back', () => weir.dms.asked.length === 2);
    expect(weir.dms.asked).toEqual(['hide 17', 'show 17']);
  });

  test('take no place where there are none', async () => {
    const { app, weir } = await show(roomPath(roomKey(1)));
    weir.dms.put({ ...dms(), threads: [] });
    await until('they are gone', () => rail(app).getBoundingClientRect().height === 0);
  });
});

test('the person’s entry in the room leads to their conversation', async () => {
  const { app, weir, bar } = await show(roomPath(roomKey(1)));
  const room = weir.get(roomKey(1));
  const [other] = room.members.filter((each) => !each.isSelf);
  if (!other) throw new Error('nobody else is there');
  const member = { ...other, id: '-17' };
  weir.put({ ...room, members: [member] });
  button(app, 'People in this room').click();
  await until('people are there', () => within(app, 'weir-people-dialog', '.who').length > 0);
  within(app, 'weir-people-dialog', '.who')
    .find((each) => words(each).includes(member.name))
    ?.click();
  await drawn();
  button(app, 'Message').click();
  await until('the conversation is shown', () => findAll(app, 'weir-dms').length > 0);
  expect(bar.path()).toBe(dmsPath(roomKey(1), member.id));
});
