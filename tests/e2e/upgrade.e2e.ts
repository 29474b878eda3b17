import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awaitingRoom } from '../../src/persist/awaiting-room.ts';
import type { RoomSearchRow } from '../../src/persist/earlier-rows.ts';
import { decode, encode } from '../../src/river/cbor/codec.ts';
import { ROOM_CONTRACT_CODE_HASH } from '../../src/river/room-contracts.ts';
import { roomSlot, type RoomData } from '../../src/river/room-data.ts';
import { fromHex } from '../../src/shared/bytes.ts';
import { openProfile, type Profile } from '../support/browser.ts';
import { textsOf } from '../support/contracts.ts';
import { writeRaw } from '../support/delegate.ts';
import { codeOf, EarlierClient, everyRoomContract } from '../support/earlier-contracts.ts';
import { TestHost } from '../support/host.ts';
import { storedRows } from '../support/page-database.ts';
import { readVectors } from '../support/vectors.ts';

interface Recorded {
  readonly name: string;
  readonly owner_vk_base58: string;
  readonly room_slot: string;
}
const recorded = readVectors<{ rooms: Recorded[] }>('user-data').rooms.find(
  ({ name }) => name === 'small public room',
);
const GARDEN = recorded?.owner_vk_base58 ?? '';
const NOW = fromHex(ROOM_CONTRACT_CODE_HASH);

function wholeRoom(): RoomData {
  const slot = decode(roomSlot, fromHex(recorded?.room_slot ?? ''));
  if (!slot.ok || slot.value.type !== 'Present') throw new Error('no such room');
  return slot.value.room;
}

let host: TestHost;
let profile: Profile;
let client: EarlierClient;

/** A delegate that keeps the person's key and nothing of the room, which lies under an earlier contract only. */
beforeEach(async () => {
  host = await TestHost.start({ builtInRules: everyRoomContract() });
  const room = wholeRoom();
  if (!room.selfSk) throw new Error('no key');
  const { roomState } = awaitingRoom({
    owner: room.ownerVk,
    selfSk: room.selfSk,
    authorizedMember: null,
    inviteChain: [],
    memberInfo: null,
    nickname: null,
    secrets: [],
    contractCodeHash: NOW,
  });
  const kept: RoomData = { ...room, roomState };
  await writeRaw(host.url, `room:${GARDEN}`, encode(roomSlot, { type: 'Present', room: kept }));
  client = await EarlierClient.connect(host.url);
  await client.put(GARDEN, codeOf(7), room.roomState);
  profile = await openProfile();
});

afterEach(async () => {
  client.close();
  await profile.close();
  await host.dispose();
});

async function answered(page: Page): Promise<number> {
  const { room_searches: searches = [] } = await storedRows(page, ['room_searches']);
  const [search] = searches as RoomSearchRow[];
  return (search?.contracts ?? []).filter(
    ({ verdict }) => verdict !== 'unknown' && verdict !== 'silent',
  ).length;
}

const isInRoomOfNow = async (): Promise<boolean> => {
  const held = await client.held(GARDEN, NOW);
  return textsOf(held).join() === textsOf(wholeRoom().roomState).join();
};

describe('a room that lies under an earlier contract only', () => {
  it('A46: is found by who has its key, is shown, and lies under the contract of now afterwards', async () => {
    const page = await profile.context.newPage();
    await page.goto(`${host.url}/room/${GARDEN}`);
    const [first] = textsOf(wholeRoom().roomState);
    await page
      .locator('weir-history')
      .getByText(first ?? '', { exact: true })
      .first()
      .waitFor();
    await expect.poll(isInRoomOfNow, { timeout: 60_000 }).toBe(true);
    await expect.poll(() => answered(page), { timeout: 60_000 }).toBe(31);
    // the person owns the room: whoever looks under the old contract is told where it is now
    await expect
      .poll(async () => (await client.held(GARDEN, codeOf(7)))?.upgrade?.upgrade.version, {
        timeout: 60_000,
      })
      .toBe(1);
    expect((await client.held(GARDEN, NOW))?.upgrade).toBeNull();
    expect(profile.errors).toEqual([]);
  });

  it('A46: is found although page and worker are killed in the middle of the search', async () => {
    host.running.misbehave({
      seed: 1,
      rules: [{ match: { request: 'Get' }, do: { type: 'delay', at: 'before', ms: 700 } }],
    });
    const page = await profile.context.newPage();
    await page.goto(`${host.url}/room/${GARDEN}`);
    await expect.poll(() => answered(page), { timeout: 60_000 }).toBeGreaterThanOrEqual(8);
    await profile.stopWorkers(page);
    await page.close();
    host.running.misbehave({ seed: 1, rules: [] });
    expect(await client.held(GARDEN, NOW)).toBeUndefined(); // it was not found yet
    const again = await profile.context.newPage();
    await again.goto(`${host.url}/room/${GARDEN}`);
    await expect.poll(isInRoomOfNow, { timeout: 60_000 }).toBe(true);
    const [first] = textsOf(wholeRoom().roomState);
    await again
      .locator('weir-history')
      .getByText(first ?? '', { exact: true })
      .first()
      .waitFor();
    expect(profile.errors).toEqual([]);
  });
});
