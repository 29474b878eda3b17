import { describe, expect, test } from 'vitest';
import { StorageTrace } from './deleted-storage.ts';

function memory(initial?: string) {
  let kept: string | undefined = initial;
  return {
    getItem: () => kept ?? null,
    setItem: (_: string, value: string) => void (kept = value),
  };
}

describe('what localStorage remembers of the database', () => {
  test('a first start, and every start with the same database, has nothing to tell', () => {
    const storage = memory();
    expect(new StorageTrace(storage, 'a').check(1)).toBeUndefined();
    expect(new StorageTrace(storage, 'a').check(2)).toBeUndefined();
  });

  test('another database is told of, with what was pending in the one before, until the person has taken note', () => {
    const storage = memory();
    const before = new StorageTrace(storage, 'a');
    before.check(1);
    before.pending(3);
    const after = new StorageTrace(storage, 'b');
    expect(after.check(5)).toEqual({ at: 5, pendingRooms: 3 });
    after.pending(0);
    expect(new StorageTrace(storage, 'b').check(6)).toEqual({ at: 5, pendingRooms: 3 });
    after.noted();
    expect(new StorageTrace(storage, 'b').check(7)).toBeUndefined();
  });

  test('losses that nobody has taken note of add up', () => {
    const storage = memory();
    const a = new StorageTrace(storage, 'a');
    a.check(1);
    a.pending(2);
    const b = new StorageTrace(storage, 'b');
    b.check(2);
    b.pending(1);
    expect(new StorageTrace(storage, 'c').check(3)).toEqual({ at: 3, pendingRooms: 3 });
  });

  test('a page whose database is gone does not speak for the new one', () => {
    const storage = memory();
    const old = new StorageTrace(storage, 'a');
    old.check(1);
    new StorageTrace(storage, 'b').check(2);
    old.pending(9);
    old.noted();
    expect(new StorageTrace(storage, 'b').check(3)).toEqual({ at: 2, pendingRooms: 0 });
  });

  test.each(['{', '7', '{"identity":1}', '{"identity":"a","pendingRooms":-1}'])(
    'what is no trace (%s) tells nothing and is replaced',
    (text) => {
      const storage = memory(text);
      expect(new StorageTrace(storage, 'b').check(1)).toBeUndefined();
      expect(new StorageTrace(storage, 'b').check(2)).toBeUndefined();
      expect(new StorageTrace(storage, 'c').check(3)).toEqual({ at: 3, pendingRooms: 0 });
    },
  );

  test('without localStorage nothing is told and nothing fails', () => {
    const trace = new StorageTrace(undefined, 'a');
    trace.pending(1);
    trace.noted();
    expect(trace.check(1)).toBeUndefined();
  });
});
