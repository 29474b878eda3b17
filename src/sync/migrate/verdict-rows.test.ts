import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  earlier,
  installEarlier,
  installUnrunnable,
} from '../../../tests/support/earlier-delegates.ts';
import { RigHost, RigProfile } from '../../../tests/support/sync-rig.ts';
import { readVectors } from '../../../tests/support/vectors.ts';
import { askGenerationsAgain, GENERATION_STORES } from '../../persist/ask-generations-again.ts';
import { generationsIn, isSealed, scopeIn } from '../../persist/migration.ts';
import type { GenerationRow } from '../../persist/earlier-rows.ts';
import { fromHex } from '../../shared/bytes.ts';
import { writeRaw } from '../../../tests/support/delegate.ts';
import type { SyncEngine } from '../engine.ts';
import type { LegacyDelegate } from './legacy-delegates.ts';

vi.setConfig({ testTimeout: 60_000 });

const [one, other] = readVectors<{
  rooms: { name: string; owner_vk_base58: string; room_slot: string }[];
}>('user-data').rooms.filter(({ name }) => /^(small public|quiet) room$/.test(name));

let host: RigHost;
let profile: RigProfile;

beforeEach(async () => {
  host = await RigHost.start();
  profile = await RigProfile.open(host);
});
afterEach(() => host.dispose());

async function run(registry: readonly LegacyDelegate[]): Promise<void> {
  const migration = profile.migration({ registry, drain: () => rooms.nudge('timer') });
  const rooms: SyncEngine = profile.engine({ loaded: (link) => migration.begin(link) });
  await rooms.nudge('start');
  await migration.nudge('retry');
}

const rows = (): Promise<GenerationRow[]> =>
  profile.db.read(['settings', 'generations'], async (tx) => {
    const scope = await scopeIn(tx);
    return scope ? generationsIn(tx, scope) : [];
  });
const verdictOf = async ({ version }: LegacyDelegate): Promise<GenerationRow | undefined> =>
  (await rows()).find((row) => row.version === version);
const asked = (): number => host.node.metrics().requests['ApplicationMessages'] ?? 0;

it('A44: a delegate that the node has and cannot run is not taken for empty: it is shown as not answering, stays open, and is asked again', async () => {
  const broken = await installUnrunnable(host.url);
  await run([broken]);
  const row = await verdictOf(broken);
  expect(row?.verdict).toBe('unreachable');
  expect(row?.reason).toBeTruthy();
  expect(row?.nextTryAt).toBeGreaterThan(Date.now());
  expect(isSealed(await rows())).toBe(false);
});

it('A45: delegates that have said that they hold nothing are asked once, and never again by any start', async () => {
  await installEarlier(host.url, 0, {});
  await run([earlier(0)]);
  expect((await verdictOf(earlier(0)))?.verdict).toBe('empty');
  expect(isSealed(await rows())).toBe(true);
  await run([earlier(0)]);
  expect((await verdictOf(earlier(0)))?.attempts).toBe(1);
});

it('searching again asks those too that were never asked, and takes over what the delegate in use lacks; what was taken over is not taken over twice', async () => {
  if (!one || !other) throw new Error('no rooms');
  await writeRaw(host.url, `room:${one.owner_vk_base58}`, fromHex(one.room_slot));
  await installEarlier(host.url, 0, {
    [`room:${other.owner_vk_base58}`]: fromHex(other.room_slot),
  });
  await run([earlier(0)]);
  expect((await verdictOf(earlier(0)))?.verdict).toBe('superseded');
  const again = (): Promise<void> =>
    profile.db.write(GENERATION_STORES, 'strict', (tx) => askGenerationsAgain(tx, Date.now()));
  const roomsHere = async (): Promise<string[]> =>
    (await profile.db.read(['rooms'], (tx) => tx.objectStore('rooms').getAllKeys())).map(String);
  expect(await roomsHere()).toEqual([one.owner_vk_base58]);

  await again();
  await run([earlier(0)]);
  expect((await roomsHere()).sort()).toEqual([one.owner_vk_base58, other.owner_vk_base58].sort());
  expect((await verdictOf(earlier(0)))?.verdict).toBe('imported');

  const stores = host.node.metrics().storeRequests;
  const before = asked();
  await again();
  await run([earlier(0)]);
  expect(asked()).toBeGreaterThan(before);
  expect((await verdictOf(earlier(0)))?.verdict).toBe('imported');
  expect(host.node.metrics().storeRequests).toBe(stores);
});
