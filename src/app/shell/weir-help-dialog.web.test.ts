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
import { roomKey, sampleRooms } from '../testing/sample-rooms.ts';
import type { WeirApp } from './weir-app.ts';
import './weir-app.ts';

afterEach(unmountAll);

async function show(width: number, height: number, weir = new FakeWeir()): Promise<WeirApp> {
  await page.viewport(width, height);
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

test('Ctrl+Shift+F searches, and Alt+Shift with the arrows goes to the next unread room', async () => {
  const weir = new FakeWeir();
  const app = await show(1280, 800, weir);
  weir.setUnread(roomKey(2), 3);
  weir.setUnread(roomKey(4), 1);
  const { router } = app;
  press('F', { ctrlKey: true, shiftKey: true });
  expect(router?.route.current?.type).toBe('search');
  const next = async (key: string): Promise<unknown> => {
    const before = router?.route.current;
    press(key, { altKey: true, shiftKey: true });
    await until('another room is open', () => router?.route.current !== before);
    return router?.route.current;
  };
  expect(await next('ArrowDown')).toEqual({ type: 'room', room: roomKey(2) });
  expect(await next('ArrowDown')).toEqual({ type: 'room', room: roomKey(4) });
  expect(await next('ArrowDown'), 'around the end').toEqual({ type: 'room', room: roomKey(2) });
  expect(await next('ArrowUp')).toEqual({ type: 'room', room: roomKey(4) });
});
