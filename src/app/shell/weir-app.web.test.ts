import { cdp, page, userEvent } from 'vitest/browser';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Router, roomPath } from '../state/router.ts';
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
import './weir-app.ts';
import type { WeirApp } from './weir-app.ts';

afterEach(async () => {
  unmountAll();
  await colours('');
});

interface Shown {
  readonly weir: FakeWeir;
  readonly app: WeirApp;
  readonly bar: MemoryAddressBar;
}

async function show(
  path: string,
  [width, height]: Size = [1280, 800],
  loaded = true,
): Promise<Shown> {
  await page.viewport(width, height);
  const weir = new FakeWeir();
  if (loaded) weir.ready(sampleRooms(Date.now()));
  const app = document.createElement('weir-app');
  const bar = memoryAddressBar(path);
  app.router = new Router(bar);
  app.weir = weir;
  await mount(app);
  await customElements.whenDefined('weir-conversation');
  await drawn();
  return { weir, app, bar };
}

type Size = readonly [width: number, height: number];

const PHONE: Size = [390, 844];
const DESKTOP: Size = [1280, 800];

/** What the person prefers; an empty scheme is the browser's own. */
const colours = (scheme: string): Promise<unknown> =>
  cdp().send('Emulation.setEmulatedMedia', {
    features: [{ name: 'prefers-color-scheme', value: scheme }],
  });

const shown = (app: WeirApp, selector: string): boolean =>
  findAll(app, selector).some((element) => element.checkVisibility());
const rows = (app: WeirApp): HTMLElement[] => findAll(app, 'a[data-room]');
/** A text of which one line is shown, cut with an ellipsis where it is too long. */
const isInOneLine = (element: Element): boolean => {
  const root = element.getRootNode();
  return root instanceof ShadowRoot && root.host.matches('weir-text[line]');
};

describe('on a desktop', () => {
  test('rail and conversation are both there; the address opens a room', async () => {
    const { app } = await show(roomPath(roomKey(2)));
    expect([
      shown(app, '.rail'),
      shown(app, '.back'),
      words(find(find(app, 'weir-conversation'), 'h2')),
    ]).toEqual([true, false, 'Allotment 14b private']);
    expect(document.title).toBe('Weir - Allotment 14b');
  });

  test('from the keyboard: arrows in the list, Enter opens, one writes at once', async () => {
    const { app, bar } = await show('/');
    rows(app)[0]?.focus();
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await until('the composer has the focus', () => focused()?.localName === 'textarea');
    expect(bar.path()).toBe(roomPath(roomKey(2)));
    await userEvent.keyboard('first{Shift>}{Enter}{/Shift}second{Enter}');
    await until('it is sent', () => words(app).includes('first second'));
  });

  test('drafts stay with their rooms while one looks at others', async () => {
    const { app } = await show(roomPath(roomKey(1)));
    type(find<HTMLTextAreaElement>(app, 'textarea'), 'unsent');
    rows(app)[1]?.click();
    await drawn();
    expect(find<HTMLTextAreaElement>(app, 'textarea').value).toBe('');
    rows(app)[0]?.click();
    await drawn();
    expect(find<HTMLTextAreaElement>(app, 'textarea').value).toBe('unsent');
  });

  test('the title counts what is unread in all rooms and direct messages while nobody looks, and only then', async () => {
    const { weir } = await show(roomPath(roomKey(1)));
    for (const other of document.querySelectorAll('link[rel="icon"]')) other.remove();
    const icon = document.createElement('link');
    icon.rel = 'icon';
    document.head.append(icon);
    weir.setUnread(roomKey(1), 2);
    weir.setUnread(roomKey(6), 5);
    const ada = dmThread('1', 'Ada', { unread: 3 });
    weir.dms.put({ room: roomKey(1), roomName: 'Freenet Official', threads: [ada] });
    await drawn();
    expect(document.title).toBe('Weir - Freenet Official');
    const look = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    await until('it counts', () => document.title === '(10) Weir - Freenet Official');
    expect(icon.getAttribute('href')).toMatch(/unread/);
    look.mockRestore();
    document.dispatchEvent(new Event('visibilitychange'));
    await until('it does not', () => document.title === 'Weir - Freenet Official');
    expect(icon.getAttribute('href')).not.toMatch(/unread/);
    icon.remove();
  });

  test('Ctrl+K goes to a room or a conversation by its name, / does where nothing is typed', async () => {
    const { weir, app, bar } = await show(roomPath(roomKey(1)));
    const ada = dmThread('7', 'Ada Allot', { unread: 1 });
    weir.dms.put({ room: roomKey(6), roomName: 'Bridge', threads: [ada] });
    find(app, 'textarea').focus();
    await userEvent.keyboard('/{Control>}k{/Control}');
    const field = (): HTMLInputElement => find<HTMLInputElement>(app, '[role=combobox]');
    await until('the switcher is open', () => findAll(app, '[role=combobox]').length === 1);
    await until('one types in it', () => focused() === field());
    expect(find<HTMLTextAreaElement>(app, 'textarea').value).toBe('/');
    await userEvent.keyboard('allot');
    await drawn();
    expect(findAll(app, '[role=option] .name').map((name) => words(name))).toEqual([
      'Allotment 14b',
      'Ada Allot',
    ]);
    expect(await violations(find(app, 'weir-switcher'))).toEqual([]);
    await userEvent.keyboard('{ArrowDown}');
    await drawn();
    expect(words(find(app, '[aria-selected=true]'))).toMatch(/Ada Allot in Bridge/);
    await userEvent.keyboard('{Enter}');
    expect(bar.path()).toBe(`${roomPath(roomKey(6))}/dm/7`);
    await until('it is closed', () => findAll(app, 'weir-switcher').length === 0);

    // its part of the app comes now, and takes the focus
    const isInDms = (): boolean =>
      findAll(app, 'weir-dms').some((dms) => findAll(dms, ':focus').length > 0);
    await until('one is in the conversation', isInDms);
    (focused() as HTMLElement | null)?.blur();
    await userEvent.keyboard('/');
    await until('it is open again', () => findAll(app, '[role=combobox]').length === 1);
    await userEvent.keyboard('nobody');
    await drawn();
    expect(words(find(app, 'weir-switcher'))).toMatch(/Nothing here is called “nobody”/);
    field().select();
    await userEvent.keyboard('14b{Enter}');
    await until('the room is open', () => bar.path() === roomPath(roomKey(2)));
  });

  test('what a room may tell of is chosen at the bell, and the browser is only asked by a press', async () => {
    const { weir, app } = await show(roomPath(roomKey(1)));
    const bell = (): HTMLElement => find(find(app, 'weir-bell'), 'button');
    expect(bell().getAttribute('aria-label')).toBe('Notifications: all messages');
    bell().click();
    await until('the dialog is open', () => findAll(app, '.mode').length === 3);
    expect(await violations(find(app, 'weir-notifications-dialog'))).toEqual([]);
    expect(words(find(app, 'weir-notifications-dialog'))).toMatch(/has not been asked yet/);
    expect(weir.notifications.asks).toBe(0);
    find(app, '.access .button').click();
    await until('it is granted', () =>
      /shows notifications/.test(words(find(app, 'weir-notifications-dialog'))),
    );
    expect(findAll(app, '.access .button')).toHaveLength(0);
    weir.preferences.refuseNext({ type: 'QuotaExceeded' });
    findAll(app, '.mode')[2]?.click();
    await until('it says why not', () => words(find(app, '.problem')).includes('full'));
    findAll(app, '.mode')[2]?.click();
    await until('it is closed', () => findAll(app, 'weir-notifications-dialog').length === 0);
    expect(bell().getAttribute('aria-label')).toBe('Notifications: muted');
    weir.notifications.permission.set('denied');
    await weir.preferences.setMode(roomKey(1), 'All');
    await drawn();
    expect(bell().getAttribute('aria-label')).toMatch(/browser blocks/);
  });

  test('notifications are offered with a word of explanation, and can be declined', async () => {
    const { weir, app } = await show(roomPath(roomKey(1)));
    expect(findAll(app, 'weir-notify-offer')).toHaveLength(0);
    weir.notifications.offered.set(true);
    await until(
      'they are',
      () =>
        findAll(app, 'weir-notify-offer button').length === 0 &&
        /while you look elsewhere/.test(words(app)),
    );
    expect(await violations(find(app, 'weir-notify-offer'))).toEqual([]);
    findAll(find(app, 'weir-notify-offer'), 'button')[0]?.click();
    await drawn();
    expect([findAll(app, 'weir-notify-offer').length, weir.notifications.asks]).toEqual([0, 0]);
    weir.notifications.offered.set(true);
    await drawn();
    findAll(find(app, 'weir-notify-offer'), 'button')[1]?.click();
    await drawn();
    expect([findAll(app, 'weir-notify-offer').length, weir.notifications.asks]).toEqual([0, 1]);
  });

  test('the menu of a room in the list leaves it, which can be taken back, and shows what it is', async () => {
    const { app, bar } = await show(roomPath(roomKey(1)));
    const choose = async (of: string, what: string): Promise<void> => {
      find(app, `[aria-label="Actions for “${of}”"]`).click();
      const item = (): HTMLElement | undefined =>
        findAll(app, '[role=menuitem]').find((each) => words(each) === what);
      await until('the menu is open', () => item()?.checkVisibility() === true);
      item()?.click();
    };
    await choose('Allotment 14b', 'Leave this room');
    await until('it is gone', () => !words(find(app, 'weir-room-list')).includes('Allotment'));
    expect(bar.path(), 'the room that is open stays open').toBe(roomPath(roomKey(1)));
    expect(words(find(app, 'weir-toast'))).toMatch(/You left “Allotment 14b”.*Come back/);
    await choose('Freenet Official', 'Notifications…');
    await until('the dialog is open', () => findAll(app, '.mode').length === 3);
    find(find(app, 'weir-notifications-dialog'), 'header button').click();
    await until('it is closed', () => findAll(app, 'weir-notifications-dialog').length === 0);
    await choose('Freenet Official', 'Details');
    await until('its details are open', () => findAll(app, 'weir-room-dialog').length === 1);
  });
});

describe('on a phone', () => {
  test('one pane is shown; back leads to the list and to the row one came from', async () => {
    const { app, bar } = await show('/', PHONE);
    expect([shown(app, '.rail'), shown(app, '.conversation')]).toEqual([true, false]);
    rows(app)[2]?.click();
    await until('the conversation is shown', () => shown(app, 'weir-conversation'));
    expect(shown(app, '.rail')).toBe(false);
    await until('its name has the focus', () => focused()?.localName === 'h2');
    find(app, '.back').click();
    await until('the list is shown', () => shown(app, '.rail'));
    expect([bar.path(), (focused() as HTMLElement).dataset['room']]).toEqual(['/', roomKey(3)]);
  });

  test('trouble is seen inside the conversation too, and said once', async () => {
    const { weir, app } = await show(roomPath(roomKey(1)), PHONE);
    weir.status.set({ type: 'refused', pendingRooms: 1, reason: 'no space', pageDrains: false });
    await drawn();
    const alerts = findAll(app, '[role=alert]').filter(
      (it) => it.checkVisibility() && words(it) !== '',
    );
    expect(alerts.map((it) => words(it))).toEqual(['Refused: no space']);
  });

  test('nothing is wider than 320 pixels', async () => {
    for (const n of [1, 2, 3, 4, 5]) {
      const { app } = await show(roomPath(roomKey(n)), [320, 568]);
      const wide = findAll(app, '*').filter(
        (it) =>
          !it.closest('.hush, svg, .folded') &&
          !isInOneLine(it) &&
          it.getBoundingClientRect().right > 320.5,
      );
      expect(wide.map((it) => it.className || it.localName)).toEqual([]);
      unmountAll();
    }
  });
});

describe('everywhere', () => {
  test('before anything is known it is loading, not empty', async () => {
    const { app } = await show('/', [1280, 800], false);
    expect(words(app)).toContain('Loading your rooms…');
    expect(words(app)).not.toMatch(/No rooms|Choose/);
  });

  test('an address that names nothing says so and leads back', async () => {
    const { app, bar } = await show('/room/not-a-key');
    expect(words(find(app, '.conversation'))).toMatch(/^This address leads nowhere/);
    find(app, '.conversation button').click();
    await drawn();
    expect([bar.path(), words(find(app, '.conversation h2'))]).toEqual(['/', 'Choose a room']);
  });

  test('when the conversation’s code can’t be fetched, the list still works and says what to do', async () => {
    const { app } = await show(roomPath(roomKey(1)));
    // what a rejected import leaves behind: the module itself can't be made to fail once it is loaded
    app.incomplete = true;
    await drawn();
    expect(words(find(app, '.conversation'))).toMatch(/^Not all of Weir is here yet .* Reload$/);
    expect(rows(app)).toHaveLength(6);
    expect(await violations(app)).toEqual([]);
  });

  test('when nothing can work, that is all it says', async () => {
    const { app } = await show('/');
    app.failure = 'The database was written by a newer version.';
    await drawn();
    expect(words(find(app, '.notice'))).toBe(
      'Weir can’t go on here The database was written by a newer version. How saving stands',
    );
    expect(findAll(app, 'h1').map(words)).toEqual(['Weir']);
    expect(findAll(app, 'nav')).toEqual([]);
    expect(find(app, '.notice a').getAttribute('href')).toBe('/doctor');
    expect(find(app, '.notice').role).toBe('alert');
  });

  describe.each(['light', 'dark'])('in %s colours', (scheme) => {
    test.each<[string, string, Size]>([
      ['the list on a phone', '/', PHONE],
      ['a room on a phone', roomPath(roomKey(1)), PHONE],
      ['home on a desktop', '/', DESKTOP],
      ['a refused room on a desktop', roomPath(roomKey(4)), DESKTOP],
      ['a room with stored edits on a desktop', roomPath(roomKey(2)), DESKTOP],
    ])('axe finds nothing in %s, whatever the sync status', async (_, path, size) => {
      await colours(scheme);
      expect(matchMedia(`(prefers-color-scheme: ${scheme})`).matches).toBe(true);
      const { weir, app } = await show(path, size);
      for (const type of ['all-on-node', 'stored-here', 'offline', 'refused'] as const) {
        weir.status.set({ type, pendingRooms: 1, since: 0, pageDrains: true });
        await drawn();
        expect(await violations(app), type).toEqual([]);
      }
    });
  });

  test('a key press in the list does not reach the page twice', async () => {
    const { app } = await show('/');
    rows(app)[0]?.focus();
    expect(press('ArrowDown')).toBe(false);
    expect(press('a')).toBe(true);
  });
});

describe('ways into rooms and out of them', () => {
  const button = (app: WeirApp, label: string): HTMLElement => {
    const found = findAll(app, 'button').find((it) => words(it) === label && it.checkVisibility());
    if (!found) throw new Error(`no button ${label}`);
    return found;
  };

  test('a first run leads to a first message without a node', async () => {
    const { weir, app, bar } = await show('/', DESKTOP, false);
    weir.ready([]);
    await drawn();
    expect(await violations(app)).toEqual([]);
    find(app, '.note .button.strong').click();
    await until('the dialog is open', () => findAll(app, 'dialog[open]').length === 1);
    await userEvent.keyboard('Weir keepers{Enter}');
    await until('one can write', () => focused()?.localName === 'textarea');
    expect(bar.path()).toMatch(/^\/room\//);
    await userEvent.keyboard('hello{Enter}');
    await until('it is sent', () => words(find(app, 'weir-history')).includes('hello'));
  });

  test('an invitation link asks, and leaves the address when that is done', async () => {
    const { weir, app, bar } = await show('/?invitation=abc');
    await until('it asks for a name', () => findAll(app, '#nickname').length === 1);
    expect(bar.query()).toBe('invitation=abc');
    expect(await violations(app)).toEqual([]);
    button(app, 'Join').click();
    await until('the room is open', () => bar.path() === roomPath(roomKey(9)));
    expect([bar.query(), weir.people.asked.length]).toEqual(['', 1]);
    await until('it is shown', () => findAll(app, 'weir-composer').length === 1);
    expect(words(find(app, 'weir-conversation'))).toContain('On its way');
  });

  test('an invitation that somebody posted opens over the conversation', async () => {
    const { weir, app, bar } = await show(roomPath(roomKey(2)));
    const link = `${location.origin}/?invitation=xyz`;
    weir.arrive(roomKey(2), message('inv', 'pia', 'Pia', Date.now(), `come: ${link}`));
    await drawn();
    find<HTMLAnchorElement>(app, `a[href="${link}"]`).click();
    await until('it asks for a name', () => findAll(app, '#nickname').length === 1);
    expect(bar.path()).toBe(roomPath(roomKey(2)));
  });

  test('a room that is left goes from the list, and comes back from the toast', async () => {
    const { weir, app, bar } = await show(roomPath(roomKey(3)));
    find(app, '[aria-label="About this room"]').click();
    await until('the dialog is open', () => findAll(app, 'dialog[open]').length === 1);
    button(app, 'Leave this room').click();
    await until('it is gone', () => rows(app).length === 5);
    expect(bar.path()).toBe('/');
    await until('it is told', () => findAll(app, '.toast').length === 1);
    expect(await violations(app)).toEqual([]);
    find(app, '.toast .act').click();
    await until('it is back', () => bar.path() === roomPath(roomKey(3)));
    expect(weir.list.current).toHaveLength(6);
  });

  test('who one is on a shared node is behind the line that says it is one, also on a phone of 320 pixels', async () => {
    const { weir, app } = await show('/', [320, 568]);
    weir.node.isShared.set(true);
    await drawn();
    find(app, '.shared').click();
    await until('the dialog is open', () => findAll(app, 'dialog[open]').length === 1);
    button(app, 'Show my key').click();
    await until('the key is there', () => findAll(app, '#value').length === 1);
    const wide = findAll(app, 'dialog *').filter(
      (it) => !it.closest('.hush, svg') && it.getBoundingClientRect().right > 320.5,
    );
    expect(wide.map((it) => it.className || it.localName)).toEqual([]);
    expect(await violations(app)).toEqual([]);
    button(app, 'Done').click();
    await until('it has closed', () => findAll(app, 'weir-node-dialog').length === 0);
  });

  test('the dialogs fit a phone of 320 pixels', async () => {
    for (const label of ['People in this room', 'About this room']) {
      const { app } = await show(roomPath(roomKey(1)), [320, 568]);
      find(app, `[aria-label="${label}"]`).click();
      await until('the dialog is open', () => findAll(app, 'dialog[open]').length === 1);
      await drawn();
      const wide = findAll(app, 'dialog *').filter(
        (it) => !it.closest('.hush, svg') && it.getBoundingClientRect().right > 320.5,
      );
      expect(wide.map((it) => it.className || it.localName)).toEqual([]);
      unmountAll();
    }
  });
});
