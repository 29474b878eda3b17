import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MoodyRules, storedRoom, textsOf, withForgery } from '../../../tests/support/contracts.ts';
import { writeRaw } from '../../../tests/support/delegate.ts';
import {
  codeOf,
  EarlierClient,
  everyRoomContract,
  keyUnder,
  UNKNOWN_CODE,
} from '../../../tests/support/earlier-contracts.ts';
import { RigHost, RigProfile } from '../../../tests/support/sync-rig.ts';
import { readVectors } from '../../../tests/support/vectors.ts';
import { awaitingRoom } from '../../persist/awaiting-room.ts';
import { searchAgain, type SearchedRoom } from '../../persist/begin-search.ts';
import type { WeirDatabase } from '../../persist/database.ts';
import { loadRoom } from '../../persist/loaded-room.ts';
import { isAnswered, searchesIn } from '../../persist/room-search.ts';
import type { EarlierContract, RoomSearchRow } from '../../persist/earlier-rows.ts';
import { changeWholeRoom } from '../../persist/whole-room.ts';
import { editRoom } from '../../river/edits/author.ts';
import { createRoom } from '../../river/edits/create-room.ts';
import { composeUpgrade } from '../../river/edits/upgrade.ts';
import type { RoomData } from '../../river/room-data.ts';
import { ROOM_CONTRACT_CODE_HASH } from '../../river/room-contracts.ts';
import type { RoomState } from '../../river/room-state/room-state.ts';
import { timeFromMillis } from '../../river/system-time.ts';
import { SignatureMemo } from '../../river/signatures/memo.ts';
import { nativeVerifier } from '../../../host/node/ed25519-verifier.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { fromBase58, fromHex, toBase58 } from '../../shared/bytes.ts';
import { systemClock } from '../../shared/clock.ts';
import { systemRandom } from '../../shared/random.ts';
import { ok } from '../../shared/result.ts';

vi.setConfig({ testTimeout: 60_000 });

interface Recorded {
  readonly name: string;
  readonly owner_vk_base58: string;
  /** As the delegate holds it, hex. */
  readonly room_slot: string;
}
const user = readVectors<{ rooms: Recorded[] }>('user-data');
const seeded = user.rooms.filter(({ name }) => /^(lively public|own private) room$/.test(name));
const room = (name: string): RoomKey =>
  (seeded.find((r) => r.name === name)?.owner_vk_base58 ?? '') as RoomKey;
/** Somebody else's. */
const GARDEN = room('lively public room');
/** The person's own; private. */
const OWN = room('own private room');
const NOW = fromHex(ROOM_CONTRACT_CODE_HASH);
const CONTRACTS = 31;

let host: RigHost;
let rules: MoodyRules;
let client: EarlierClient;
let here: RigProfile;

beforeEach(async () => {
  rules = new MoodyRules();
  host = await RigHost.start({ builtInRules: everyRoomContract(rules.of) });
  for (const { owner_vk_base58: key, room_slot: slot } of seeded) {
    await writeRaw(host.url, `room:${key}`, fromHex(slot));
  }
  here = await profileWithRooms();
  client = await EarlierClient.connect(host.url);
});
afterEach(async () => {
  client.close();
  await host.dispose();
});

/** A profile whose rooms come from the delegate. */
async function profileWithRooms(): Promise<RigProfile> {
  const profile = await RigProfile.open(host);
  expect(await profile.engine().nudge('start')).toEqual({ type: 'clean' });
  return profile;
}

/** The room as somebody has gone on writing it elsewhere. */
async function writtenElsewhere(of: RoomKey, text: string): Promise<RoomState> {
  const there = await profileWithRooms();
  await there.page().say(of, text);
  const state = await storedRoom(there.db, of);
  if (!state) throw new Error('the room is not there');
  return state;
}

const gets = (): number => host.node.metrics().requests['Get'] ?? 0;
const searches = (of = here): Promise<RoomSearchRow[]> =>
  of.db.read(['room_searches'], (tx) => searchesIn(tx));
const search = async (of: RoomKey): Promise<RoomSearchRow> => {
  const row = (await searches()).find((each) => each.room === of);
  if (!row) throw new Error('nothing was begun');
  return row;
};
const verdictOf = async (of: RoomKey, version: number): Promise<EarlierContract | undefined> =>
  (await search(of)).contracts.find((each) => each.version === `V${version}`);
const inContract = async (of: RoomKey, code = NOW): Promise<string[]> =>
  textsOf((await client.held(of, code)) ?? undefined);
const inBrowser = async (of: RoomKey): Promise<string[]> => textsOf(await storedRoom(here.db, of));

/** An edit makes the room be read under its contract of now, which does not have it. */
async function missed(of: RoomKey): Promise<void> {
  await here.page().say(of, 'an edit');
  expect(await here.contracts().nudge('edit')).toEqual({ type: 'clean' });
}

const memo = (): SignatureMemo => new SignatureMemo(nativeVerifier());

/** The state with the owner's pointer to another contract. */
async function pointing(state: RoomState, of: RoomKey, code: Uint8Array): Promise<RoomState> {
  const loaded = await loadRoom(here.db, of, here.memo);
  if (!loaded.ok || !loaded.value) throw new Error('the room is not there');
  const edit = editRoom(state, loaded.value.own, memo());
  const composed = edit.ok && composeUpgrade(edit.value, keyUnder(of, code).instance);
  if (!composed || !composed.ok) throw new Error('no pointer');
  return { ...state, upgrade: composed.value.upgrade };
}

describe('a room that its contract of now does not have', () => {
  it('A46: is found under an earlier one though it was restored from the delegate, and brought forward', async () => {
    await client.put(GARDEN, codeOf(29), await writtenElsewhere(GARDEN, 'old words'));
    await missed(GARDEN);
    const before = gets();
    expect(await here.earlierRooms().nudge('edit')).toEqual({ type: 'clean' });
    expect(gets() - before).toBe(CONTRACTS + 1); // and once more under the contract of now, to bring it there
    expect(await inBrowser(GARDEN)).toEqual(expect.arrayContaining(['old words', 'an edit']));
    expect(await inContract(GARDEN)).toEqual(expect.arrayContaining(['old words', 'an edit']));
    expect((await verdictOf(GARDEN, 29))?.verdict).toBe('merged');
    const { contracts } = await search(GARDEN);
    expect(contracts.filter(({ verdict }) => verdict === 'absent')).toHaveLength(CONTRACTS - 1);
    expect(here.told).toContainEqual({ type: 'rooms-changed', rooms: [GARDEN] });
    const settled = gets();
    expect(await here.earlierRooms().nudge('start')).toEqual({ type: 'clean' });
    expect(gets()).toBe(settled); // answered once for all
  });

  it('A46: what several earlier contracts hold is united, whoever is newer', async () => {
    await client.put(GARDEN, codeOf(31), await writtenElsewhere(GARDEN, 'newest'));
    await client.put(GARDEN, codeOf(3), await writtenElsewhere(GARDEN, 'oldest'));
    await missed(GARDEN);
    expect(await here.earlierRooms().nudge('edit')).toEqual({ type: 'clean' });
    expect(await inContract(GARDEN)).toEqual(expect.arrayContaining(['newest', 'oldest']));
  });

  it('A46: no answer is no absence: that contract stays open, the others are taken in, and it is asked again', async () => {
    await client.put(GARDEN, codeOf(31), await writtenElsewhere(GARDEN, 'slow to come'));
    await client.put(GARDEN, codeOf(30), await writtenElsewhere(GARDEN, 'at hand'));
    await missed(GARDEN);
    host.node.misbehave({
      seed: 1,
      rules: [{ match: { request: 'Get' }, when: { nth: 1 }, do: { type: 'drop-answer' } }],
    });
    expect((await here.earlierRooms().nudge('edit')).type).toBe('failed'); // something is open
    const silent = await verdictOf(GARDEN, 31);
    expect(silent?.verdict).toBe('silent');
    expect(silent?.reason).toMatch(/12/);
    expect(silent?.nextTryAt).toBeGreaterThan(Date.now() + 30_000);
    expect((await search(GARDEN)).contracts.filter(isAnswered)).toHaveLength(CONTRACTS - 1);
    expect(await inContract(GARDEN)).toContain('at hand');
    expect(await inBrowser(GARDEN)).not.toContain('slow to come');

    const before = gets();
    await here.earlierRooms().nudge('timer'); // its time has not come
    expect(gets()).toBe(before);
    const later = { ...systemClock, now: () => Date.now() + 80_000 };
    expect(await here.earlierRooms({ clock: later }).nudge('timer')).toEqual({ type: 'clean' });
    expect(await inContract(GARDEN)).toContain('slow to come');
    expect((await search(GARDEN)).contracts.every(isAnswered)).toBe(true);
  });

  it('A46: nothing is concluded from a node that is away, and nothing is asked twice when it is back', async () => {
    await client.put(GARDEN, codeOf(2), await writtenElsewhere(GARDEN, 'old words'));
    await missed(GARDEN);
    const first = gets();
    const engine = here.earlierRooms();
    const drained = engine.nudge('edit');
    while (gets() < first + 9) await new Promise((resolve) => setTimeout(resolve, 1));
    await host.stop();
    expect((await drained).type).toBe('failed');
    const answered = (await search(GARDEN)).contracts.filter(isAnswered).length;
    expect(answered).toBeGreaterThanOrEqual(8);
    expect((await search(GARDEN)).contracts.every(({ verdict }) => verdict !== 'silent')).toBe(
      true,
    );
    await host.start();
    client = await EarlierClient.connect(host.url);
    expect(await here.earlierRooms().nudge('node-back')).toEqual({ type: 'clean' });
    expect(gets()).toBe(CONTRACTS - answered + 1); // the new node counts from nothing
    expect(await inContract(GARDEN)).toContain('old words');
  });

  it.each([1, 3, 10, 32, 33, 34])(
    'A46: a worker that is killed at its write number %i leaves no verdict without its data, and the next one ends the search',
    async (at) => {
      await client.put(GARDEN, codeOf(31), await writtenElsewhere(GARDEN, 'newest'));
      await client.put(GARDEN, codeOf(1), await writtenElsewhere(GARDEN, 'oldest'));
      await missed(GARDEN);
      await here.earlierRooms({ db: dying(here.db, at), drain: async () => {} }).nudge('edit');
      for (const [version, text] of [
        [31, 'newest'],
        [1, 'oldest'],
      ] as const) {
        const isMerged = (await verdictOf(GARDEN, version))?.verdict === 'merged';
        expect((await inBrowser(GARDEN)).includes(text)).toBe(isMerged);
      }
      expect(await here.earlierRooms().nudge('retry')).toEqual({ type: 'clean' });
      await here.contracts().nudge('start');
      expect(await inContract(GARDEN)).toEqual(expect.arrayContaining(['newest', 'oldest']));
    },
  );

  it('A46: what breaks a signature or does not decode is named, kept out, and keeps nothing else out', async () => {
    rules.trusting = true;
    const held = await storedRoom(here.db, GARDEN);
    if (!held) throw new Error('the room is not there');
    await client.put(GARDEN, codeOf(31), withForgery(held, 'forged'));
    await client.put(GARDEN, codeOf(20), await writtenElsewhere(GARDEN, 'true'));
    rules.trusting = false;
    await missed(GARDEN);
    expect(await here.earlierRooms().nudge('edit')).toEqual({ type: 'clean' });
    const invalid = await verdictOf(GARDEN, 31);
    expect(invalid?.verdict).toBe('invalid');
    expect(invalid?.reason).toMatch(/recent_messages|signature/i);
    expect(await inBrowser(GARDEN)).not.toContain('forged');
    expect(await inContract(GARDEN)).toContain('true');
  });

  it('that only a key is here for arrives from an earlier contract, and becomes a room of the contract of now', async () => {
    const state = await writtenElsewhere(OWN, 'old words');
    const owner = fromBase58(OWN);
    const loaded = await loadRoom(here.db, OWN, here.memo);
    const selfSk = loaded.ok && loaded.value ? loaded.value.own.selfSk : null;
    if (!selfSk) throw new Error('no key');
    await client.put(OWN, codeOf(12), state);
    here = await RigProfile.open(host);
    const data = awaitingRoom({
      owner,
      selfSk,
      authorizedMember: null,
      inviteChain: [],
      memberInfo: null,
      nickname: null,
      secrets: loaded.ok && loaded.value ? loaded.value.own.invitationSecrets : [],
      contractCodeHash: NOW,
    });
    await store(data, true);
    const target = toBase58(keyUnder(OWN, NOW).instance);
    await searchAgain(here.db, [{ room: OWN, owner, codeHash: NOW, target }], Date.now());
    expect(await here.earlierRooms().nudge('edit')).toEqual({ type: 'clean' });
    expect(await client.held(OWN, NOW)).toEqual({ ...state, upgrade: null });
    expect(await storedRoom(here.db, OWN)).toEqual({ ...state, upgrade: null });
  });
});

describe('a healthy room', () => {
  it('is asked for under no earlier contract, by no start, edit or retry', async () => {
    const state = await storedRoom(here.db, GARDEN);
    await client.put(GARDEN, NOW, state ?? fail());
    await here.page().say(GARDEN, 'an edit');
    const before = gets();
    expect(await here.contracts().nudge('edit')).toEqual({ type: 'clean' });
    for (const reason of ['start', 'edit', 'retry', 'online'] as const) {
      expect(await here.earlierRooms().nudge(reason)).toEqual({ type: 'clean' });
    }
    expect(gets() - before).toBe(1); // the push’s own
    expect(await searches()).toEqual([]);
  });

  it('that was made here is not looked for, though its contract is not there yet', async () => {
    const made = createRoom(
      {
        name: 'A new room',
        description: null,
        nickname: 'Ada',
        isPrivate: false,
        contractCodeHash: NOW,
        createdAt: timeFromMillis(Date.now()),
      },
      systemRandom,
    );
    if (!made.ok) throw new Error(made.error.type);
    await store(made.value, false);
    expect(await here.contracts().nudge('edit')).toEqual({ type: 'clean' });
    expect((await client.held(toBase58(made.value.ownerVk), NOW))?.recentMessages).toEqual([]);
    const before = gets();
    expect(await here.earlierRooms().nudge('start')).toEqual({ type: 'clean' });
    expect(gets()).toBe(before);
    expect((await searches()).map(({ contracts }) => contracts)).toEqual([[]]);
  });
});

describe('the upgrade pointer', () => {
  it('is followed to a contract that nobody has heard of, in a circle only once, and is not brought forward', async () => {
    const old = await writtenElsewhere(OWN, 'left behind');
    const newer = await writtenElsewhere(OWN, 'further on');
    await client.put(OWN, codeOf(28), await pointing(old, OWN, UNKNOWN_CODE));
    await client.put(OWN, UNKNOWN_CODE, await pointing(newer, OWN, codeOf(28)));
    await missed(OWN);
    const before = gets();
    expect(await here.earlierRooms({ drain: async () => {} }).nudge('edit')).toMatchObject({
      type: 'clean',
    });
    expect(gets() - before).toBe(CONTRACTS + 1);
    const { contracts } = await search(OWN);
    expect(contracts.find(({ version }) => version === 'upgrade pointer')?.verdict).toBe('merged');
    expect((await storedRoom(here.db, OWN))?.upgrade).toBeNull();
    await here.contracts().nudge('edit');
    const held = await client.held(OWN, NOW);
    expect(held?.upgrade).toBeNull();
    expect(held?.recentMessages).toEqual((await storedRoom(here.db, OWN))?.recentMessages);
    for (const { recentMessages } of [old, newer]) {
      expect(held?.recentMessages).toContainEqual(recentMessages.at(-1));
    }
  });

  it('is followed from the contract of now too: the room may have moved on to a newer one', async () => {
    const newer = await writtenElsewhere(OWN, 'further on');
    const state = (await storedRoom(here.db, OWN)) ?? fail();
    await client.put(OWN, NOW, await pointing(state, OWN, UNKNOWN_CODE));
    await client.put(OWN, UNKNOWN_CODE, newer);
    await here.page().say(OWN, 'an edit');
    await here.contracts().nudge('edit');
    const before = gets();
    await here.earlierRooms().nudge('edit');
    expect(gets() - before).toBeLessThanOrEqual(2); // that contract, and the one of now to bring it
    const last = newer.recentMessages.at(-1);
    expect((await storedRoom(here.db, OWN))?.recentMessages).toContainEqual(last);
  });

  it('ends after 32 contracts', async () => {
    const chain = Array.from({ length: 40 }, (_, i) => toBase58(new Uint8Array(32).fill(i + 1)));
    const { withPointer } = await import('../../persist/room-search.ts');
    let row: RoomSearchRow = { room: OWN, target: 'now', since: 0, contracts: [] };
    for (const id of chain) row = withPointer(row, id, 0);
    expect(row.contracts).toHaveLength(32);
    expect(withPointer(row, 'now', 0)).toBe(row);
  });

  it('is published by the owner in the earlier contract, once the contract of now is proved to hold the room', async () => {
    await client.put(OWN, codeOf(31), await writtenElsewhere(OWN, 'old words'));
    await missed(OWN);
    await here.earlierRooms({ drain: async () => {} }).nudge('edit');
    expect((await verdictOf(OWN, 31))?.pointer).toBe('owed');
    expect((await client.held(OWN, codeOf(31)))?.upgrade).toBeNull(); // what was found is not there yet

    expect(await here.contracts().nudge('edit')).toEqual({ type: 'clean' });
    expect(await here.earlierRooms().nudge('edit')).toEqual({ type: 'clean' });
    const pointer = (await client.held(OWN, codeOf(31)))?.upgrade?.upgrade.newChatroomAddress;
    expect(pointer && toBase58(pointer)).toBe(toBase58(keyUnder(OWN, NOW).instance));
    expect((await verdictOf(OWN, 31))?.pointer).toBe('there');
    expect((await client.held(OWN, NOW))?.upgrade).toBeNull();
    const before = gets();
    await here.earlierRooms().nudge('start');
    expect(gets()).toBe(before);
  });

  it('is nobody else’s to publish', async () => {
    await client.put(GARDEN, codeOf(31), await writtenElsewhere(GARDEN, 'old words'));
    await missed(GARDEN);
    await here.earlierRooms().nudge('edit');
    expect((await verdictOf(GARDEN, 31))?.pointer).toBeUndefined();
    expect((await client.held(GARDEN, codeOf(31)))?.upgrade).toBeNull();
  });
});

describe('searching again', () => {
  it('asks every earlier contract of every room once more, those too that were never looked for', async () => {
    await client.put(GARDEN, NOW, (await storedRoom(here.db, GARDEN)) ?? fail());
    await here.page().say(GARDEN, 'an edit');
    await here.contracts().nudge('edit');
    await client.put(
      GARDEN,
      codeOf(5),
      await writtenElsewhere(GARDEN, 'written to an old contract'),
    );
    const searched: SearchedRoom = {
      room: GARDEN,
      owner: fromBase58(GARDEN),
      codeHash: NOW,
      target: toBase58(keyUnder(GARDEN, NOW).instance),
    };
    await searchAgain(here.db, [searched], Date.now());
    const before = gets();
    expect(await here.earlierRooms().nudge('retry')).toEqual({ type: 'clean' });
    expect(gets() - before).toBe(CONTRACTS + 1);
    expect(await inContract(GARDEN)).toContain('written to an old contract');
    await searchAgain(here.db, [searched], Date.now());
    expect(await here.earlierRooms().nudge('retry')).toEqual({ type: 'clean' });
    expect(gets() - before).toBe(2 * CONTRACTS + 2); // the test’s own read, and nothing to bring
  });
});

async function store(data: RoomData, joined: boolean): Promise<void> {
  const deps = { db: here.db, memo: here.memo, clock: systemClock, committed: () => {} };
  const name = toBase58(data.ownerVk) as RoomKey;
  const stored = await changeWholeRoom(deps, name, () => ok({ type: 'store', data, joined }));
  if (!stored.ok) throw new Error(JSON.stringify(stored.error));
}

/** The database as a worker sees it that is killed when it begins its write number `at`. */
function dying(db: WeirDatabase, at: number): WeirDatabase {
  let writes = 0;
  const dead: Pick<WeirDatabase, 'name' | 'read' | 'write'> = {
    name: db.name,
    read: (stores, body) => (writes >= at ? never() : db.read(stores, body)),
    write: (...args) => (++writes >= at ? never() : db.write(...args)),
  };
  return dead as WeirDatabase;
}

const never = (): Promise<never> => Promise.reject(new Error('killed'));

const fail = (): never => {
  throw new Error('the room is not there');
};
