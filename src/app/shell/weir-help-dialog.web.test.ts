import { page } from 'vitest/browser';
import { afterEach, expect, test } from 'vitest';
import { Router } from '../state/router.ts';
import { FakeWeir } from '../testing/fake-weir.ts';
import { memoryAddressBar } from '../testing/memory-address-bar.ts';
import {
  find,
  findAll,
  mount,
  press,
  unmountAll,
  until,
  violations,
  words,
} from '../testing/mount.ts';
import { sampleRooms } from '../testing/sample-rooms.ts';
import type { WeirApp } from './weir-app.ts';
import './weir-app.ts';

afterEach(unmountAll);

async function show(width: number, height: number): Promise<WeirApp> {
  await page.viewport(width, height);
  const weir = new FakeWeir();
  weir.ready(sampleRooms(Date.now()));
  const app = document.createElement('weir-app');
  app.router = new Router(memoryAddressBar('/'));
  app.weir = weir;
  return mount(app);
}

const help = (app: WeirApp): HTMLElement[] => findAll(app, 'weir-help-dialog');

test.each([
  [1280, 800],
  [390, 844],
])('a question mark shows every key, at %d × %d', async (width, height) => {
  const app = await show(width, height);
  press('?');
  await until('the sheet is here', () => help(app).length === 1);
  const sheet = find(app, 'weir-help-dialog');
  expect(words(sheet)).toContain('Send');
  expect(find(sheet, 'dialog').scrollWidth).toBeLessThanOrEqual(find(sheet, 'dialog').clientWidth);
  expect(await violations(app)).toEqual([]);
  find(sheet, 'button').click();
  await until('it is gone', () => help(app).length === 0);
});

test('where one types, a question mark is one, and Ctrl+/ shows the keys', async () => {
  const app = await show(1280, 800);
  const field = document.createElement('input');
  document.body.append(field);
  field.focus();
  expect(press('?')).toBe(true);
  press('/', { ctrlKey: true });
  await until('the sheet is here', () => help(app).length === 1);
});

test('Ctrl+Shift+F searches, and Alt+Shift+Down goes to the next unread room', async () => {
  const app = await show(1280, 800);
  const { router } = app;
  press('F', { ctrlKey: true, shiftKey: true });
  expect(router?.route.current?.type).toBe('search');
  const unread = sampleRooms(Date.now()).filter((room) => (room.unread ?? 0) > 0);
  press('ArrowDown', { altKey: true, shiftKey: true });
  await until('a room is open', () => router?.route.current?.type === 'room');
  const route = router?.route.current;
  expect(unread.map(({ room }) => room)).toContain(route?.type === 'room' && route.room);
});
