import { page } from 'vitest/browser';
import { afterEach, describe, expect, test } from 'vitest';
import type { RoomKey } from '../../shared/brand.ts';
import { err, ok } from '../../shared/result.ts';
import { joinText } from '../state/join-text.ts';
import { FakeWeir } from '../testing/fake-weir.ts';
import {
  drawn,
  find,
  findAll,
  mount,
  type,
  unmountAll,
  until,
  violations,
  words,
} from '../testing/mount.ts';
import { room, roomKey, sampleRooms } from '../testing/sample-rooms.ts';
import { DialogClosedEvent } from './dialog.ts';
import { qrCode } from './qr-code.ts';
import { FileChosenEvent } from './weir-file-choice.ts';
import type { WeirJoinDialog } from './weir-join-dialog.ts';
import './weir-awaiting.ts';
import './weir-join-dialog.ts';

afterEach(unmountAll);

const IDENTITY = '-----BEGIN RIVER IDENTITY-----\nabc\n-----END RIVER IDENTITY-----';

interface Shown {
  readonly weir: FakeWeir;
  readonly element: WeirJoinDialog;
  readonly closed: (RoomKey | undefined)[];
}

async function show(
  fill: (element: WeirJoinDialog, weir: FakeWeir) => void = () => {},
): Promise<Shown> {
  const weir = new FakeWeir();
  weir.ready(sampleRooms(Date.now()));
  const element = document.createElement('weir-join-dialog');
  element.weir = weir;
  fill(element, weir);
  const closed: (RoomKey | undefined)[] = [];
  element.addEventListener(DialogClosedEvent.type, (event) => {
    if (event instanceof DialogClosedEvent) closed.push(event.room);
  });
  await mount(element);
  return { weir, element, closed };
}

const problem = (element: Element): string => words(find(element, '#problem'));
const field = (element: Element): HTMLTextAreaElement => find(element, '#paste');

function button(element: Element, label: string): HTMLElement {
  const found = findAll(element, 'button').find(
    (each) => (each.getAttribute('aria-label') ?? words(each)) === label,
  );
  if (!found) throw new Error(`no button ${label}`);
  return found;
}

const choose = (element: Element, file: Blob): void => {
  find(element, 'weir-file-choice').dispatchEvent(new FileChosenEvent(file));
};

async function qrPicture(text: string): Promise<Blob> {
  const code = qrCode(text);
  const canvas = new OffscreenCanvas(600, 600);
  const context = canvas.getContext('2d');
  if (!code || !context) throw new Error('no picture');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, 600, 600);
  context.scale(600 / code.size, 600 / code.size);
  context.fillStyle = '#000';
  context.fill(new Path2D(code.path));
  return canvas.convertToBlob({ type: 'image/png' });
}

describe('joining from a file', () => {
  test('a picture of an invitation’s QR code is as good as its link', async () => {
    const { element } = await show();
    choose(element, await qrPicture('http://localhost:7520/?invitation=abc'));
    await until('it asks for a name', () => findAll(element, '#nickname').length === 1);
  });

  test('a picture that was copied can be pasted', async () => {
    const { element } = await show();
    const clipboardData = new DataTransfer();
    const picture = await qrPicture('http://localhost:7520/?invitation=abc');
    clipboardData.items.add(new File([picture], 'code.png', { type: picture.type }));
    field(element).dispatchEvent(new ClipboardEvent('paste', { clipboardData }));
    await until('it asks for a name', () => findAll(element, '#nickname').length === 1);
  });

  test('an identity that was saved is brought here', async () => {
    const { weir, element, closed } = await show((it) => {
      it.wanted = 'identity';
    });
    choose(element, new Blob([`${IDENTITY}\n`], { type: 'text/plain' }));
    await until('it has closed', () => closed.length > 0);
    expect(weir.people.asked).toEqual([`import ${IDENTITY}`]);
  });

  test.each([
    ['a picture of nothing', () => new Blob(['x'], { type: 'image/png' }), 'can’t be read'],
    ['a long text', () => new Blob([new Uint8Array(300_001)], { type: 'text/plain' }), 'too large'],
  ])('%s is refused in words', async (_what, file, sentence) => {
    const { element } = await show();
    choose(element, file());
    await until('it says why', () => problem(element).includes(sentence));
    expect(await violations(element)).toEqual([]);
  });
});

test('an invitation that another tab has accepted meanwhile leads to its room', async () => {
  const { weir, element, closed } = await show((it) => (it.invitation = 'abc'));
  await until('it asks for a name', () => findAll(element, '#nickname').length === 1);
  type(find(element, '#nickname'), 'Ben');
  const name = 'Freenet Official';
  weir.people.offer = ok({ type: 'already-here', room: roomKey(1), name });
  weir.people.refuseNext({ type: 'NotAllowed', reason: 'You are in this room already.' });
  button(element, 'Join').click();
  await until('it says so', () => words(element).includes('Nothing was changed'));
  expect(words(element)).not.toContain('You are in this room already.');
  button(element, 'Open it').click();
  await until('it has closed', () => closed.length > 0);
  expect(closed).toEqual([roomKey(1)]);
});

describe('bringing an identity', () => {
  test.each([
    [390, 700],
    [1280, 800],
  ])('says how rooms come from River; axe finds nothing at %i px', async (width, height) => {
    await page.viewport(width, height);
    const { element } = await show((it) => {
      it.wanted = 'identity';
    });
    expect(words(find(element, 'h2'))).toBe('Bring an identity');
    expect(find<HTMLDetailsElement>(element, 'details').open).toBe(true);
    expect(words(element)).toContain(joinText.join.riverOther);
    expect(await violations(element)).toEqual([]);
    const dialog = find(element, 'dialog');
    expect(dialog.scrollWidth).toBeLessThanOrEqual(dialog.clientWidth);
  });

  test('waits until the rooms are loaded, and goes on by itself', async () => {
    const { weir, element, closed } = await show((_, fake) => {
      fake.phase.set({ type: 'loading' });
    });
    type(field(element), IDENTITY);
    button(element, 'Next').click();
    await until('it says that it waits', () => words(element).includes(joinText.join.loading));
    expect([weir.people.asked, closed]).toEqual([[], []]);
    weir.phase.set({ type: 'failed', reason: 'no node' }); // offline: what is stored here is all there is
    await until('it has closed', () => closed.length > 0);
    expect(weir.people.asked).toEqual([`import ${IDENTITY}`]);
  });

  test('a code that is pasted instead is taken for what it is', async () => {
    const { weir, element } = await show((it) => {
      it.wanted = 'identity';
    });
    type(field(element), 'barecode');
    button(element, 'Next').click();
    await until('it asks for a name', () => findAll(element, '#nickname').length === 1);
    expect(weir.people.asked).toEqual([]);
  });

  test('what is neither is refused as what was asked for', async () => {
    const { element } = await show((it, fake) => {
      it.wanted = 'identity';
      fake.people.offer = err('This is no invitation: there is no code.');
    });
    type(field(element), 'nonsense');
    button(element, 'Next').click();
    await until('it says why', () => problem(element) === 'This is no identity.');
  });
});

describe('a room on its way', () => {
  const waiting = room(9, 'New room', { isAwaiting: true, readOnlyReason: 'Not here yet.' });

  test('is listed where one joins, to be looked for again or given up', async () => {
    const { weir, element } = await show((_, fake) => {
      fake.ready([room(1, 'Here')]);
      fake.add(waiting);
    });
    await drawn();
    const key = roomKey(9).slice(0, 8);
    expect(words(find(element, 'weir-waiting-rooms'))).toContain(`Room ${key}…`);
    expect(await violations(element)).toEqual([]);
    button(element, `Look again: Room ${key}…`).click();
    expect(weir.retries).toBe(1);
    button(element, `Cancel joining room ${key}`).click();
    await until('it is gone', () => !words(element).includes(`Room ${key}…`));
    expect(weir.people.asked).toEqual([`leave ${roomKey(9)}`]);
  });

  test('that is given up on its own screen tells so, and says why when it can’t be', async () => {
    const weir = new FakeWeir();
    weir.ready([waiting]);
    const element = document.createElement('weir-awaiting');
    Object.assign(element, { weir, room: roomKey(9), roomName: 'New room' });
    const left: string[] = [];
    element.addEventListener('weir-room-left', (event) => left.push(event.room));
    await mount(element);
    expect(await violations(element)).toEqual([]);
    weir.refuseNext({ type: 'QuotaExceeded' });
    button(element, 'Don’t join after all').click();
    await until('it says why', () => words(element).includes('storage is full'));
    expect(left).toEqual([]);
    button(element, 'Don’t join after all').click();
    await until('it is left', () => left.length > 0);
  });
});
