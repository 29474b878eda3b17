import { cdp, page } from 'vitest/browser';
import { afterEach, describe, expect, test } from 'vitest';
import { Router, roomPath } from '../state/router.ts';
import { FakeWeir } from '../testing/fake-weir.ts';
import { memoryAddressBar } from '../testing/memory-address-bar.ts';
import {
  drawn,
  find,
  findAll,
  mount,
  unmountAll,
  until,
  violations,
  words,
} from '../testing/mount.ts';
import { room, roomKey } from '../testing/sample-rooms.ts';
import '../dialogs/weir-invite-dialog.ts';
import '../dialogs/weir-join-dialog.ts';
import './weir-app.ts';
import type { WeirApp } from './weir-app.ts';

afterEach(async () => {
  unmountAll();
  await colours('');
});

const colours = (scheme: string): Promise<unknown> =>
  cdp().send('Emulation.setEmulatedMedia', {
    features: [{ name: 'prefers-color-scheme', value: scheme }],
  });

async function show(path: string, width: number, fill: (weir: FakeWeir) => void): Promise<WeirApp> {
  await page.viewport(width, 800);
  const weir = new FakeWeir();
  fill(weir);
  const app = document.createElement('weir-app');
  app.router = new Router(memoryAddressBar(path));
  app.weir = weir;
  await mount(app);
  await customElements.whenDefined('weir-conversation');
  await drawn();
  return app;
}

const buttons = (root: Element): HTMLElement[] =>
  findAll(root, 'button').filter((each) => each.checkVisibility());
const labels = (root: Element): string[] => buttons(root).map((each) => words(each));

describe('somebody without rooms', () => {
  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 768],
  ])('has three ways to a first one (%s, %i px); axe finds nothing', async (scheme, width) => {
    await colours(scheme);
    const app = await show('/', width, (weir) => weir.ready([]));
    const main = find(app, '.conversation');
    expect(labels(main).map((label) => label.split(' ').slice(0, 2).join(' '))).toEqual([
      'New room',
      'Join a',
      'Bring an',
    ]);
    expect(main.scrollWidth).toBeLessThanOrEqual(main.clientWidth);
    expect(await violations(app)).toEqual([]);
  });

  test('has them on a phone too, and each opens what it says', async () => {
    const app = await show('/', 390, (weir) => weir.ready([]));
    expect(labels(find(app, 'weir-room-list'))).toEqual([
      'New room',
      'Join a room',
      'Bring an identity',
    ]);
    expect(await violations(app)).toEqual([]);
    buttons(find(app, 'weir-room-list')).at(-1)?.click();
    await until('it is open', () => findAll(app, 'weir-join-dialog').length === 1);
    await until('it asks', () => findAll(app, '#paste').length === 1);
    expect(words(find(find(app, 'weir-join-dialog'), 'h2'))).toBe('Bring an identity');
  });

  test('is not told so while that is not certain', async () => {
    const app = await show('/', 1280, (weir) => {
      weir.phase.set({ type: 'loading' });
      weir.list.set([]);
    });
    expect(words(find(app, '.conversation'))).not.toContain('Welcome');
  });
});

describe('a new room', () => {
  test('says what to do next: write, or invite somebody', async () => {
    const own = room(1, 'Weir keepers', { canRename: true, memberCount: 1 });
    const app = await show(roomPath(roomKey(1)), 390, (weir) => weir.ready([own]));
    await until('it says so', () => words(find(app, '.notice')).includes('This room is yours'));
    expect(await violations(app)).toEqual([]);
    buttons(find(app, '.notice'))[0]?.click();
    await until('one can invite', () => findAll(app, 'weir-invite-dialog').length === 1);
  });

  test('that others are in just waits for words', async () => {
    const app = await show(roomPath(roomKey(1)), 390, (weir) => weir.ready([room(1, 'Others')]));
    await until('it is open', () => findAll(app, '.notice').length === 1);
    expect([words(find(app, '.notice')), buttons(find(app, '.notice'))]).toEqual([
      'Still water No messages yet. Write the first one.',
      [],
    ]);
  });

  test('that has not arrived can be looked for again', async () => {
    const awaited = room(1, 'New room', { isAwaiting: true, readOnlyReason: 'Not here yet.' });
    const app = await show(roomPath(roomKey(1)), 1280, (weir) => weir.ready([awaited]));
    await until('it says so', () => findAll(app, 'weir-awaiting').length === 1);
    await drawn();
    expect(labels(find(app, 'weir-awaiting'))).toEqual(['Look again', 'Don’t join after all']);
    expect(await violations(app)).toEqual([]);
  });
});
