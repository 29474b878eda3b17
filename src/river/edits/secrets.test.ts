import { describe, expect, it } from 'vitest';
import { readVectors } from '../../../tests/support/vectors.ts';
import { fromHex, toHex } from '../../shared/bytes.ts';
import { decode, encode } from '../cbor/codec.ts';
import { verifyingKeyOf } from '../keys.ts';
import { roomDelta, roomState } from '../room-state/room-state.ts';
import { RoomView } from '../room-view.ts';
import { SignatureMemo } from '../signatures/memo.ts';
import { timeFromMillis } from '../system-time.ts';
import { edit, loadRoom, type LoadedRoom } from '../testing/rooms.ts';
import { applyVerified, must, refusal } from '../testing/edits.ts';
import type { DelegateVectors, UserDataVectors } from '../testing/vectors.ts';
import { editRoom } from './author.ts';
import { composeMissingSecrets, composeRotation } from './secrets.ts';

const vectors = readVectors<UserDataVectors>('user-data');
const load = (name: string): LoadedRoom => loadRoom(vectors, name);

describe("a private room's secret", () => {
  it("rotates to the same bytes that River's delegate makes", () => {
    const { steps, actors } = readVectors<DelegateVectors>('delegate-protocol');
    let compared = 0;
    for (const step of steps) {
      const update = step.expect.to_node?.find(
        ({ kind }) => kind === 'UpdateContractRequest',
      )?.update;
      if (!update || step.state === undefined) continue;
      const state = decode(roomState, fromHex(step.state));
      if (!state.ok) throw state.error;
      const selfSk = fromHex(actors['owner']?.seed ?? '');
      const ownerVk = verifyingKeyOf(selfSk);
      const room = editRoom(
        state.value,
        { ...load('small public room').own, ownerVk, selfSk },
        new SignatureMemo(),
      );
      const delta = must(composeRotation(must(room), { secsSinceEpoch: 0n, nanosSinceEpoch: 0 }));
      expect(toHex(encode(roomDelta, delta)), step.name).toBe(update.data);
      compared += 1;
    }
    expect(compared).toBe(2);
  });

  it('is handed to those who lack it, by the owner of a private room only', async () => {
    const room = load('own private room');
    const delta = must(composeRotation(edit(room), timeFromMillis(1)));
    await applyVerified(room, delta);
    expect([...new RoomView(room.state, room.own).secrets.keys()].sort((a, b) => a - b)).toEqual([
      0, 1, 2,
    ]);
    expect(must(composeMissingSecrets(edit(room)))).toBeNull();
    room.state.secrets = {
      ...room.state.secrets,
      encryptedSecrets: room.state.secrets.encryptedSecrets.filter(
        ({ secret }) => secret.memberId === edit(room).author.id,
      ),
    };
    const missing = must(composeMissingSecrets(edit(room)));
    expect(missing?.secrets?.newVersions).toEqual([]);
    expect(missing?.secrets?.newEncryptedSecrets.map(({ secret }) => secret.secretVersion)).toEqual(
      [0, 1, 2],
    );
    expect(refusal(composeRotation(edit(load('private room')), timeFromMillis(1)))).toBe(
      'NotOwner',
    );
    expect(refusal(composeRotation(edit(load('small public room')), timeFromMillis(1)))).toBe(
      'NotAllowed',
    );
  });
});
