import { page } from 'vitest/browser';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { qrInPicture } from './qr-picture.ts';
import { qrCode } from './qr-code.ts';
import { TakenEvent } from './copy-field.ts';
import { FakeWeir } from '../testing/fake-weir.ts';
import {
  drawn,
  find,
  findAll,
  mount,
  unmountAll,
  until,
  violations,
  words,
} from '../testing/mount.ts';
import { roomKey, sampleRooms } from '../testing/sample-rooms.ts';
import type { WeirInviteDialog } from './weir-invite-dialog.ts';
import type { WeirQrCode } from './weir-qr-code.ts';
import './weir-identity-export.ts';
import './weir-invite-dialog.ts';

afterEach(() => {
  unmountAll();
  vi.restoreAllMocks();
});

const ROOM = roomKey(2);

async function show(
  prepare: (weir: FakeWeir) => void = () => {},
): Promise<{ weir: FakeWeir; element: WeirInviteDialog }> {
  const weir = new FakeWeir();
  weir.ready(sampleRooms(Date.now()));
  prepare(weir);
  const element = document.createElement('weir-invite-dialog');
  Object.assign(element, { weir, room: ROOM, roomName: 'Allotment 14b' });
  await mount(element);
  await until('there is an invitation', () => findAll(element, 'weir-copy-field').length === 2);
  await drawn();
  return { weir, element };
}

function button(root: Element, label: string): HTMLElement {
  const found = findAll(root, 'button').find(
    (each) => (each.getAttribute('aria-label') ?? words(each)) === label,
  );
  if (!found) throw new Error(`no button ${label}`);
  return found;
}

/** The code as a person gets it: painted as a picture, by the same path. */
async function pictureOf(element: WeirQrCode): Promise<Blob> {
  const svg = find<SVGSVGElement>(element, 'svg.code');
  const size = svg.viewBox.baseVal.width;
  const canvas = new OffscreenCanvas(size * 4, size * 4);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(4, 4);
  context.fillStyle = '#000';
  context.fill(new Path2D(find(svg, 'path').getAttribute('d') ?? ''));
  return canvas.convertToBlob({ type: 'image/png' });
}

/** What the browser is given to save. */
function savedFiles(): Blob[] {
  const saved: Blob[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {});
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    if (blob instanceof Blob) saved.push(blob);
    return 'blob:kept';
  });
  return saved;
}

const clipboard = () => vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();

describe('inviting', () => {
  test.each([
    [390, 700],
    [1280, 800],
  ])('has link, code, message and picture; axe finds nothing at %i px', async (width, height) => {
    await page.viewport(width, height);
    const { element } = await show((weir) => {
      weir.people.warning = 'The room is full.';
    });
    button(element, 'QR code').click();
    await until('the code is there', () => findAll(element, 'svg.code').length === 1);
    expect(await violations(element)).toEqual([]);
    expect(words(element)).toContain('The room is full.');
    expect(words(element)).toContain('can’t be taken back');
    const dialog = find(element, 'dialog');
    expect(dialog.scrollWidth).toBeLessThanOrEqual(dialog.clientWidth);
  });

  test('is noted once when something is taken along, and listed with what became of it', async () => {
    const copied = clipboard();
    const { weir, element } = await show();
    expect(weir.people.asked).toEqual([]);
    button(element, 'Copy it all with an explanation').click();
    await until('it is listed', () => words(element).includes('not used yet'));
    const [[message] = ['']] = copied.mock.calls;
    expect(message).toContain('You are invited to “Allotment 14b”');
    expect(message).toMatch(/\?invitation=code20of/);
    expect(message).toContain('for you alone');
    button(element, 'Copy: Link').click();
    await until('it is copied', () => copied.mock.calls.length === 2);
    expect(weir.people.asked.filter((each) => each.startsWith('keep'))).toHaveLength(1);

    const [made] = weir.people.made.current ?? [];
    if (!made) throw new Error('not kept');
    weir.people.made.set([
      { ...made, sentTo: 'Bo', state: { type: 'used', by: 'Bo' } },
      { ...made, invitee: 'x', state: { type: 'void', reason: 'They were banned.' } },
      { ...made, invitee: 'y' },
    ]);
    await drawn();
    const rows = findAll(element, '.what').map((each) => words(each));
    expect(rows.map((each) => each.replace(/^Made [^,a-z]*?(?:AM|PM)?(?=,|[a-z])/u, ''))).toEqual([
      expect.stringMatching(/, sent to Bo ?used: Bo is in the room$/),
      expect.stringMatching(/no longer opens the room: They were banned\.$/),
      expect.stringMatching(/not used yet$/),
    ]);
    expect(await violations(element)).toEqual([]);
    button(element, 'Copy the link again').click();
    await until('it is copied again', () => copied.mock.calls.length === 3);
    const remove = findAll(element, 'button[aria-label="Take it from this list"]');
    remove.at(-1)?.click();
    await until('it is gone', () => findAll(element, '.what').length === 2);
  });

  test('that could not be noted is said, and the text stays', async () => {
    clipboard();
    const { weir, element } = await show();
    weir.people.refuseNext({ type: 'QuotaExceeded' });
    button(element, 'Copy: Code, for any node').click();
    await until('it says so', () => words(find(element, '#problem')).includes('storage is full'));
    expect(findAll(element, 'weir-copy-field')).toHaveLength(2);
  });

  test('another one has another code', async () => {
    const { element } = await show();
    const code = (): string | undefined => findAll<HTMLInputElement>(element, 'input')[1]?.value;
    const before = code();
    button(element, 'Another one').click();
    await until('there is another', () => code() !== before);
  });
});

describe('a QR code', () => {
  /** A private room with two secrets, as River writes it. */
  const link = `http://localhost:7520/?invitation=${'3mJr7AoUXx2Wqd'.repeat(47)}`;

  test('is read back from its picture, upright and turned', async () => {
    const element = document.createElement('weir-qr-code');
    element.value = link;
    await mount(element);
    const picture = await pictureOf(element);
    expect(await qrInPicture(picture)).toEqual({ ok: true, value: link });

    const bitmap = await createImageBitmap(picture);
    const turned = new OffscreenCanvas(bitmap.width * 1.5, bitmap.height * 1.5);
    const context = turned.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.fillStyle = '#777';
    context.fillRect(0, 0, turned.width, turned.height);
    context.translate(turned.width / 2, turned.height / 2);
    context.rotate(0.2);
    context.drawImage(bitmap, -bitmap.width / 2, -bitmap.height / 2);
    expect(await qrInPicture(await turned.convertToBlob({ type: 'image/png' }))).toEqual({
      ok: true,
      value: link,
    });
  });

  test('is kept as a picture that can be read', async () => {
    const blobs = savedFiles();
    const element = document.createElement('weir-qr-code');
    element.value = link;
    let taken = 0;
    element.addEventListener(TakenEvent.type, () => (taken += 1));
    await mount(element);
    button(element, 'Save as a picture').click();
    await until('it is kept', () => taken === 1);
    const [kept] = blobs;
    expect(kept && (await qrInPicture(kept))).toEqual({ ok: true, value: link });
  });

  test('holds 2,953 bytes; what is longer says so', async () => {
    expect(qrCode('x'.repeat(2_953))?.size).toBe(177 + 8);
    const element = document.createElement('weir-qr-code');
    element.value = 'x'.repeat(2_954);
    await mount(element);
    expect(words(element)).toContain('too long for a QR code');
    expect(findAll(element, 'svg, button')).toEqual([]);
  });

  test.each([
    ['no-picture', () => new Blob(['hello'], { type: 'image/png' })],
    ['too-large', () => new Blob([new Uint8Array(25 * 1024 * 1024)], { type: 'image/png' })],
    [
      'no-code',
      async () => {
        const canvas = new OffscreenCanvas(300, 200);
        canvas.getContext('2d')?.fillRect(20, 20, 100, 100);
        return canvas.convertToBlob({ type: 'image/png' });
      },
    ],
  ])('is not found where there is none: %s', async (error, make) => {
    expect(await qrInPicture(await make())).toEqual({ ok: false, error });
  });
});

describe('an own identity', () => {
  test('is shown only when asked for, with a warning; it is copied, or saved as a file', async () => {
    const copied = clipboard();
    const saved = savedFiles();
    const weir = new FakeWeir();
    weir.ready(sampleRooms(Date.now()));
    const element = document.createElement('weir-identity-export');
    Object.assign(element, { weir, room: ROOM, roomName: 'Allotment 14b' });
    await mount(element);
    expect(findAll(element, 'textarea')).toEqual([]);
    button(element, 'Show my identity').click();
    await until('it is shown', () => findAll(element, 'textarea').length === 1);
    await drawn();
    expect(words(find(element, '.warning'))).toContain('private key');
    expect(await violations(element)).toEqual([]);
    const token = find<HTMLTextAreaElement>(element, 'textarea').value;
    button(element, 'Copy it').click();
    await until('it is copied', () => copied.mock.calls.length === 1);
    expect(copied.mock.calls[0]).toEqual([token]);
    button(element, 'Save as a file').click();
    expect(await saved[0]?.text()).toBe(`${token}\n`);

    element.room = roomKey(3);
    await drawn();
    expect(findAll(element, 'textarea')).toEqual([]);
  });
});
