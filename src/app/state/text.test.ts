import { describe, expect, test } from 'vitest';
import { text } from './text.ts';

const plain = (words: string): string => words.replaceAll('\u00a0', ' ');

describe('words', () => {
  test('counts agree with their nouns', () => {
    expect(text.rooms.unread(1)).toBe('1 unread message');
    expect(text.conversation.members(1_204)).toBe('1,204 members');
    expect(text.message.joined(['Ana'])).toBe('Ana joined the room');
    expect(text.message.joined(['Ana', 'Bo'])).toBe('Ana and Bo joined the room');
    expect(text.message.joined(['A', 'B', 'C', 'D'])).toBe('4 people joined the room');
  });

  test('times are told in the largest whole unit', () => {
    expect(plain(text.sync.nextTry(11_200))).toBe('next try in 12 s');
    expect(plain(text.sync.nextTry(0))).toBe('trying now');
    expect(plain(text.sync.since(59_000))).toBe('since just now');
    expect(plain(text.sync.since(61 * 60_000))).toBe('for 1 h');
    expect(plain(text.sync.since(50 * 3_600_000))).toBe('for 2 days');
  });

  test('a refusal without a reason still says that it was one', () => {
    expect(text.sync.headline({ type: 'refused', pendingRooms: 1, pageDrains: false })).toMatch(
      /^Refused: \S/,
    );
  });

  test('every edit error is a sentence that says nothing was stored', () => {
    for (const error of [
      { type: 'TooLong', maxBytes: 990, bytes: 1_050 },
      { type: 'Empty' },
      { type: 'NotAllowed', reason: 'only the owner may.' },
      { type: 'QuotaExceeded' },
      { type: 'StorageFailed', reason: 'lost' },
    ] as const) {
      expect(text.editError(error)).toMatch(/^Not stored: .+\.$/);
    }
  });
});
