import { afterEach, expect, test } from 'vitest';
import { FakeWeir } from '../testing/fake-weir.ts';
import { find, findAll, mount, unmountAll, until, violations, words } from '../testing/mount.ts';
import { roomKey, sampleRooms } from '../testing/sample-rooms.ts';
import { joinText } from '../state/join-text.ts';
import { membersText } from '../state/members-text.ts';
import type { WeirConversation } from './weir-conversation.ts';
import './weir-conversation.ts';

afterEach(unmountAll);

async function show(): Promise<{ weir: FakeWeir; element: WeirConversation }> {
  const weir = new FakeWeir();
  weir.ready(sampleRooms(Date.now()));
  weir.dms.put({ room: roomKey(1), roomName: 'Freenet Official', threads: [] });
  const element = document.createElement('weir-conversation');
  element.weir = weir;
  element.room = roomKey(1);
  await mount(element);
  return { weir, element };
}

test('somebody in the room is invited to another one, in a dialog in place of that of the people', async () => {
  const { weir, element } = await show();
  find(element, '[aria-label="People in this room"]').click();
  await until('the people are here', () => findAll(element, '[data-member=ana]').length === 1);
  find(element, '[data-member=ana]').click();
  const share = (): HTMLElement | undefined =>
    findAll(element, 'button').find((each) => words(each) === membersText.share);
  await until('her entry is open', () => share() !== undefined);
  share()?.click();
  await until('rooms are offered', () => findAll(element, 'input[name=room]').length > 1);
  expect(findAll(element, 'weir-people-dialog')).toEqual([]);
  expect(await violations(element)).toEqual([]);
  let told = '';
  element.addEventListener('weir-toast', (event) => (told = event.message));
  findAll<HTMLInputElement>(element, 'input[name=room]')[0]?.click();
  find(element, 'button[type=submit]').click();
  await until('it is sent', () => findAll(element, 'weir-dm-invite-dialog').length === 0);
  expect(told).toBe(joinText.share.sent('Ana Lima'));
  expect(weir.dms.asked).toEqual([`invite ana to ${roomKey(2)}: `]);
});

test('who is no member sees the key by which they can be invited, and can copy it', async () => {
  const { weir, element } = await show();
  const publicKey = 'river:v1:vk:GtTvvr1ddcMWZZaCo6w4bwTpzEdZPeqqwuJPhyBdTpcN';
  expect(findAll(element, '.own-key')).toEqual([]);
  weir.put({
    ...weir.get(roomKey(1)),
    readOnlyReason: 'You are no member of this room.',
    publicKey,
  });
  await until('the key is shown', () => findAll(element, '.own-key').length === 1);
  expect(find<HTMLInputElement>(find(element, '.own-key'), 'input').value).toBe(publicKey);
  expect(await violations(element)).toEqual([]);
});
