import { userEvent } from 'vitest/browser';
import { afterEach, describe, expect, test } from 'vitest';
import { FakeWeir } from '../testing/fake-weir.ts';
import {
  drawn,
  find,
  findAll,
  focused,
  mount,
  press,
  type,
  unmountAll,
  until,
  violations,
  words,
} from '../testing/mount.ts';
import { room, roomKey } from '../testing/sample-rooms.ts';
import './weir-composer.ts';
import type { WeirComposer } from './weir-composer.ts';

afterEach(unmountAll);

async function show(): Promise<{
  weir: FakeWeir;
  composer: WeirComposer;
  field: HTMLTextAreaElement;
}> {
  const weir = new FakeWeir();
  weir.ready([room(1, 'One'), room(2, 'Two')]);
  const composer = document.createElement('weir-composer');
  composer.weir = weir;
  composer.room = roomKey(1);
  composer.roomName = 'One';
  composer.maxTextBytes = 100;
  await mount(composer);
  const field = find<HTMLTextAreaElement>(composer, 'textarea');
  field.focus();
  return { weir, composer, field };
}

const sent = (weir: FakeWeir, n = 1): string[] =>
  weir.get(roomKey(n)).messages.map((item) => item.text);
const sendButton = (composer: WeirComposer): HTMLButtonElement => find(composer, '.send');

describe('sending', () => {
  test('Enter sends the trimmed text and leaves the field empty, focused and small', async () => {
    const { weir, field } = await show();
    const small = field.clientHeight;
    type(field, '  hello\nthere \n');
    await drawn();
    expect(press('Enter')).toBe(false);
    await until('it is sent', () => sent(weir).length === 1);
    await drawn();
    expect(sent(weir)).toEqual(['hello\nthere']);
    expect([field.value, focused(), field.clientHeight]).toEqual(['', field, small]);
  });

  test('Shift+Enter is a new line, left to the field', async () => {
    const { weir, field } = await show();
    type(field, 'one');
    expect(press('Enter', { shiftKey: true })).toBe(true);
    await drawn();
    expect(sent(weir)).toEqual([]);
  });

  test.each<[string, KeyboardEventInit]>([
    ['a composition is running', { isComposing: true }],
    ['Safari has just ended one', { keyCode: 229 }],
  ])('Enter does not send while %s', async (_, init) => {
    const { weir, field } = await show();
    type(field, 'こんにちは');
    press('Enter', init);
    await drawn();
    expect(sent(weir)).toEqual([]);
    expect(field.value).toBe('こんにちは');
  });

  test('nothing but white space is not sent, and the button says so', async () => {
    const { weir, composer, field } = await show();
    type(field, ' \n ');
    await drawn();
    press('Enter');
    await drawn();
    expect(sent(weir)).toEqual([]);
    expect(sendButton(composer).disabled).toBe(true);
  });

  test('the button sends too', async () => {
    const { weir, composer, field } = await show();
    type(field, 'by hand');
    await drawn();
    sendButton(composer).click();
    await until('it is sent', () => sent(weir).length === 1);
  });
});

describe('refused edits', () => {
  test('the text comes back, before what was typed since, and the reason is an alert', async () => {
    const { weir, composer, field } = await show();
    const release = weir.holdEdits();
    weir.refuseNext({ type: 'QuotaExceeded' });
    type(field, 'precious words');
    await drawn();
    press('Enter');
    type(field, 'and more');
    release();
    await until('the refusal is shown', () => findAll(composer, '[role=alert]').length > 0);
    expect(field.value).toBe('precious words\nand more');
    expect(words(find(composer, '[role=alert]'))).toMatch(/storage is full/);
    expect(await violations(composer)).toEqual([]);
    type(field, 'changed');
    await drawn();
    expect(findAll(composer, '[role=alert]')).toHaveLength(0);
  });

  test('a refusal that comes after the person has left for another room waits there as a draft', async () => {
    const { weir, composer, field } = await show();
    const release = weir.holdEdits();
    weir.refuseNext({ type: 'StorageFailed', reason: 'x' });
    type(field, 'for room one');
    await drawn();
    press('Enter');
    composer.room = roomKey(2);
    await drawn();
    type(field, 'for room two');
    release();
    await drawn();
    expect(field.value).toBe('for room two');
    composer.room = roomKey(1);
    await drawn();
    expect(field.value).toBe('for room one');
  });
});

describe('the byte counter', () => {
  test('appears at four fifths, counts UTF-8, and forbids sending above the limit', async () => {
    const { weir, composer, field } = await show();
    const foot = find(composer, '.foot');
    type(field, 'é'.repeat(39));
    await drawn();
    expect(foot.hidden).toBe(true);
    type(field, 'é'.repeat(40));
    await drawn();
    expect([foot.hidden, words(foot)]).toEqual([false, '80 / 100 bytes']);
    type(field, 'é'.repeat(51));
    await drawn();
    expect(words(foot)).toBe('Too long by 2 bytes: this room takes 100. 102 / 100 bytes');
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(sendButton(composer).disabled).toBe(true);
    press('Enter');
    await drawn();
    expect([sent(weir), field.value.length]).toEqual([[], 51]);
    expect(await violations(composer)).toEqual([]);
  });

  test('follows a limit that the owner changes', async () => {
    const { composer, field } = await show();
    type(field, 'x'.repeat(60));
    composer.maxTextBytes = 50;
    await drawn();
    expect(find(composer, '.foot').className).toContain('over');
  });
});

describe('what is being typed', () => {
  test('survives every re-render, with its selection', async () => {
    const { composer, field } = await show();
    type(field, 'half a sen');
    field.setSelectionRange(2, 4);
    for (let n = 0; n < 5; n++) {
      composer.roomName = `One ${n}`;
      composer.maxTextBytes = 90 - n;
      await drawn();
    }
    expect(find(composer, 'textarea')).toBe(field);
    expect([field.value, field.selectionStart, field.selectionEnd, focused()]).toEqual([
      'half a sen',
      2,
      4,
      field,
    ]);
  });

  test('is kept per room', async () => {
    const { composer, field } = await show();
    type(field, 'draft one');
    composer.room = roomKey(2);
    await drawn();
    expect(field.value).toBe('');
    type(field, 'draft two');
    composer.room = roomKey(1);
    await drawn();
    expect(field.value).toBe('draft one');
  });

  test('outlives a time in which writing was not allowed, and the reason is said', async () => {
    const { composer, field } = await show();
    type(field, 'later');
    composer.readOnlyReason = 'You have been banned.';
    await drawn();
    expect(words(composer)).toBe('You have been banned.');
    expect(await violations(composer)).toEqual([]);
    composer.readOnlyReason = undefined;
    await drawn();
    expect(find<HTMLTextAreaElement>(composer, 'textarea').value).toBe('later');
    expect(sendButton(composer).disabled).toBe(false);
  });

  test('stays in sight where one types, when it is longer than the field can grow', async () => {
    const { composer } = await show();
    composer.maxTextBytes = 10_000;
    await userEvent.keyboard('{Shift>}{Enter>20}{/Shift}the end');
    await drawn();
    const { scrollTop, clientHeight, scrollHeight } = find(composer, '.grow');
    expect(scrollHeight).toBeGreaterThan(clientHeight);
    expect(scrollHeight - clientHeight - scrollTop).toBeLessThan(16);
  });

  test('makes the field grow, up to a height', async () => {
    const { composer, field } = await show();
    composer.maxTextBytes = 10_000;
    const heights: number[] = [];
    for (const lines of [1, 3, 40]) {
      type(field, 'line\n'.repeat(lines));
      await drawn();
      heights.push(find(composer, '.grow').clientHeight);
    }
    const [one = 0, three = 0, forty = 0] = heights;
    expect(three).toBeGreaterThan(one + 30);
    expect(forty).toBeLessThanOrEqual(168);
  });
});
