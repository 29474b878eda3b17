import { expect, test } from 'vitest';
import { defaultDataDir } from './data-dir.ts';

test("data lies where the platform keeps a person's data", () => {
  expect(defaultDataDir('linux', {}, '/home/a')).toBe('/home/a/.local/share/weir');
  expect(defaultDataDir('linux', { XDG_DATA_HOME: '/data' }, '/home/a')).toBe('/data/weir');
  expect(defaultDataDir('darwin', {}, '/Users/a')).toBe(
    '/Users/a/Library/Application Support/Weir',
  );
  expect(defaultDataDir('win32', { LOCALAPPDATA: '/local' }, '/home/a')).toBe('/local/Weir');
});

test('a relative or empty XDG_DATA_HOME is ignored', () => {
  for (const XDG_DATA_HOME of ['', 'data', './data']) {
    expect(defaultDataDir('linux', { XDG_DATA_HOME }, '/home/a')).toBe('/home/a/.local/share/weir');
  }
});
