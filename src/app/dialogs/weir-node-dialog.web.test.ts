import { userEvent } from 'vitest/browser';
import { afterEach, expect, test } from 'vitest';
import { FakeWeir } from '../testing/fake-weir.ts';
import {
  drawn,
  find,
  findAll,
  focused,
  mount,
  type,
  unmountAll,
  until,
  violations,
  words,
} from '../testing/mount.ts';
import './weir-node-dialog.ts';
import type { WeirNodeDialog } from './weir-node-dialog.ts';

afterEach(unmountAll);

const KEY = '4vJ9JU1bJJE96FWSJKvHsmmFADCg4gpZQff4P3bkLKi';

async function show(): Promise<{ weir: FakeWeir; element: WeirNodeDialog }> {
  const weir = new FakeWeir();
  const element = document.createElement('weir-node-dialog');
  element.weir = weir;
  await mount(element);
  return { weir, element };
}

const button = (element: Element, label: string): HTMLElement => {
  const found = findAll(element, 'button').find((each) => words(each) === label);
  if (!found) throw new Error(`no button ${label}`);
  return found;
};
const shownKey = (element: Element): string | undefined =>
  findAll<HTMLInputElement>(element, '#value')[0]?.value;
const other = (element: Element): HTMLInputElement => find(element, '#other');
const told = (element: Element): string => words(find(element, 'form [role=status]'));
const problem = (element: Element): string => words(find(element, 'form .problem'));

test('the key is shown only when it is asked for, ready to be copied', async () => {
  const { weir, element } = await show();
  expect(await violations(element)).toEqual([]);
  expect(words(element)).not.toContain(weir.node.current);
  expect(shownKey(element)).toBeUndefined();
  button(element, 'Show my key').click();
  await until('the key is there', () => shownKey(element) === weir.node.current);
  await until('it has the focus', () => focused()?.id === 'value');
  expect(findAll(element, 'button').some((each) => each.ariaLabel === 'Copy: Your key')).toBe(true);
  expect(await violations(element)).toEqual([]);
});

test('a key from elsewhere is taken with the keyboard alone, and the one that is shown follows', async () => {
  const { weir, element } = await show();
  button(element, 'Show my key').click();
  await until('the key is there', () => shownKey(element) !== undefined);
  other(element).focus();
  await userEvent.keyboard(`${KEY}{Enter}`);
  await until('it is told', () => told(element) === 'Done. Your rooms are on their way.');
  expect(weir.node.current).toBe(KEY);
  expect(shownKey(element)).toBe(KEY);
  expect(other(element).value).toBe('');

  type(other(element), KEY);
  await drawn();
  expect(told(element)).toBe('');
  button(element, 'Use this key').click();
  await until('it is told', () => told(element) === 'That is the key this browser uses already.');
});

test('what is no key is an alert at its field, and goes with the next letter', async () => {
  const { weir, element } = await show();
  weir.node.failure = { type: 'NotAKey' };
  type(other(element), 'my key');
  button(element, 'Use this key').click();
  await until('the problem is shown', () => problem(element).startsWith('That is no key'));
  expect(other(element).getAttribute('aria-invalid')).toBe('true');
  expect(focused()).toBe(other(element));
  expect(other(element).value).toBe('my key');
  expect(await violations(element)).toEqual([]);
  type(other(element), 'my keys');
  await drawn();
  expect(problem(element)).toBe('');
});

test('a storage that fails is said so, and nothing is told to be done', async () => {
  const { weir, element } = await show();
  weir.node.failure = { type: 'StorageFailed', reason: 'it is full' };
  button(element, 'Show my key').click();
  await until('the problem is shown', () => problem(element).includes('it is full'));
  expect(shownKey(element)).toBeUndefined();
  type(other(element), KEY);
  button(element, 'Use this key').click();
  await until('the problem is shown', () => problem(element).includes('it is full'));
  expect(told(element)).toBe('');
});
