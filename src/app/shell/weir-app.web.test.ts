import { cdp, page, userEvent } from 'vitest/browser';
import { afterEach, describe, expect, test } from 'vitest';
import { Router, roomPath } from '../state/router.ts';
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

describe('on a desktop', () => {
  test('rail and conversation are both there; the address opens a room', async () => {
    const { app } = await show(roomPath(roomKey(2)));
    expect([
      shown(app, '.rail'),
      shown(app, '.back'),
      words(find(find(app, 'weir-conversation'), 'h2')),
    ]).toEqual([true, false, 'Allotment 14b private']);
    expect(document.title).toBe('Allotment 14b · Weir');
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

  test('the title counts unread messages of other rooms', async () => {
    const { weir } = await show(roomPath(roomKey(1)));
    weir.setUnread(roomKey(1), 2);
    weir.setUnread(roomKey(6), 5);
    await drawn();
    expect(document.title).toBe('(5) Freenet Official · Weir');
  });
});

describe('on a phone', () => {
  test('one pane is shown; back leads to the list and to the row one came from', async () => {
    const { app, bar } = await show('/', PHONE);
    expect([shown(app, '.rail'), shown(app, 'main')]).toEqual([true, false]);
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
        (it) => !it.closest('.hush, svg, .folded') && it.getBoundingClientRect().right > 320.5,
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
    expect(words(find(app, 'main'))).toMatch(/^This address leads nowhere/);
    find(app, 'main button').click();
    await drawn();
    expect([bar.path(), words(find(app, 'main h2'))]).toEqual(['/', 'Choose a room']);
  });

  test('when the conversation’s code can’t be fetched, the list still works and says what to do', async () => {
    const { app } = await show(roomPath(roomKey(1)));
    // what a rejected import leaves behind: the module itself can't be made to fail once it is loaded
    app.incomplete = true;
    await drawn();
    expect(words(find(app, 'main'))).toMatch(/^Not all of Weir is here yet .* Reload$/);
    expect(rows(app)).toHaveLength(6);
    expect(await violations(app)).toEqual([]);
  });

  test('when nothing can work, that is all it says', async () => {
    const { app } = await show('/');
    app.failure = 'The database was written by a newer version.';
    await drawn();
    expect(words(app)).toBe('Weir can’t go on here The database was written by a newer version.');
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
