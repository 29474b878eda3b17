import { beforeEach, describe, expect, test } from 'vitest';
import type { WeirDatabase } from '../../persist/database.ts';
import { DraftStore } from '../../persist/draft-store.ts';
import { openTestDatabase } from '../../persist/testing.ts';
import { err } from '../../shared/result.ts';
import { Drafts } from './drafts.ts';

const GARDEN = 'garden';

test('each room has its own draft, and a refused text comes back before what was typed since', () => {
  const drafts = new Drafts();
  drafts.set('one', 'one');
  expect(drafts.get('two')).toBe('');
  drafts.set('one', '');
  drafts.putBack('one', 'refused');
  expect(drafts.get('one')).toBe('refused');
  drafts.set('one', 'next');
  drafts.putBack('one', 'refused');
  expect(drafts.get('one')).toBe('refused\nnext');
});

describe('on disk', () => {
  let db: WeirDatabase;
  let pages: number;
  let now: number;

  beforeEach(async () => {
    db = await openTestDatabase();
    pages = 0;
    now = 0;
  });

  const page = () => {
    const store = new DraftStore(db, { now: () => ++now }, `page-${++pages}`);
    return { store, drafts: new Drafts(store) };
  };
  const stored = () => db.read(['drafts'], (tx) => tx.objectStore('drafts').get(GARDEN));
  /** As an edit's transaction does. */
  const commit = (rows: ReturnType<DraftStore['sent']>) =>
    db.write(rows.stores, 'strict', (tx) =>
      rows.write(tx, { path: 'rooms', key: GARDEN, seq: 1 }, 0),
    );

  test('a draft comes back in the next page, with what it answers and what it changes', async () => {
    const { drafts } = page();
    const reply = { id: '7', author: 'Ana', text: 'hello' };
    const edit = { id: '8', before: 'old', text: 'new' };
    drafts.set(GARDEN, 'half a sen');
    drafts.setReplyTo(GARDEN, reply);
    drafts.setEdit(GARDEN, edit);
    await drafts.flush();
    const next = page().drafts;
    expect(await next.load(GARDEN)).toBe(true);
    expect([next.get(GARDEN), next.replyTo(GARDEN), next.edit(GARDEN)]).toEqual([
      'half a sen',
      reply,
      edit,
    ]);
  });

  test('what is being typed here is not replaced by what another page has stored', async () => {
    const [here, there] = [page().drafts, page().drafts];
    there.set(GARDEN, 'there');
    await there.flush();
    here.set(GARDEN, 'here');
    expect(await here.load(GARDEN)).toBe(false);
    expect(here.get(GARDEN)).toBe('here');
    await here.flush();
    expect(await stored()).toMatchObject({ text: 'here' }); // the last writer has it
    expect(there.get(GARDEN)).toBe('there');
  });

  test('a page takes away what it wrote or took over, and never what another has written since', async () => {
    const first = page().drafts;
    first.set(GARDEN, 'mine');
    await first.flush();
    const heir = page().drafts;
    await heir.load(GARDEN);
    first.set(GARDEN, 'mine, and more');
    await first.flush();
    heir.set(GARDEN, '');
    await heir.flush();
    expect(await stored()).toMatchObject({ text: 'mine, and more' });
    first.set(GARDEN, '');
    await first.flush();
    expect(await stored()).toBeUndefined();
    heir.set(GARDEN, 'again');
    await heir.flush();
    const next = page().drafts;
    await next.load(GARDEN);
    next.set(GARDEN, '');
    await next.flush();
    expect(await stored()).toBeUndefined();
  });

  test('a text that is being sent stays until the message is stored, and goes in that transaction', async () => {
    const { drafts, store } = page();
    drafts.set(GARDEN, 'words');
    await drafts.flush();
    drafts.set(GARDEN, 'words!');
    expect(drafts.take(GARDEN).text).toBe('words!');
    await drafts.flush();
    expect(await stored()).toMatchObject({ text: 'words' }); // a page that dies now brings back nearly all
    drafts.set(GARDEN, 'the next ones');
    await commit(store.sent(GARDEN));
    expect(await stored()).toBeUndefined();
    drafts.settle(GARDEN);
    await drafts.flush();
    expect(await stored()).toMatchObject({ text: 'the next ones' });
  });

  test('a stored change of an own message leaves the text that waits for it', async () => {
    const { drafts, store } = page();
    drafts.set(GARDEN, 'waits');
    drafts.setEdit(GARDEN, { id: '8', before: 'old', text: 'new' });
    await drafts.flush();
    await commit(store.changed(GARDEN));
    expect(await stored()).toMatchObject({ text: 'waits' });
    expect(await stored()).not.toHaveProperty('edit');
  });

  test('typing is written down when it pauses, and a refusal of the browser is told', async () => {
    const written: string[] = [];
    let refuse = true;
    const drafts = new Drafts({
      read: async () => undefined,
      write: async (_, { text }) => {
        written.push(text);
        return refuse ? err('full') : { ok: true, value: undefined };
      },
    });
    for (const typed of ['a', 'ab', 'abc']) drafts.set(GARDEN, typed);
    await expect.poll(() => written).toEqual(['abc']);
    await expect.poll(() => drafts.isKept.current).toBe(false);
    refuse = false;
    drafts.set(GARDEN, 'abcd');
    await drafts.flush();
    expect([written, drafts.isKept.current]).toEqual([['abc', 'abcd'], true]);
  });
});
