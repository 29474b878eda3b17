import { beforeEach, describe, expect, it } from 'vitest';
import { roomContractKey } from '../river/contract-key.ts';
import { editRoom, type EditRoom } from '../river/edits/author.ts';
import {
  composeEdit,
  composeReaction,
  composeText,
  type MessageMoment,
} from '../river/edits/messages.ts';
import { messageId } from '../river/ids.ts';
import type { RoomData } from '../river/room-data.ts';
import type { RoomState } from '../river/room-state/room-state.ts';
import { trustRoom } from '../river/room.ts';
import { SignatureMemo } from '../river/signatures/memo.ts';
import { timeFromMillis } from '../river/system-time.ts';
import {
  banned,
  configured,
  fresh,
  invited,
  owner,
  params,
  person,
  said,
} from '../river/testing/small-room.ts';
import type { RoomKey } from '../shared/brand.ts';
import { toBase58 } from '../shared/bytes.ts';
import { systemClock } from '../shared/clock.ts';
import { systemRandom } from '../shared/random.ts';
import { ok } from '../shared/result.ts';
import type { WeirDatabase } from './database.ts';
import { EditQueue, type ComposeEdit } from './edit-queue.ts';
import { mergeNews } from './merge-news.ts';
import { refusedOfRoom } from './refused-messages.ts';
import { RoomCache } from './room-cache.ts';
import { openTestDatabase } from './testing.ts';
import { changeWholeRoom } from './whole-room.ts';

const me = person(2);
const room = toBase58(owner.key) as RoomKey;

/** What the room's contract holds while the person is offline. */
const held = (): RoomState => ({
  ...fresh(),
  members: [invited(me, owner)],
  recentMessages: [said(me, 100, 'before'), said(owner, 101, 'hello')],
});

let db: WeirDatabase;
let memo: SignatureMemo;
let edits: EditQueue;
let now: number;

beforeEach(async () => {
  db = await openTestDatabase();
  memo = new SignatureMemo();
  now = 200_000;
  const state = held();
  trustRoom(state, params, memo);
  const data: RoomData = {
    ownerVk: owner.key,
    roomState: state,
    selfSk: me.seed,
    selfVk: null,
    contractKey: roomContractKey(new Uint8Array(32), owner.key),
    lastReadMessageId: null,
    selfAuthorizedMember: invited(me, owner),
    inviteChain: [],
    selfMemberInfo: null,
    selfNickname: null,
    previousContractKey: null,
    invitationSecrets: [],
    unknown: [],
  };
  const deps = { db, memo, clock: systemClock, committed: () => {} };
  const stored = await changeWholeRoom(deps, room, () =>
    ok({ type: 'store', data, joined: false }),
  );
  expect(stored).toMatchObject({ ok: true });
  await pushed();
  edits = new EditQueue({ ...deps, cache: new RoomCache(db, memo) });
});

type Compose = (room: EditRoom, moment: MessageMoment) => ReturnType<typeof composeText>;

async function write(compose: Compose): Promise<bigint> {
  let id = 0n;
  const edit: ComposeEdit<unknown> = ({ state, own }) => {
    const author = editRoom(state, own, memo);
    if (!author.ok) return author;
    const composed = compose(author.value, {
      time: timeFromMillis((now += 1_000)),
      random: systemRandom,
    });
    if (!composed.ok) return composed;
    id = messageId(composed.value.message);
    return ok(composed.value.delta);
  };
  const done = await edits.submit(room, edit);
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return id;
}

const say = (text: string): Promise<bigint> => write((at, moment) => composeText(at, text, moment));

/** What the contract holds now comes in. */
async function comesBack(state: RoomState): Promise<void> {
  const deps = { db, memo, clock: systemClock, cache: new RoomCache(db, memo) };
  expect(await mergeNews(deps, room, { type: 'state', state })).toMatchObject({ type: 'merged' });
}

const refused = () => db.read(['refused_messages'], (tx) => refusedOfRoom(tx, room));

/** The contract is known to have everything up to now. */
const pushed = () =>
  db.write(['counters', 'dirty', 'base'], 'strict', async (tx) => {
    const coverage = (await tx.objectStore('counters').get('seq')) ?? 0;
    await tx.objectStore('dirty').delete(['contracts', room]);
    await tx.objectStore('base').put({
      path: 'contracts',
      key: room,
      target: 'here',
      generation: 0n,
      valueHash: '',
      coverage,
      at: now,
    });
  });

describe('a message that was written here and that the room drops', () => {
  it('is kept with its size when the owner has lowered the limit, and shorter ones stay', async () => {
    const long = await say('w'.repeat(60));
    await say('short');
    await comesBack({
      ...held(),
      configuration: configured({ configurationVersion: 2, maxMessageSize: 40 }),
    });
    expect(await refused()).toEqual([
      {
        room,
        id: String(long),
        at: 201_000,
        kind: 'text',
        text: 'w'.repeat(60),
        reason: { type: 'too-long', bytes: 68, maxBytes: 40 },
      },
    ]);
  });

  it('is kept when the person was banned meanwhile, edits with what they would have changed', async () => {
    const first = await say('first');
    const change = await write((at, moment) => composeEdit(at, first, 'first, better', moment));
    await write((at, moment) => composeReaction(at, 'react', first, '👍', moment));
    const state = held();
    await comesBack({
      ...state,
      members: [],
      recentMessages: [said(owner, 101, 'hello')],
      bans: [banned(owner, me, 150)],
    });
    const kept = await refused();
    expect(kept.map(({ reason }) => reason)).toEqual([{ type: 'banned' }, { type: 'banned' }]);
    expect(kept).toContainEqual(expect.objectContaining({ id: String(first), text: 'first' }));
    expect(kept).toContainEqual(
      expect.objectContaining({
        id: String(change),
        kind: 'edit',
        target: String(first),
        text: 'first, better',
      }),
    );
  });

  it('is kept when newer messages have filled the room', async () => {
    await say('mine');
    const others = Array.from({ length: 10 }, (_, n) => said(owner, 300 + n, `news ${n}`));
    await comesBack({ ...held(), recentMessages: others });
    expect(await refused()).toMatchObject([
      { text: 'mine', reason: { type: 'crowded-out', kept: 10 } },
    ]);
  });

  it('is kept when the person writes more at once than the room keeps', async () => {
    await Promise.all(Array.from({ length: 14 }, (_, n) => say(`line ${n}`)));
    const texts = (await refused()).map(({ text }) => text);
    expect(new Set(texts)).toEqual(new Set(['line 0', 'line 1', 'line 2', 'line 3']));
  });

  it('is not kept once the room is known to have had it: then it has only grown old', async () => {
    await say('mine');
    await pushed();
    const others = Array.from({ length: 10 }, (_, n) => said(owner, 300 + n, `news ${n}`));
    await comesBack({ ...held(), recentMessages: others });
    expect(await refused()).toEqual([]);
  });
});
