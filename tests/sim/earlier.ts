import { OUTBOUND_KEY, encodeOutbound } from '../../src/persist/outbound-rows.ts';
import { encode } from '../../src/river/cbor/codec.ts';
import type { DelegateRequest, DelegateResponse } from '../../src/river/delegate-messages.ts';
import { roomSlot } from '../../src/river/room-data.ts';
import { roomsBlob } from '../../src/river/rooms-blob.ts';
import type { Dice } from '../../src/river/testing/dice.ts';
import { utf8, utf8Text, toHex } from '../../src/shared/bytes.ts';
import type { LegacyDelegate } from '../../src/sync/migrate/legacy-delegates.ts';
import { keyOfRoom, olderCopy, rooms, type SimRoom } from './rooms.ts';

/** How an earlier delegate takes questions: as a node that runs it, as one that never answers, as one that has not got it. */
export type EarlierMood = 'answers' | 'silent' | 'empty';

/** What it holds of one room; `junk` is no room at all. */
export interface EarlierRoom {
  readonly copy: 'none' | 'slot' | 'blob' | 'left' | 'left-in-blob' | 'junk';
  /** Of the room's old messages, the first so many. */
  readonly messages: number;
}

export interface EarlierPlan {
  readonly mood: EarlierMood;
  readonly rooms: readonly EarlierRoom[];
  /** Words of direct messages, the first so many. */
  readonly dms: number;
}

const GENERATIONS = 3;

/** The registry that the app is given: oldest first. */
export const REGISTRY: readonly LegacyDelegate[] = Array.from({ length: GENERATIONS }, (_, at) => ({
  version: `V${at}`,
  key: { key: new Uint8Array(32).fill(0xe0 + at), codeHash: new Uint8Array(32).fill(0xd0 + at) },
}));

/** By their place in the registry: keys as hex. */
export const EARLIER_IDS: readonly string[] = REGISTRY.map(({ key }) => toHex(key.key));

export function plansOf(dice: Dice): readonly EarlierPlan[] {
  const moods: readonly EarlierMood[] = ['answers', 'answers', 'answers', 'silent', 'empty'];
  return REGISTRY.map(() => ({
    mood: dice.pick(moods),
    rooms: rooms.map(() => ({
      copy: dice.pick<EarlierRoom['copy']>([
        'none',
        'none',
        'slot',
        'slot',
        'blob',
        'left',
        'left-in-blob',
        ...(dice.chance(0.1) ? (['junk'] as const) : []),
      ]),
      messages: dice.below(7),
    })),
    dms: dice.pick([0, 0, 1, 3]),
  }));
}

/** One earlier delegate on the node: it is only ever read. */
export class EarlierDelegate {
  readonly plan: EarlierPlan;
  mood: EarlierMood;
  readonly values: ReadonlyMap<string, Uint8Array>;
  /** By browser profile: the keys whose answers have arrived there, and `list`. */
  readonly #told = new Map<string, Set<string>>();

  constructor(plan: EarlierPlan) {
    this.plan = plan;
    this.mood = plan.mood;
    this.values = valuesOf(plan);
  }

  answer(request: DelegateRequest): DelegateResponse {
    if (request.type === 'ListRequest') {
      return { type: 'ListResponse', keys: [...this.values.keys()].map(utf8) };
    }
    if (request.type !== 'GetRequest') throw new Error(`a ${request.type} to an earlier delegate`);
    const value = this.values.get(utf8Text(request.key));
    return { type: 'GetResponse', key: request.key, value };
  }

  /** These requests' answers have reached somebody of the profile. */
  told(profile: string, requests: readonly DelegateRequest[]): void {
    const all = this.#told.get(profile) ?? new Set();
    this.#told.set(profile, all);
    for (const request of requests) all.add('key' in request ? utf8Text(request.key) : 'list');
  }

  /** Whether the profile knows all there is. */
  hasToldAll(profile: string): boolean {
    const all = this.#told.get(profile);
    const needed = ['list', 'rooms_data', OUTBOUND_KEY, ...this.values.keys()];
    return needed.every((each) => all?.has(each));
  }

  forget(profile: string): void {
    this.#told.delete(profile);
  }

  get hasJunk(): boolean {
    return this.plan.rooms.some(({ copy }) => copy === 'junk');
  }
}

/** Old messages that a plan has of a room. */
export const oldMessagesOf = (room: number, { copy, messages }: EarlierRoom): readonly string[] =>
  copy === 'slot' || copy === 'blob'
    ? Array.from(
        { length: Math.min(messages, (rooms[room] as SimRoom).old.length) },
        (_, at) => `${room}-${at}`,
      )
    : [];

/** Direct messages whose words a plan has. */
export const dmNamesOf = ({ dms }: EarlierPlan): readonly string[] =>
  Array.from({ length: dms }, (_, at) => `0?${at}`);

const slots = new Map<string, Uint8Array>();

function valuesOf(plan: EarlierPlan): ReadonlyMap<string, Uint8Array> {
  const values = new Map<string, Uint8Array>();
  const inBlob: number[] = [];
  const leftInBlob: number[] = [];
  for (const [room, { copy, messages }] of plan.rooms.entries()) {
    const key = keyOfRoom(room);
    if (copy === 'slot') values.set(key, slotOf(room, messages));
    if (copy === 'left') values.set(key, encode(roomSlot, { type: 'Tombstone' }));
    if (copy === 'junk') values.set(key, Uint8Array.of(0xa1, 0x61, 0x78));
    if (copy === 'blob') inBlob.push(room);
    if (copy === 'left-in-blob') leftInBlob.push(room);
  }
  if (inBlob.length + leftInBlob.length > 0) {
    const blob = encode(roomsBlob, {
      map: inBlob.map((room) => {
        const copy = olderCopyOf(room, plan.rooms[room]?.messages ?? 0);
        return [copy.ownerVk, copy] as const;
      }),
      currentRoomKey: null,
      removedRooms: leftInBlob.map((room) => (rooms[room] as SimRoom).data.ownerVk),
      notificationModes: [],
      roomOrder: [],
      unknown: [],
    });
    values.set('rooms_data', blob);
  }
  if (plan.dms > 0) {
    const entries = (rooms[0] as SimRoom).otherDms.slice(0, plan.dms);
    values.set(OUTBOUND_KEY, encodeOutbound({ entries, hiddenThreads: [], unknown: [] }));
  }
  return values;
}

const copies = new Map<string, ReturnType<typeof olderCopy>>();

function olderCopyOf(room: number, messages: number): ReturnType<typeof olderCopy> {
  const name = `${room} ${messages}`;
  const copy = copies.get(name) ?? olderCopy(rooms[room] as SimRoom, messages);
  copies.set(name, copy);
  return copy;
}

function slotOf(room: number, messages: number): Uint8Array {
  const name = `${room} ${messages}`;
  const slot =
    slots.get(name) ?? encode(roomSlot, { type: 'Present', room: olderCopyOf(room, messages) });
  slots.set(name, slot);
  return slot;
}
