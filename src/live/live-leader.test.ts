import { WebSocket } from 'ws';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  MoodyRules,
  OtherClient,
  storedRoom,
  textsOf,
  withForgery,
} from '../../tests/support/contracts.ts';
import { seedUser } from '../../tests/support/delegate.ts';
import { RigHost, RigProfile } from '../../tests/support/sync-rig.ts';
import { readVectors } from '../../tests/support/vectors.ts';
import { ROOM_CONTRACT_CODE_HASH } from '../../host/node/river-rules.ts';
import { connectNode } from '../freenet/client.ts';
import { awaitingRoom } from '../persist/awaiting-room.ts';
import { markersOf } from '../persist/dirty-markers.ts';
import { loadRoom } from '../persist/loaded-room.ts';
import { changeWholeRoom, type ComposeWholeRoom } from '../persist/whole-room.ts';
import { editRoom } from '../river/edits/author.ts';
import { composeBan } from '../river/edits/bans.ts';
import { createRoom } from '../river/edits/create-room.ts';
import { memberId } from '../river/ids.ts';
import { createInvitation } from '../river/invitation.ts';
import { verifyingKeyOf } from '../river/keys.ts';
import type { RoomData } from '../river/room-data.ts';
import { timeFromMillis } from '../river/system-time.ts';
import { systemRandom } from '../shared/random.ts';
import { ok } from '../shared/result.ts';
import { encode } from '../river/cbor/codec.ts';
import { roomState } from '../river/room-state/room-state.ts';
import type { RoomKey } from '../shared/brand.ts';
import { fromHex, toBase58, toHex, utf8 } from '../shared/bytes.ts';
import { systemClock } from '../shared/clock.ts';
import { LiveLeader, type LeaderDeps } from './live-leader.ts';
import type { NewsRefusal } from './room-news.ts';

// each test loads every room of a user from a delegate of its own
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const user = readVectors<{ rooms: { name: string; owner_vk_base58: string }[] }>('user-data');
const room = (name: string): RoomKey =>
  (user.rooms.find((r) => r.name === name)?.owner_vk_base58 ?? '') as RoomKey;
const GARDEN = room('small public room');
const LIVELY = room('lively public room');
/** The person's own; private. */
const OWN = room('own private room');

function created(): RoomData {
  const made = createRoom(
    {
      name: 'A new room',
      description: null,
      nickname: 'Ada',
      isPrivate: false,
      contractCodeHash: ROOM_CONTRACT_CODE_HASH,
      createdAt: timeFromMillis(Date.now()),
    },
    systemRandom,
  );
  if (!made.ok) throw new Error(made.error.type);
  return made.value;
}

let host: RigHost;
let rules: MoodyRules;
let client: OtherClient;
const leaders: LiveLeader[] = [];

beforeEach(async () => {
  rules = new MoodyRules();
  host = await RigHost.start({ builtInRules: rules.of });
  await seedUser(host.url);
  client = await OtherClient.connect(host.url);
});
afterEach(async () => {
  for (const leader of leaders.splice(0)) leader.stop();
  client.close();
  await host.dispose();
});

/** A browser profile with its worker, and any number of tabs that queue up to listen. */
class Browser {
  readonly profile: RigProfile;
  readonly changed: RoomKey[] = [];
  readonly refused: NewsRefusal[] = [];
  readonly worker;
  readonly #tabs: LiveLeader[] = [];

  private constructor(profile: RigProfile) {
    this.profile = profile;
    this.worker = profile.contracts();
  }

  static async open(): Promise<Browser> {
    const profile = await RigProfile.open(host);
    expect(await profile.engine().nudge('start')).toEqual({ type: 'clean' });
    return new Browser(profile);
  }

  /** One that has no rooms yet. */
  static async empty(): Promise<Browser> {
    return new Browser(await RigProfile.open(host));
  }

  async change(of: RoomKey, compose: ComposeWholeRoom<never>): Promise<void> {
    const { db, memo } = this.profile;
    const deps = { db, memo, clock: systemClock, committed: () => {} };
    const done = await changeWholeRoom(deps, of, compose);
    if (!done.ok) throw new Error(JSON.stringify(done.error));
  }

  async roomsChanged(): Promise<void> {
    for (const leader of this.#tabs) await leader.roomsChanged();
  }

  tab(more: Partial<LeaderDeps> = {}): { leader: LiveLeader; done: Promise<void> } {
    const { url } = host;
    const { db, memo, locks } = this.profile;
    const leader = new LiveLeader({
      db,
      memo,
      locks,
      clock: systemClock,
      random: { bytes: (n) => new Uint8Array(n), unit: () => 0 },
      host: async () => {
        const response = await fetch(`${url}/weir/config.json`);
        const config = (await response.json()) as { roomContract: { codeHash: string } };
        return {
          codeHash: fromHex(config.roomContract.codeHash),
          connect: (onUnsolicited) =>
            connectNode({
              url: `${url.replace('http', 'ws')}/weir/node`,
              openSocket: (at) => new WebSocket(at, { origin: url }),
              onUnsolicited,
            }),
        };
      },
      changed: (rooms) => this.changed.push(...rooms),
      owed: () => void this.worker.nudge('edit'),
      refused: (_room, refusal) => this.refused.push(refusal),
      ...more,
    });
    leaders.push(leader);
    this.#tabs.push(leader);
    return { leader, done: leader.run() };
  }

  async say(text: string, where = GARDEN): Promise<void> {
    await this.profile.page().say(where, text);
    await this.worker.nudge('edit');
  }

  async texts(where = GARDEN): Promise<string[]> {
    return textsOf(await storedRoom(this.profile.db, where));
  }

  /** Resolves when the text is in this browser's database. */
  async hears(text: string, where = GARDEN): Promise<void> {
    await until(async () => (await this.texts(where)).includes(text));
  }
}

const listening = (count: number) =>
  until(() => host.node.metrics().requests['Subscribe'] === count);
const ROOMS = user.rooms.length;

describe('a tab that listens for a browser', () => {
  it('brings rooms that nobody has to their contracts, and what others write into the database', async () => {
    const [ada, ben] = [await Browser.open(), await Browser.open()];
    ada.tab();
    await until(async () => (await client.held(GARDEN)) !== undefined);
    ben.tab();
    await ada.say('hello Ben');
    await ben.hears('hello Ben');
    expect(ben.changed).toContain(GARDEN);
    await ben.say('hello Ada');
    await ada.hears('hello Ada');
    expect([...ada.refused, ...ben.refused]).toEqual([]);
  });

  it('A30: makes the delegate store nothing just because others have written', async () => {
    const [ada, ben] = [await Browser.open(), await Browser.open()];
    ada.tab();
    ben.tab();
    await until(async () => (await client.held(GARDEN)) !== undefined);
    await ada.say('one');
    await ben.hears('one');
    const stores = host.node.metrics().storeRequests;
    for (const text of ['two', 'three', 'four']) await ada.say(text);
    await ben.hears('four');
    expect(await ben.profile.engine().nudge('timer')).toEqual({ type: 'clean' });
    expect(host.node.metrics().storeRequests).toBe(stores);
    expect(await ben.profile.db.read(['dirty'], (tx) => markersOf(tx, 'rooms'))).toEqual([]);
  });

  it('lets nothing in that is not signed by its author, is junk, or of a strange kind, and goes on listening', async () => {
    const [ada, ben] = [await Browser.open(), await Browser.open()];
    ada.tab();
    await until(async () => (await client.held(GARDEN)) !== undefined);
    ben.tab();
    await ada.say('true');
    await ben.hears('true');
    const before = await storedRoom(ben.profile.db, GARDEN);
    rules.trusting = true;
    const held = await client.held(GARDEN);
    if (!held) throw new Error('the room is not there');
    await client.put(GARDEN, withForgery(held, 'forged'));
    expect(textsOf(await client.held(GARDEN))).toContain('forged');
    await until(() => ben.refused.length > 0 && ada.refused.length > 0);
    expect(ben.refused[0]).toMatchObject({ type: 'RefusedByRules' });
    expect(await storedRoom(ben.profile.db, GARDEN)).toEqual(before);

    ben.refused.length = 0;
    rules.told = utf8('junk');
    await client.put(GARDEN, withForgery(held, 'forged again'));
    await until(() => ben.refused.length > 0);
    expect(ben.refused[0]).toMatchObject({ type: 'Undecodable' });
    expect(await storedRoom(ben.profile.db, GARDEN)).toEqual(before);

    rules.told = undefined;
    await ada.say('elsewhere', LIVELY);
    await ben.hears('elsewhere', LIVELY);
    expect(await ben.texts()).not.toContain('forged');
  });

  it('takes what it is told again and again without a word, and writes nothing for it', async () => {
    const [ada, ben] = [await Browser.open(), await Browser.open()];
    ada.tab();
    await until(async () => (await client.held(GARDEN)) !== undefined);
    ben.tab();
    await ada.say('are you there?');
    await ben.hears('are you there?');
    const version = async (): Promise<number> =>
      (await storedRoom(ben.profile.db, OWN))?.configuration.configuration.configurationVersion ??
      0;
    const before = await version();
    await ada.profile.page().rename(OWN, 'Another name');
    await ada.say('in the own room', OWN);
    await until(async () => (await version()) > before);
    ada.changed.length = 0;
    ben.changed.length = 0;
    await ada.say('once more', OWN); // its notification tells of the new name again
    await until(() => ben.changed.includes(OWN));
    expect(ben.refused).toEqual([]);
    expect(await storedRoom(ben.profile.db, OWN)).toEqual(await client.held(OWN));
    expect(ada.changed.filter((changed) => changed === OWN)).toEqual([]); // its own words come back to it
  });

  it('brings an invited person into a room, and everybody sees a ban', async () => {
    const ada = await Browser.empty();
    const guest = await Browser.empty();
    const data = created();
    const mine = toBase58(data.ownerVk) as RoomKey;
    await ada.change(mine, () => ok({ type: 'store', data, joined: false }));
    await ada.worker.nudge('edit');
    expect(await client.held(mine)).toEqual(data.roomState);
    ada.tab();
    const own = await loadRoom(ada.profile.db, mine, ada.profile.memo);
    const edit = own.ok && own.value && editRoom(own.value.state, own.value.own, ada.profile.memo);
    if (!edit || !edit.ok) throw new Error('the room can’t be edited');
    const invited = createInvitation(edit.value, systemRandom);
    if (!invited.ok) throw new Error(invited.error.type);
    const { inviteeSigningKey, invitee, roomSecrets } = invited.value;

    guest.tab();
    const awaited = awaitingRoom({
      owner: data.ownerVk,
      selfSk: inviteeSigningKey,
      authorizedMember: invitee,
      inviteChain: [],
      memberInfo: null,
      nickname: 'Guest',
      secrets: roomSecrets,
      contractCodeHash: ROOM_CONTRACT_CODE_HASH,
    });
    await guest.change(mine, () => ok({ type: 'store', data: awaited, joined: true }));
    await guest.roomsChanged();
    const members = async ({ profile }: Browser): Promise<number> =>
      (await storedRoom(profile.db, mine))?.members.length ?? 0;
    await until(async () => (await members(ada)) === 1);
    await guest.say('thank you', mine);
    await ada.hears('thank you', mine);
    await ada.say('welcome', mine);
    await guest.hears('welcome', mine);

    const id = memberId(verifyingKeyOf(inviteeSigningKey));
    await ada.profile.page().edit(mine, (room) => composeBan(room, id, timeFromMillis(Date.now())));
    await ada.worker.nudge('edit');
    await until(async () => (await members(guest)) === 0);
    expect(await guest.texts(mine)).toEqual(['welcome']);
    await expect(guest.profile.page().say(mine, 'let me in')).rejects.toThrow('Banned');
    expect([...ada.refused, ...guest.refused]).toEqual([]);
  });

  it('is followed by the next one when it is closed: no message is missed and only one listens at a time', async () => {
    const [ada, ben] = [await Browser.open(), await Browser.open()];
    ada.tab();
    await until(async () => (await client.held(GARDEN)) !== undefined);
    const first = ben.tab();
    const second = ben.tab();
    await ada.say('to the first');
    await ben.hears('to the first');
    expect([first.leader.leads, second.leader.leads]).toEqual([true, false]);
    first.leader.stop();
    await ada.say('in between');
    await first.done;
    await ben.hears('in between');
    expect([first.leader.leads, second.leader.leads]).toEqual([false, true]);
    await ada.say('to the second');
    await ben.hears('to the second');
  });

  it('A42 A43: begins anew when the connection is lost, and reads what it has missed', async () => {
    const [ada, ben] = [await Browser.open(), await Browser.open()];
    ada.tab();
    await until(async () => (await client.held(GARDEN)) !== undefined);
    const { leader } = ben.tab();
    await ada.say('before');
    await ben.hears('before');
    host.node.dropConnections();
    await ada.say('while nobody listens');
    leader.wake();
    await ben.hears('while nobody listens');
  });

  it('converges with others after both have written while they were apart', async () => {
    const [ada, ben] = [await Browser.open(), await Browser.open()];
    ada.tab();
    await until(async () => (await client.held(GARDEN)) !== undefined);
    ben.tab();
    await ada.say('together');
    await ben.hears('together');
    await host.stop();
    await ada.say('Ada alone');
    await ben.say('Ben alone');
    await ben.profile.page().rename(GARDEN, 'Ben’s name for it');
    await host.start();
    client = await OtherClient.connect(host.url);
    await Promise.all([ada.worker.nudge('node-back'), ben.worker.nudge('node-back')]);
    await ada.hears('Ben alone');
    await ben.hears('Ada alone');
    const same = async (): Promise<boolean> => {
      const states = [
        await storedRoom(ada.profile.db, GARDEN),
        await storedRoom(ben.profile.db, GARDEN),
        await client.held(GARDEN),
      ].map((state) => state && toHex(encode(roomState, state)));
      return states.every((state) => state !== undefined && state === states[0]);
    };
    await until(same);
  });

  it('writes nothing when it reads again what it has', async () => {
    const ada = await Browser.open();
    const { leader } = ada.tab();
    await listening(ROOMS);
    await leader.settled();
    ada.changed.length = 0;
    const revs = () => ada.profile.db.read(['rooms'], (tx) => tx.objectStore('rooms').getAll());
    const before = await revs();
    host.node.dropConnections();
    leader.wake();
    await listening(2 * ROOMS);
    await leader.settled();
    expect(await revs()).toEqual(before);
    expect(ada.changed).toEqual([]);
  });
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
