import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';

describe('options', () => {
  it('without any storm Weir itself, and count what its delegate is asked to store', () => {
    expect(readOptions([])).toMatchObject({ rooms: 20, tabs: 4, edits: 0, saves: 'freenet' });
  });

  it('another app is counted by its HTTP requests unless told otherwise', () => {
    expect(readOptions(['--url', 'http://localhost:3000'])).toMatchObject({ saves: 'http' });
  });

  it('name each kill as often as it is wanted', () => {
    expect(readOptions(['--kill', 'tab=2', '--kill', 'node'])).toMatchObject({
      kills: ['tab', 'tab', 'node'],
    });
  });

  it('name what grows and through which sizes', () => {
    expect(readOptions(['--grow', 'room-kib=1,10'])).toMatchObject({
      grow: { what: 'room-kib', sizes: [1, 10] },
    });
  });

  it.each([
    [['--grow', 'cats=1,2'], '--grow cats=1,2'],
    [['--grow', 'rooms'], '--grow'],
    [['--grow', 'rooms=1,x'], '--grow x'],
    [['--url', 'http://localhost:1', '--grow', 'rooms=1,2'], '--grow rooms'],
    [['--tabs', 'x'], '--tabs x'],
    [['--tabs', '0'], '--tabs 0'],
    [['--kill', 'cat'], '--kill cat'],
    [['--url', 'localhost:3000'], '--url localhost:3000'],
    [['--url', 'http://localhost:1', '--edits', '3'], '--edits'],
    [['--url', 'http://localhost:1', '--kill', 'node'], '--kill node'],
    [['--nonsense'], 'nonsense'],
  ])('%j is refused in words', (args, words) => {
    expect(() => readOptions(args)).toThrow(words);
  });
});
