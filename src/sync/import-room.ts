import type { Broadcast } from '../bridge/messages.ts';
import { equalBytes, fromBase58 } from '../shared/bytes.ts';
import type { RoomKey } from '../shared/brand.ts';
import { MARKER_STORES, raiseMarker } from '../persist/dirty-markers.ts';
import { checkEpoch } from '../persist/lanes.ts';
import { changeWrite, loadRoom, newRoomWrite, type LoadedRoom } from '../persist/loaded-room.ts';
import { roomOfKey } from '../persist/room-keys.ts';
import { isAwaiting } from '../persist/awaiting-room.ts';
import {
  archiveIdentity,
  isStaleIdentity,
  noteOverruled,
  pendingChoice,
} from '../persist/room-choice.ts';
import {
  RevMovedError,
  ROOM_WRITE_STORES,
  writeRoom,
  type RoomWrite,
} from '../persist/room-store.ts';
import { ok } from '../shared/result.ts';
import { decode } from '../river/cbor/codec.ts';
import { delta, merge, NO_CHANGES, preverify, summarize, verifyRoom } from '../river/room.ts';
import { roomSlot, selfKeyOf, type OwnRoomData, type RoomData } from '../river/room-data.ts';
import { encodeOwn } from '../river/room-parts.ts';
import type { SignatureMemo } from '../river/signatures/memo.ts';
import type { RemoteValue } from './node-link.ts';
import {
  IMPORTED,
  isKnown,
  putBase,
  refused,
  remoteNews,
  resolveAside,
  setAside,
  type ImportOutcome,
  type RemoteBaseDeps,
  type RemoteNews,
} from './remote-base.ts';

export interface ImportDeps extends RemoteBaseDeps {
  readonly memo: SignatureMemo;
  readonly tell: (message: Broadcast) => void;
}

/** An edit may win the race for the room's revision this often before the import gives way. */
const MAX_TRIES = 10;

const REPLACED = 'Replaced by the identity that the node holds for this room';

/**
 * Merges a room's value on the node into the database, in one fenced transaction with the base it came from.
 *
 * Bytes from the node are hostile until they decode, name this room, and every signature and rule holds; what does not is set
 * aside with the reason, and neither side is overwritten.
 */
export function importRoom(deps: ImportDeps) {
  return async (key: string, remote: RemoteValue): Promise<ImportOutcome> => {
    const room = roomOfKey(key);
    if (!room) return refused('remote-undecodable', `“${key}” is not the name of a room.`);
    const held = await remoteNews(deps, 'rooms', key, remote);
    if (!held) return IMPORTED;
    const news = { ...held, room };
    if (await isKnown(deps, news)) return IMPORTED;
    const slot = decode(roomSlot, news.bytes, 'room_slot');
    if (!slot.ok) return notARoom(deps, news, `${slot.error.path}: ${slot.error.reason}`);
    const choice = await deps.db.read(['rooms', 'dirty'], (tx) => pendingChoice(tx, room));
    if (slot.value.type === 'Tombstone') {
      // the person has come back since: the room is stored over the tombstone
      return choice === 'join' ? onlyBase(deps, news) : adoptLeave(deps, news);
    }
    if (choice === 'leave') return onlyBase(deps, news); // an explicit leave wins over whatever is there
    return importPresent(deps, news, slot.value.room);
  };
}

/** What the node holds under a room's key. */
interface RoomNews extends RemoteNews {
  readonly room: RoomKey;
}

async function importPresent(
  deps: ImportDeps,
  news: RoomNews,
  data: RoomData,
): Promise<ImportOutcome> {
  const { db, memo, tell } = deps;
  if (!equalBytes(data.ownerVk, fromBase58(news.room))) {
    return notARoom(deps, news, 'room_slot.owner_vk: it is another room’s');
  }
  const params = { owner: data.ownerVk };
  if (!isAwaiting(data.roomState)) {
    await preverify(data.roomState, params, memo);
    const verified = verifyRoom(data.roomState, params, memo);
    if (!verified.ok) return notARoom(deps, news, verified.error.reason);
  }
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const local = await loadRoom(db, news.room, memo);
    if (!local.ok) {
      const { path, reason } = local.error;
      return refused(
        'local-undecodable',
        `The room can’t be read in this browser (${path}: ${reason}); what your node holds was left alone.`,
      );
    }
    try {
      const outcome = local.value
        ? await mergeInto(deps, news, local.value, data)
        : await write(deps, news, newRoomWrite(news.room, data), false);
      if (outcome.type === 'imported') tell({ type: 'rooms-changed', rooms: [news.room] });
      return outcome;
    } catch (error) {
      if (!(error instanceof RevMovedError)) throw error;
    }
  }
  return refused('merge-failed', 'The room is being edited all the time; it will be tried again.');
}

async function mergeInto(
  deps: ImportDeps,
  news: RoomNews,
  local: LoadedRoom,
  data: RoomData,
): Promise<ImportOutcome> {
  const { db, memo } = deps;
  const { roomState, ...remoteOwn } = data;
  const marker = await db.read(['dirty'], (tx) => tx.objectStore('dirty').get(['rooms', news.key]));
  const same = sameIdentity(local.own, remoteOwn);
  const arrives = isAwaiting(local.state) && !isAwaiting(roomState);
  // left here and on the node, and then joined again elsewhere, perhaps as somebody new
  const isBack = local.status === 'left' && marker === undefined;
  const isStale = !same && (await isStaleIdentity(db, news.room, remoteOwn));
  if (isBack) local.status = 'present';
  else if (!same && !arrives && !isStale) {
    return refused(
      'conflict-user',
      'Your node holds this room with another identity of yours. Nothing was overwritten on either side.',
    );
  }
  if (isStale && !isBack && !arrives) return overrule(deps, news, local, data);
  if (isAwaiting(roomState)) {
    if (isBack && (!same || isAwaiting(local.state))) return replace(deps, news, local, data);
    return write(deps, news, changeWrite(local, NO_CHANGES, false), true);
  }
  if (arrives) {
    // an invitation was accepted here for a room that the person has: the identity that they hold stays theirs
    const own = same ? mergeOwn(local.own, remoteOwn, !isBack) : remoteOwn;
    return replace(deps, news, local, { ...data, ...own });
  }
  const merged = merge(local.state, local.params, roomState, memo);
  if (!merged.ok) {
    return refused('merge-failed', `The room on your node can’t be merged: ${merged.error.reason}`);
  }
  const edited = marker !== undefined && marker.level !== 'cache';
  const held = local.own;
  local.own = same ? mergeOwn(held, remoteOwn, edited) : remoteOwn;
  const ownChanged = !equalBytes(encodeOwn(local.own), encodeOwn(held));
  // what is here and not there (a lost or older copy on the node) is an edit that the node has yet to get
  const owed = marker === undefined && delta(local.state, summarize(roomState)) !== null;
  const rows = changeWrite(local, merged.value, ownChanged);
  return write(deps, news, rows, owed, same ? undefined : held);
}

/**
 * Another tab or device has written back an identity that was replaced here: the one in use stays and is stored again. Only once for
 * each: if it comes back after that, somebody means it, and two browsers must not overwrite each other for ever.
 */
async function overrule(
  deps: ImportDeps,
  news: RoomNews,
  local: LoadedRoom,
  data: RoomData,
): Promise<ImportOutcome> {
  const { roomState, ...stale } = data;
  const merged = isAwaiting(roomState)
    ? ok(NO_CHANGES)
    : merge(local.state, local.params, roomState, deps.memo);
  if (!merged.ok) {
    return refused('merge-failed', `The room on your node can’t be merged: ${merged.error.reason}`);
  }
  const secrets = new Map([...stale.invitationSecrets, ...local.own.invitationSecrets]);
  const invitationSecrets = [...secrets].sort(([a], [b]) => a - b);
  local.own = { ...local.own, invitationSecrets };
  const rows = changeWrite(local, merged.value, true);
  return write(deps, news, rows, true, undefined, stale);
}

/** What the node holds takes the place of the local rows; a key that is only here is archived. */
async function replace(
  deps: ImportDeps,
  news: RoomNews,
  local: LoadedRoom,
  data: RoomData,
): Promise<ImportOutcome> {
  const rows: RoomWrite = {
    ...newRoomWrite(news.room, data, local),
    remove: 'all',
  };
  const replaced = sameIdentity(local.own, data) ? undefined : local.own;
  return write(deps, news, rows, replaced === undefined && isAwaiting(local.state), replaced);
}

/** Remembers what the node holds without taking it in: what is here is stored over it. */
async function onlyBase(deps: ImportDeps, news: RoomNews): Promise<ImportOutcome> {
  const { db, clock, epoch, target } = deps;
  await db.write(['lanes', 'base'], 'strict', async (tx) => {
    await checkEpoch(tx, 'rooms', epoch);
    await putBase(tx, news, target, clock.now());
  });
  return IMPORTED;
}

function sameIdentity(
  local: Pick<OwnRoomData, 'selfSk' | 'selfVk'>,
  remote: Pick<OwnRoomData, 'selfSk' | 'selfVk'>,
): boolean {
  const [here, there] = [selfKeyOf(local), selfKeyOf(remote)];
  return here === null || there === null || equalBytes(here, there);
}

/** Without edits here the node's copy is the newer one; with edits the local one is, and secrets are united. */
function mergeOwn(local: OwnRoomData, remote: OwnRoomData, edited: boolean): OwnRoomData {
  const [first, second] = edited ? [local, remote] : [remote, local];
  const secrets = new Map(second.invitationSecrets);
  for (const [version, secret] of first.invitationSecrets) secrets.set(version, secret);
  return {
    ...first,
    selfSk: first.selfSk ?? second.selfSk,
    selfVk: first.selfVk ?? second.selfVk,
    selfAuthorizedMember: first.selfAuthorizedMember ?? second.selfAuthorizedMember,
    selfMemberInfo: first.selfMemberInfo ?? second.selfMemberInfo,
    selfNickname: first.selfNickname ?? second.selfNickname,
    previousContractKey: first.previousContractKey ?? second.previousContractKey,
    invitationSecrets: [...secrets].sort(([a], [b]) => a - b),
  };
}

/** Rows and base in one fenced transaction. `owed`: the room is marked dirty, since the node lacks something. */
async function write(
  { db, clock, epoch, target }: ImportDeps,
  news: RoomNews,
  rows: RoomWrite,
  owed: boolean,
  replaced?: OwnRoomData,
  overruled?: OwnRoomData,
): Promise<ImportOutcome> {
  const now = clock.now();
  const stores = [...ROOM_WRITE_STORES, ...MARKER_STORES, 'lanes', 'quarantine'] as const;
  await db.write(stores, 'strict', async (tx) => {
    await checkEpoch(tx, 'rooms', epoch);
    await writeRoom(tx, rows);
    if (replaced) await archiveIdentity(tx, news.room, replaced, REPLACED, now);
    if (overruled) await noteOverruled(tx, news.room, overruled);
    if (owed) await raiseMarker(tx, 'rooms', news.key, now);
    await putBase(tx, news, target, now);
    await resolveAside(tx, news, target);
  });
  return IMPORTED;
}

async function adoptLeave(deps: ImportDeps, news: RoomNews): Promise<ImportOutcome> {
  const { db, clock, epoch, target, tell } = deps;
  const stores = ['rooms', 'lanes', 'base'] as const;
  const left = await db.write(stores, 'strict', async (tx) => {
    await checkEpoch(tx, 'rooms', epoch);
    await putBase(tx, news, target, clock.now());
    const row = await tx.objectStore('rooms').get(news.room);
    if (!row) return false;
    await tx.objectStore('rooms').put({ ...row, rev: row.rev + 1, status: 'left' });
    return true;
  });
  if (left) tell({ type: 'rooms-changed', rooms: [news.room] });
  return { type: 'left' };
}

const notARoom = (deps: ImportDeps, news: RemoteNews, reason: string): Promise<ImportOutcome> =>
  setAside(deps, news, 'What your node holds for this room is not a valid room', reason);
