import { expect, it, vi } from 'vitest';
import { LiveNotifications, localMemory, type BrowserNotifications } from './live-notifications.ts';

function browser(permission: NotificationPermission) {
  const state = { permission, asked: 0, changed: (): void => {} };
  const it: BrowserNotifications = {
    permission: () => state.permission,
    request: async () => {
      state.asked += 1;
      return (state.permission = 'granted');
    },
    onChange: (listener) => void (state.changed = listener),
  };
  return { it, state };
}

function memory() {
  let was = false;
  return { wasOffered: () => was, offered: () => void (was = true) };
}

it('asks the browser for nothing before the person has said so, and offers it once, after the first message', async () => {
  const { it: notifications, state } = browser('default');
  const kept = memory();
  const live = new LiveNotifications(notifications, kept);
  expect([live.permission.current, live.offered.current]).toEqual(['default', false]);
  live.messageSent();
  expect([live.offered.current, state.asked]).toEqual([true, 0]);
  live.decline();
  live.messageSent();
  expect(live.offered.current).toBe(false);
  const later = new LiveNotifications(notifications, kept);
  later.messageSent();
  expect(later.offered.current).toBe(false);
  await later.ask();
  expect([later.permission.current, state.asked]).toEqual(['granted', 1]);
});

it.each(['granted', 'denied'] as const)('offers nothing where it is %s already', (permission) => {
  const live = new LiveNotifications(browser(permission).it, memory());
  live.messageSent();
  expect([live.permission.current, live.offered.current]).toEqual([permission, false]);
});

it('follows what the person changes in the browser, and says where there are none', async () => {
  const { it: notifications, state } = browser('granted');
  const live = new LiveNotifications(notifications, memory());
  state.permission = 'denied';
  state.changed();
  expect(live.permission.current).toBe('denied');
  const none = new LiveNotifications(undefined, memory());
  none.messageSent();
  await none.ask();
  expect([none.permission.current, none.offered.current]).toEqual(['unsupported', false]);
});

it('offers them once where the browser’s storage is full, and disturbs no message that was sent', () => {
  vi.stubGlobal('localStorage', {
    getItem: () => null,
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError');
    },
  });
  const live = new LiveNotifications(browser('default').it, localMemory);
  live.messageSent();
  expect(live.offered.current).toBe(true);
  live.decline();
  live.messageSent();
  expect(live.offered.current).toBe(false);
  vi.unstubAllGlobals();
});
