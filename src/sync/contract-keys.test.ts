import { expect, it, vi } from 'vitest';
import { heldRoom, seedUser, writeRaw } from '../../tests/support/delegate.ts';
import { codeOf } from '../../tests/support/earlier-contracts.ts';
import { RigHost, RigProfile } from '../../tests/support/sync-rig.ts';
import { readVectors } from '../../tests/support/vectors.ts';
import { decode, encode } from '../river/cbor/codec.ts';
import { roomContractKey } from '../river/contract-key.ts';
import { ROOM_CONTRACT_CODE_HASH } from '../river/room-contracts.ts';
import { roomSlot, type RoomData } from '../river/room-data.ts';
import { fromBase58, fromHex } from '../shared/bytes.ts';

vi.setConfig({ testTimeout: 60_000 });

const user = readVectors<{ rooms: { name: string; owner_vk_base58: string }[] }>('user-data');
const GARDEN = user.rooms.find(({ name }) => name === 'small public room')?.owner_vk_base58 ?? '';
const KEY = `room:${GARDEN}`;

async function held(url: string): Promise<RoomData> {
  const slot = decode(roomSlot, (await heldRoom(url, KEY))?.bytes ?? new Uint8Array());
  if (!slot.ok || slot.value.type !== 'Present') throw new Error('no room');
  return slot.value.room;
}

it('a room that was stored under an earlier contract says where it lies now and where it lay, once', async () => {
  const host = await RigHost.start();
  try {
    await seedUser(host.url);
    const earlier = roomContractKey(codeOf(31), fromBase58(GARDEN));
    const now = roomContractKey(fromHex(ROOM_CONTRACT_CODE_HASH), fromBase58(GARDEN));
    const room = { ...(await held(host.url)), contractKey: earlier };
    await writeRaw(host.url, KEY, encode(roomSlot, { type: 'Present', room }));
    const stores = (): number => host.node.metrics().storeRequests;
    const before = stores();

    const profile = await RigProfile.open(host);
    expect(await profile.engine().nudge('start')).toEqual({ type: 'clean' });
    expect(stores() - before).toBe(1);
    const moved = await held(host.url);
    expect([moved.contractKey, moved.previousContractKey]).toEqual([now, earlier]);
    expect(moved).toEqual({ ...room, contractKey: now, previousContractKey: earlier });

    expect(await profile.engine().nudge('start')).toEqual({ type: 'clean' });
    const elsewhere = await RigProfile.open(host);
    expect(await elsewhere.engine().nudge('start')).toEqual({ type: 'clean' });
    expect(stores() - before).toBe(1);
  } finally {
    await host.dispose();
  }
});
