import { afterEach, describe, expect, test } from 'vitest';
import type { SyncStatus } from '../state/api.ts';
import { FakeWeir } from '../testing/fake-weir.ts';
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
import './weir-sync-status.ts';
import type { WeirSyncStatus } from './weir-sync-status.ts';

afterEach(unmountAll);

async function show(
  status?: Partial<SyncStatus>,
  bar = false,
): Promise<{ weir: FakeWeir; element: WeirSyncStatus }> {
  const weir = new FakeWeir();
  if (status)
    weir.status.set({ type: 'all-on-node', pendingRooms: 0, pageDrains: false, ...status });
  const element = document.createElement('weir-sync-status');
  element.weir = weir;
  element.bar = bar;
  await mount(element);
  return { weir, element };
}

const visible = (element: WeirSyncStatus): boolean => !find(element, '.panel').hidden;

describe('the sync status', () => {
  test('claims nothing before it is known', async () => {
    const { element } = await show();
    expect(visible(element)).toBe(false);
    expect(words(element)).toBe('');
  });

  test.each<[Partial<SyncStatus>, RegExp]>([
    [{ type: 'all-on-node' }, /^All on your node$/],
    [
      { type: 'stored-here', pendingRooms: 1, since: Date.now() - 61_000 },
      /^1 room stored here for 1\smin$/,
    ],
    [{ type: 'stored-here', pendingRooms: 3 }, /^3 rooms stored here$/],
    [{ type: 'syncing', pendingRooms: 2 }, /^Syncing 2 rooms$/],
    [{ type: 'offline', pendingRooms: 0 }, /^Offline: edits are stored here Retry$/],
    [
      {
        type: 'refused',
        pendingRooms: 2,
        reason: 'the store is full',
        since: Date.now() - 120_000,
      },
      /^Refused: the store is full 2 rooms waiting · for 2\smin · waits for you Retry$/,
    ],
  ])('%j is said in words', async (status, expected) => {
    const { element } = await show(status);
    expect(words(element)).toMatch(expected);
    expect(await violations(element)).toEqual([]);
  });

  test('a refusal is an alert, everything else a status', async () => {
    const { weir, element } = await show({ type: 'stored-here', pendingRooms: 1 });
    const said = (role: string): string => words(find(element, `[role=${role}]`));
    expect([said('status'), said('alert')]).toEqual(['1 room stored here', '']);
    weir.status.set({ type: 'refused', pendingRooms: 1, reason: 'no space', pageDrains: false });
    await drawn();
    expect([said('status'), said('alert')]).toEqual(['', 'Refused: no space']);
  });

  test('the next try counts down outside of what is announced', async () => {
    const { element } = await show({
      type: 'offline',
      pendingRooms: 1,
      nextTryAt: Date.now() + 1_400,
    });
    expect(words(find(element, '.detail'))).toMatch(/next try in 2\ss/);
    await until('the countdown has ticked', () =>
      /1\ss|trying now/.test(words(find(element, '.detail'))),
    );
    expect(find(element, '.detail').closest('[role]')).toBeNull();
  });

  test('Retry asks for a try at once', async () => {
    const { weir, element } = await show({ type: 'refused', pendingRooms: 1 });
    find(element, 'button').click();
    expect(weir.retries).toBe(1);
  });

  test('a page that syncs by itself says so', async () => {
    const { element } = await show({ pageDrains: true });
    expect(words(element)).toContain('no service worker can run here');
  });

  test('a node of several people is said to be one, at the way to the person’s key', async () => {
    const { weir, element } = await show({});
    expect(findAll(element, 'button')).toEqual([]);
    weir.node.isShared.set(true);
    await drawn();
    let wanted = 0;
    element.addEventListener('weir-node-wanted', () => (wanted += 1));
    find(element, 'button').click();
    expect([words(find(element, 'button')), wanted]).toEqual(['Shared node: your key', 1]);
    expect(find(element, 'button').offsetHeight).toBeGreaterThanOrEqual(44);
    expect(await violations(element)).toEqual([]);
    element.bar = true;
    await drawn();
    expect(findAll(element, 'button')).toEqual([]);
  });

  test('the bar of a phone is only there when something keeps edits from the node', async () => {
    const { weir, element } = await show(
      { type: 'stored-here', pendingRooms: 1, pageDrains: true },
      true,
    );
    expect(visible(element)).toBe(false);
    expect(words(element)).toBe('');
    weir.status.set({ type: 'offline', pendingRooms: 1, pageDrains: true });
    await drawn();
    expect(visible(element)).toBe(true);
  });

  test('a long reason is shown in few lines and never widens the rail', async () => {
    const { element } = await show({ type: 'refused', pendingRooms: 1, reason: 'x'.repeat(5_000) });
    expect(element.scrollWidth).toBeLessThanOrEqual(element.clientWidth);
    expect(element.clientHeight).toBeLessThan(200);
    expect(findAll(element, 'button')).toHaveLength(1);
  });
});

describe('earlier versions', () => {
  const earlier = (element: WeirSyncStatus): HTMLElement => find(element, 'weir-earlier-versions');

  test('nothing is said of them before anything is known; then there is a way to search again', async () => {
    const { weir, element } = await show({ type: 'all-on-node' });
    expect(words(earlier(element))).toBe('');
    weir.migration.set({ type: 'nothing' });
    await until('the summary', () => words(earlier(element)).includes('Older data'));
    expect(find<HTMLDetailsElement>(earlier(element), 'details').open).toBe(false);
    find(earlier(element), 'summary').click();
    const button = find<HTMLButtonElement>(earlier(element), 'button');
    expect(button.getBoundingClientRect().height).toBeGreaterThanOrEqual(44);
    button.click();
    await until('the answer', () => words(earlier(element)).includes('are being asked'));
    expect(weir.searchedAgain).toBe(1);
    expect(await violations(element)).toEqual([]);
  });

  test('that nothing could be asked is said', async () => {
    const { weir, element } = await show({ type: 'all-on-node' });
    weir.migration.set({ type: 'nothing' });
    weir.sync.searchAgain = () => Promise.reject(new Error('away'));
    await until('the summary', () => words(earlier(element)).includes('Older data'));
    find(earlier(element), 'summary').click();
    find<HTMLButtonElement>(earlier(element), 'button').click();
    await until('the answer', () => words(earlier(element)).includes('nothing was asked'));
  });

  test('a line counts while they are asked; the reasons are there for who opens them', async () => {
    const { weir, element } = await show({ type: 'all-on-node' });
    weir.migration.set({ type: 'running', asked: 12, of: 27 });
    await until('the line', () => words(earlier(element)) !== '');
    expect(words(earlier(element))).toBe('Looking for rooms of earlier River versions: 12 of 27');
    weir.migration.set({
      type: 'open',
      reasons: [
        { type: 'refused', what: { type: 'room', name: 'Harbour' }, reason: 'It is full.' },
        { type: 'silent', versions: 1 },
      ],
    });
    await until('the reasons', () => words(earlier(element)).includes('not all is here yet'));
    const details = find<HTMLDetailsElement>(earlier(element), 'details');
    expect(details.open).toBe(false);
    find(earlier(element), 'summary').click();
    expect(details.open).toBe(true);
    expect(words(earlier(element))).toContain('“Harbour”: It is full.');
    expect(await violations(element)).toEqual([]);
  });

  test('that none has answered is said as what it is', async () => {
    const { weir, element } = await show({ type: 'all-on-node' });
    weir.migration.set({ type: 'open', reasons: [{ type: 'silent', versions: 28 }] });
    await until('the reasons', () => words(earlier(element)).includes('none has answered'));
    expect(words(earlier(element))).toContain('28 versions do not answer on this node');
  });

  test('the narrow form says nothing of them', async () => {
    const { element } = await show({ type: 'all-on-node' }, true);
    expect(findAll(element, 'weir-earlier-versions')).toEqual([]);
  });
});
