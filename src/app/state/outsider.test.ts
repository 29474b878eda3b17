import { expect, it } from 'vitest';
import { openTestDatabase } from '../../persist/testing.ts';
import { verifyingKeyOf } from '../../river/keys.ts';
import { toBase58 } from '../../shared/bytes.ts';
import { OfflineBrowser } from '../testing/offline-browser.ts';
import { keyOfOutsider, whyReadOnly } from './room-edits.ts';

it('who is no member of a room and can’t come back is shown the key by which they can be invited, and nobody else is', async () => {
  const ana = new OfflineBrowser(await openTestDatabase());
  const room = await ana.create('Weir keepers');
  const loaded = await ana.room(room);
  expect(keyOfOutsider(loaded, ana.memo)).toBeUndefined();
  const selfSk = ana.compose.random.bytes(32);
  const own = { ...loaded.own, selfSk, selfVk: null, selfAuthorizedMember: null, inviteChain: [] };
  const outside = { ...loaded, own };
  expect(whyReadOnly(outside, ana.memo)).toBe('You are no member of this room.');
  expect(keyOfOutsider(outside, ana.memo)).toBe(`river:v1:vk:${toBase58(verifyingKeyOf(selfSk))}`);
  expect(keyOfOutsider({ ...outside, status: 'left' }, ana.memo)).toBeUndefined();
});
