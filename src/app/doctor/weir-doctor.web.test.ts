import { afterEach, describe, expect, test } from 'vitest';
import { decodeDoctorReport } from '../../shared/read-report.ts';
import {
  drawn,
  find,
  findAll,
  mount,
  resize,
  sizedBox,
  unmountAll,
  until,
  violations,
  words,
} from '../testing/mount.ts';
import { FakeDoctor, ROOM, sampleFacts } from './testing/sample-facts.ts';
import type { WeirDoctor } from './weir-doctor.ts';
import './weir-deleted-notice.ts';
import './weir-doctor.ts';

afterEach(unmountAll);

async function show(
  doctor = new FakeDoctor(),
): Promise<{ element: WeirDoctor; doctor: FakeDoctor }> {
  const element = document.createElement('weir-doctor');
  element.open = () => Promise.resolve(doctor);
  await mount(element, sizedBox(1280, 800));
  await until('it has looked', () => findAll(element, 'section').length > 0);
  return { element, doctor };
}

const button = (element: WeirDoctor, name: string): HTMLElement => {
  const found = findAll(element, 'button').find((each) => words(each) === name);
  if (!found) throw new Error(`no button “${name}”`);
  return found;
};

describe('the page for diagnostics', () => {
  test('says first what is wrong, names the room that waits, and why', async () => {
    const { element } = await show();
    const findings = findAll(element, '.finding');
    expect(findings[0]?.className).toContain('trouble');
    expect(words(element)).toContain('Harbour');
    expect(words(element)).toContain('The node refuses to store');
    expect(words(element)).toContain('Set aside');
  });

  test('has a database that does not open, and says what is known all the same', async () => {
    const facts = { ...sampleFacts(), database: { type: 'shut', reason: 'It is newer.' } } as const;
    const { element } = await show(new FakeDoctor(facts));
    expect(words(element)).toContain('can’t be read: It is newer.');
    expect(words(element)).toContain('The node answers');
  });

  test('Retry now asks for a try, and says so', async () => {
    const { element, doctor } = await show();
    button(element, 'Retry now').click();
    await drawn();
    expect(doctor.retries).toBe(1);
    expect(words(element)).toContain('is being tried');
  });

  test('asks the browser to keep what is stored; a promise needs no second one', async () => {
    const { element, doctor } = await show();
    button(element, 'Ask the browser to keep it').click();
    await until('the promise', () => words(element).includes('has promised to keep'));
    expect(doctor.asked).toBe(1);
    await until('the button to go', () =>
      findAll(element, 'button').every((each) => words(each) !== 'Ask the browser to keep it'),
    );
  });

  test('a promise that is not given is told', async () => {
    const doctor = new FakeDoctor();
    doctor.promises = false;
    const { element } = await show(doctor);
    button(element, 'Ask the browser to keep it').click();
    await until('the answer', () => words(element).includes('has not promised it'));
  });

  test('the report is shown before it is saved, without names unless they are ticked, and is a report', async () => {
    const { element } = await show();
    button(element, 'What will be in the file').click();
    await drawn();
    const shown = (): string => find(element, 'pre').textContent;
    expect(shown()).not.toContain('Harbour');
    expect(shown()).not.toContain(ROOM);
    expect(decodeDoctorReport(JSON.parse(shown())).ok).toBe(true);
    find(element, 'input').click();
    await drawn();
    expect(shown()).toContain('Harbour');
    expect(shown()).not.toContain(ROOM);
  });

  test('has no barrier that axe finds, and fits a phone', async () => {
    const { element } = await show();
    for (const details of findAll<HTMLDetailsElement>(element, 'details')) details.open = true;
    button(element, 'What will be in the file').click();
    await drawn();
    expect(await violations(element)).toEqual([]);
    const box = element.parentElement;
    if (!box) throw new Error('it is in a box');
    for (const width of [390, 768]) {
      resize(box, width, 800);
      await drawn();
      for (const part of ['.scroll', '.page', 'pre']) {
        expect(find(element, part).offsetWidth, part).toBeLessThanOrEqual(width);
      }
      const scroll = find(element, '.scroll');
      expect(scroll.scrollWidth).toBeLessThanOrEqual(scroll.clientWidth);
      for (const section of findAll(element, 'section, details')) {
        expect(section.getBoundingClientRect().right).toBeLessThanOrEqual(
          scroll.getBoundingClientRect().right,
        );
      }
    }
    for (const each of findAll(element, '.page button, summary, label')) {
      expect(each.offsetHeight).toBeGreaterThanOrEqual(44);
    }
  });
});

describe('the notice that the browser has deleted what was stored', () => {
  test('says what is lost, without a barrier, until the person has taken note', async () => {
    const element = document.createElement('weir-deleted-notice');
    element.deleted = { at: 1_790_000_000_000, pendingRooms: 2 };
    await mount(element);
    expect(words(element)).toContain('Changes in 2 rooms');
    expect(await violations(element)).toEqual([]);
    let noted = 0;
    element.addEventListener('weir-deleted-noted', () => (noted += 1));
    find(element, 'button').click();
    expect(noted).toBe(1);
    element.deleted = { at: 1_790_000_000_000, pendingRooms: 0 };
    await drawn();
    expect(words(element)).toContain('everything was on your node');
  });
});
