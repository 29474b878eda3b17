import { expect, it } from 'vitest';
import { readVectors } from '../../../tests/support/vectors.ts';
import { applyVerified, must, refusal } from '../testing/edits.ts';
import { edit, loadRoom } from '../testing/rooms.ts';
import type { UserDataVectors } from '../testing/vectors.ts';
import { composeUpgrade } from './upgrade.ts';

const vectors = readVectors<UserDataVectors>('user-data');
const address = new Uint8Array(32).fill(7);

it('an upgrade pointer is signed by the owner, each with a higher version', async () => {
  const room = loadRoom(vectors, 'small public room');
  await applyVerified(room, must(composeUpgrade(edit(room), new Uint8Array(32))));
  await applyVerified(room, must(composeUpgrade(edit(room), address)));
  expect(room.state.upgrade?.upgrade).toMatchObject({ version: 2, newChatroomAddress: address });
  expect(refusal(composeUpgrade(edit(loadRoom(vectors, 'limits')), address))).toBe('NotOwner');
});
