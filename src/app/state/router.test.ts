import { describe, expect, test } from 'vitest';
import { memoryAddressBar } from '../testing/memory-address-bar.ts';
import { roomKey } from '../testing/sample-rooms.ts';
import { dmsPath, messagePath, parseRoute, Router, roomPath, searchPath } from './router.ts';

describe('an address', () => {
  test('names home, a room, or nothing that is here', () => {
    expect(parseRoute('/')).toEqual({ type: 'home' });
    expect(parseRoute('/index.html')).toEqual({ type: 'home' });
    expect(parseRoute(roomPath(roomKey(7)))).toEqual({ type: 'room', room: roomKey(7) });
    expect(parseRoute(`${roomPath(roomKey(7))}/`)).toEqual({ type: 'room', room: roomKey(7) });
    expect(parseRoute(dmsPath(roomKey(7)))).toEqual({ type: 'dms', room: roomKey(7) });
    const peer = '-9223372036854775808';
    expect(parseRoute(dmsPath(roomKey(7), peer))).toEqual({ type: 'dms', room: roomKey(7), peer });
    const message = '-42';
    expect(parseRoute(messagePath(roomKey(7), message))).toEqual({
      type: 'room',
      room: roomKey(7),
      message,
    });
  });

  test('names how saving stands', () => {
    expect(parseRoute('/doctor')).toEqual({ type: 'doctor' });
    expect(parseRoute('/doctor/')).toEqual({ type: 'doctor' });
    expect(parseRoute('/doctor/more')).toMatchObject({ type: 'lost' });
    const bar = memoryAddressBar('/');
    const router = new Router(bar);
    router.openDoctor();
    expect([bar.path(), router.route.current]).toEqual(['/doctor', { type: 'doctor' }]);
    router.leaveRoom();
    expect(bar.path()).toBe('/');
  });

  test('names what is looked for, and where one came from', () => {
    const route = (words: string, room = undefined as ReturnType<typeof roomKey> | undefined) => {
      const [path = '', query = ''] = searchPath(words, room).split('?');
      return parseRoute(path, query);
    };
    expect(route('a & b?')).toEqual({ type: 'search', words: 'a & b?' });
    expect(route('', roomKey(7))).toEqual({ type: 'search', words: '', room: roomKey(7) });
    expect(parseRoute('/search', 'q=x&room=nowhere')).toEqual({ type: 'search', words: 'x' });
  });

  test.each([
    '/room',
    '/room/',
    '/room/0OIl',
    '/room/abc',
    `/room/${roomKey(255)}x`,
    `/room/${roomKey(1)}/y`,
    `/room/${roomKey(1)}/dm/9223372036854775808`,
    `/room/${roomKey(1)}/dm/007`,
    `/room/${roomKey(1)}/dm/7/8`,
    `/room/${roomKey(1)}/m`,
    `/room/${roomKey(1)}/m/x`,
    '/search/x',
    '/rooms',
    '/%',
  ])('%s leads nowhere, and says so', (path) =>
    expect(parseRoute(path)).toEqual({ type: 'lost', path }),
  );
});

describe('the router', () => {
  test('a deep link opens its room, and leaving it leads to the list', () => {
    const bar = memoryAddressBar(roomPath(roomKey(1)));
    const router = new Router(bar);
    expect(router.route.current).toEqual({ type: 'room', room: roomKey(1) });
    router.openRoom(roomKey(2));
    router.leaveRoom();
    expect(router.route.current).toEqual({ type: 'home' });
    expect(bar.entries).toEqual(['/']);
  });

  test('opening rooms from the list adds one entry, so that one step back is the list', () => {
    const bar = memoryAddressBar('/');
    const router = new Router(bar);
    router.openRoom(roomKey(1));
    router.openRoom(roomKey(2));
    router.openRoom(roomKey(2));
    expect(bar.entries).toEqual(['/', roomPath(roomKey(2))]);
    router.leaveRoom();
    expect(router.route.current).toEqual({ type: 'home' });
    expect(bar.path()).toBe('/');
  });

  test('from a message that was found, back leads to the words that were looked for', () => {
    const bar = memoryAddressBar('/');
    const router = new Router(bar);
    router.openSearch('', roomKey(1));
    router.typeSearch('boat', roomKey(1));
    router.openMessage(roomKey(2), '5');
    expect(router.route.current).toEqual({ type: 'room', room: roomKey(2), message: '5' });
    bar.back();
    expect(router.route.current).toEqual({ type: 'search', words: 'boat', room: roomKey(1) });
    expect(bar.entries).toHaveLength(3);
  });

  test('the browser’s own buttons move the route', () => {
    const bar = memoryAddressBar('/');
    const router = new Router(bar);
    const seen: string[] = [];
    router.route.subscribe((route) => seen.push(route.type));
    router.openRoom(roomKey(1));
    bar.back();
    bar.forward();
    expect(seen).toEqual(['home', 'room', 'home', 'room']);
  });
});
