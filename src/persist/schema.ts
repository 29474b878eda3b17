import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { RoomPart } from '../river/room-parts.ts';
import type { NotificationMode } from '../river/rooms-meta.ts';
import type { Millis, RoomKey } from '../shared/brand.ts';
import type { GenerationRow, RoomSearchRow } from './earlier-rows.ts';

/** The database's version: raise it with a step in `UPGRADES`, never change a released step. */
export const SCHEMA_VERSION = 4;

/**
 * A unit of mutual exclusion and ordering; different paths are independent.
 * `rooms`: the delegate's per-room keys, named as the delegate names them. `contracts`: the rooms' contracts, named by RoomKey.
 * `outbound-dms`: the delegate's one key for direct messages in clear.
 * `migrate`: earlier delegates, which are only read; it has no markers of its own.
 * `earlier-rooms`: earlier contracts of rooms; it has no markers of its own either.
 */
export type Path = 'rooms' | 'contracts' | 'outbound-dms' | 'migrate' | 'earlier-rooms';

/** The parts of a room that change apart from each other, each stored as River's own encoding; `own` is the person's part. */
export type PartName = RoomPart | 'own';

/** One room's small row: what the list shows, and `rev`, which every change of the room raises by one. */
export interface RoomRow {
  readonly room: RoomKey;
  readonly rev: number;
  /** `left`: the delegate holds a tombstone. The parts stay, so that nobody's key is lost. */
  readonly status: 'present' | 'left';
  readonly listing: RoomListing;
  /** The last decision to leave or to (re)join: pending while the room's marker reaches back to `seq`. */
  readonly choice?: { readonly type: 'leave' | 'join'; readonly seq: number };
  /** The newest message that was on screen here, as a signed decimal. */
  readonly lastRead?: string;
  /** The last changes, the newest last, so that who has read the room reads what is new and no more. Bounded; may be none. */
  readonly changes?: readonly RoomChange[];
}

/** What the change that made revision `rev` has touched. */
export interface RoomChange {
  readonly rev: number;
  readonly parts: readonly PartName[];
  /** Orders of messages: 20 bytes each (see `MessageKey`). */
  readonly put: readonly Uint8Array[];
  readonly gone: readonly Uint8Array[];
}

/** What the room list shows, computed at every write so that opening the list decodes nothing. */
export interface RoomListing {
  readonly name: string;
  readonly isPrivate: boolean;
  readonly unread: number;
  /** How many of them mention the person or answer them. Absent in rows that an older version wrote. */
  readonly unreadForMe?: number;
  /** Only a key and an invitation are here yet: the room itself has not arrived. */
  readonly isAwaiting?: true;
  readonly lastMessage?: { readonly author: string; readonly preview: string; readonly at: Millis };
  /** Absent in rows that an older version wrote. */
  readonly dms?: readonly DmListing[];
}

/** What a list of conversations needs of one, so that it opens no message. Times are seconds since 1970 UTC, by the senders' clocks. */
export interface DmListing {
  /** Member id, as a signed decimal. */
  readonly peer: string;
  /** As they call themselves. */
  readonly name: string;
  /** When each message from them was sent, in no order. */
  readonly inbound: readonly bigint[];
  /** When the person last wrote to them; 0: never. */
  readonly answered: bigint;
}

export interface PartRow {
  readonly room: RoomKey;
  readonly part: PartName;
  readonly bytes: Uint8Array;
}

export interface MessageRow {
  /** The message as River encodes it (`AuthorizedMessageV1`). */
  readonly bytes: Uint8Array;
  /** Set on messages written here: covered by a receipt once the room's coverage reaches it. */
  readonly seq?: number;
  /** When it came as news, by this browser's clock. Absent on what was written here, and on what came with the room. */
  readonly firstSeen?: Millis;
}

/** [room, order]: `order` is 20 bytes (seconds, nanoseconds, id) and a counter for equal ones. */
export type MessageKey = [RoomKey, Uint8Array<ArrayBuffer>];

/** States that the data of (path, key) has changes up to `seq` that no durable receipt covers. */
export interface DirtyMarker {
  readonly path: Path;
  readonly key: string;
  readonly seq: number;
  readonly firstSeq: number;
  /** When the oldest uncovered change was made. */
  readonly since: Millis;
  readonly failure?: Failure;
  /** `cache`: all of it can be fetched again, so it may wait until `dueAt`. Absent: nothing else has it. */
  readonly level?: 'cache';
  readonly dueAt?: Millis;
  /** The last change that nothing else has, where mere news came after it. */
  readonly criticalSeq?: number;
  /** What was there when the last page was hidden is owed up to here, mere news too: they don't wait. */
  readonly flushSeq?: number;
}

/** The last failed try: shown until a durable receipt covers what it did not. */
export interface Failure {
  readonly code: FailureCode;
  /** What happened, in words for a person. */
  readonly sentence: string;
  readonly since: Millis;
  readonly at: Millis;
  readonly attempts: number;
  /** Absent: waits for the person. */
  readonly nextTryAt?: Millis;
}

export type FailureCode =
  | 'node-unreachable'
  | 'delegate-unavailable'
  | 'unknown'
  | 'store-refused'
  | 'cas-exhausted'
  | 'remote-undecodable'
  | 'merge-failed'
  /** The room's contract, or its rules as Weir has them, said no. */
  | 'room-refused'
  | 'conflict-user'
  | 'local-undecodable'
  | 'local-storage';

/** The recorded end of an iteration for one key. Immutable. */
export interface Receipt {
  readonly path: Path;
  readonly key: string;
  readonly iterId: number;
  readonly target: string;
  /** Every change with seq ≤ coverage was in what this iteration stored (or failed to store). */
  readonly coverage: number;
  readonly outcome: 'stored' | 'unchanged' | 'adopted-leave' | FailureCode;
  readonly generation?: bigint;
  readonly error?: string;
  readonly at: Millis;
}

/** What the delegate, or a room's contract, is known to hold for a key, and the highest seq that is in it. */
export interface BaseRow {
  readonly path: Path;
  readonly key: string;
  readonly target: string;
  /** 0 on the path `contracts`: a contract counts no generations. */
  readonly generation: bigint;
  /** SHA-256, hex: of the stored value, or of the contract's summary of its state. */
  readonly valueHash: string;
  readonly coverage: number;
  readonly at: Millis;
}

/** Written before a compare-and-swap is sent: tells the next holder that its outcome may be unknown. */
export interface Intent {
  readonly path: Path;
  readonly key: string;
  readonly epoch: number;
  readonly iterId: number;
  readonly expectedGeneration: bigint;
  readonly valueHash: string;
  readonly sentAt: Millis;
}

/** One path's drain, shared by all worker versions and pages: `epoch` fences a holder that lost the lock. */
export interface LaneRow {
  readonly path: Path;
  readonly epoch: number;
  readonly iterId: number;
  readonly failure?: Failure;
}

/** A delegate's key, derived once from its WASM: `url` names the bytes. */
export interface DelegateKeyRow {
  readonly url: string;
  readonly codeHash: Uint8Array;
  readonly key: Uint8Array;
  readonly derivations: number;
}

/** A value that did not decode or verify, set aside with the reason; never deleted by Weir. */
export interface QuarantineRow {
  readonly source: string;
  readonly key: string;
  readonly reason: string;
  readonly bytes: Uint8Array;
  readonly at: Millis;
  /** A good value has taken its place since. */
  readonly resolved?: boolean;
  /** A replaced identity came back from the node, and the one in use was stored over it. */
  readonly overruled?: true;
}

/** A direct message that the person has sent, in clear: what the room holds can be opened by its recipient only. */
export interface OutboundDmRow {
  readonly room: RoomKey;
  /** Member ids, as signed decimals. */
  readonly sender: string;
  readonly recipient: string;
  /** The purge token, hex. */
  readonly token: string;
  /** Seconds since 1970 UTC. */
  readonly timestamp: bigint;
  readonly plaintext: string;
  /** Set on what was written here: the change of the room that it came with. */
  readonly seq?: number;
  /** Its recipient has deleted it: the words are gone, and a copy of them on the node does not bring them back. */
  readonly purged?: true;
}

/** What the person has decided about the conversation with one member of a room. Times are seconds since 1970 UTC. */
export interface DmThreadRow {
  readonly room: RoomKey;
  readonly peer: string;
  /** Archived: hidden while no inbound message is newer. */
  readonly hiddenAt?: bigint;
  /** Taken out of the archive here: what hides it up to this time has no say any more. */
  readonly shownUpTo?: bigint;
  /** As the node is known to hold `hiddenAt`. */
  readonly nodeHiddenAt?: bigint;
  /** The newest inbound message that was on screen in this browser. */
  readonly seen?: bigint;
}

/** An invitation that was made and passed on in this browser. The room knows nothing of it until it is used. */
export interface MadeInvitationRow {
  readonly room: RoomKey;
  /** Member id of the invited key, as a signed decimal. */
  readonly invitee: string;
  /** Holds that key. Empty once somebody is in the room with it: then it is theirs alone. */
  readonly code: string;
  readonly at: Millis;
  /** It went as a direct message: in which room, to whom, and the message's token in hex. */
  readonly sentTo?: { readonly room: RoomKey; readonly peer: string; readonly token: string };
}

/**
 * A message that was written here and that the room's rules have dropped before its contract was known to have it: everybody
 * else never saw it. Its words are kept until the person has decided about them.
 */
export interface RefusedMessageRow {
  readonly room: RoomKey;
  /** Message id, as a signed decimal. */
  readonly id: string;
  /** Of the message. */
  readonly at: Millis;
  /** `edit`: a text that was to take the place of `target`'s. */
  readonly kind: 'text' | 'reply' | 'edit';
  /** What a reply answers, or an edit changes: a message id. */
  readonly target?: string;
  /** Mentions as tokens. Absent where the room's secret is gone with it. */
  readonly text?: string;
  readonly reason: RefusedReason;
}

/** Why the rules dropped it, as the room was then. */
export type RefusedReason =
  /** As the room counts: encoded, and sealed in a private room. */
  | { readonly type: 'too-long'; readonly bytes: number; readonly maxBytes: number }
  | { readonly type: 'banned' }
  | { readonly type: 'not-a-member' }
  /** The room keeps its newest messages only, and these were newer. */
  | { readonly type: 'crowded-out'; readonly kept: number };

/** What is being written and not sent yet, in one place: a room, or a conversation in it. */
export interface DraftRow {
  /** The RoomKey, or the RoomKey, a space and the member's id. */
  readonly place: string;
  readonly text: string;
  /** What it answers. */
  readonly replyTo?: { readonly id: string; readonly author: string; readonly text: string };
  /** An own message that is being changed; `text` waits until that is done. */
  readonly edit?: { readonly id: string; readonly before: string; readonly text: string };
  /** The page that wrote it. */
  readonly by: string;
  readonly at: Millis;
}

/** What this browser alone keeps about somebody in a room. */
export interface MemberNoteRow {
  readonly room: RoomKey;
  /** Member id, as a signed decimal. */
  readonly member: string;
  /** Since when nothing of theirs is shown here. */
  readonly mutedAt?: Millis;
  /** The person has banned them: when, and by what name they went, which goes from the room with them. */
  readonly banned?: { readonly at: Millis; readonly name: string };
}

/** A field of the delegate's value that this version does not know. */
export interface OutboundUnknownRow {
  readonly name: string;
  /** CBOR of key and value. */
  readonly bytes: Uint8Array;
}

/** What the person has decided about the list of rooms. `here`: in this browser; `node`: as the delegate is known to hold it. */
export interface ListPreferencesRow {
  readonly name: 'here' | 'node';
  /** Rooms that the person has put in place; the others follow. */
  readonly order: readonly RoomKey[];
  /** A room without one has `All`. Kept when the room is left. */
  readonly modes: Readonly<Record<string, NotificationMode>>;
  /** The room that River's screens open with. Weir keeps it and has no use for it. */
  readonly current?: RoomKey;
  /** Fields of newer versions. */
  readonly unknown: readonly OutboundUnknownRow[];
  /** How new the earlier delegate is that a decision was taken over from, until the person or the node decides anew. */
  readonly ranks?: { readonly order?: number; readonly modes: Readonly<Record<string, number>> };
}

export interface WeirSchema extends DBSchema {
  rooms: { key: RoomKey; value: RoomRow };
  parts: { key: [RoomKey, PartName]; value: PartRow };
  messages: { key: MessageKey; value: MessageRow };
  dirty: { key: [Path, string]; value: DirtyMarker };
  counters: { key: string; value: number };
  lanes: { key: Path; value: LaneRow };
  receipts: { key: [Path, string, number]; value: Receipt };
  intents: { key: [Path, string]; value: Intent };
  base: { key: [Path, string]; value: BaseRow };
  delegate_keys: { key: string; value: DelegateKeyRow };
  quarantine: { key: [string, string]; value: QuarantineRow };
  settings: { key: string; value: string };
  generations: { key: [string, string, string]; value: GenerationRow };
  outbound_dms: { key: [RoomKey, string, string]; value: OutboundDmRow };
  dm_threads: { key: [RoomKey, string]; value: DmThreadRow };
  outbound_unknown: { key: string; value: OutboundUnknownRow };
  list_preferences: { key: ListPreferencesRow['name']; value: ListPreferencesRow };
  made_invitations: { key: [RoomKey, string]; value: MadeInvitationRow };
  room_searches: { key: [RoomKey, string]; value: RoomSearchRow };
  refused_messages: { key: [RoomKey, string]; value: RefusedMessageRow };
  drafts: { key: string; value: DraftRow };
  member_notes: { key: [RoomKey, string]; value: MemberNoteRow };
}

export type StoreName = StoreNames<WeirSchema>;

type UpgradeTransaction = IDBPTransaction<WeirSchema, StoreName[], 'versionchange'>;

/** Step n brings version n to n + 1. */
const UPGRADES: readonly ((db: IDBPDatabase<WeirSchema>, tx: UpgradeTransaction) => void)[] = [
  (db) => {
    db.createObjectStore('rooms', { keyPath: 'room' });
    db.createObjectStore('parts', { keyPath: ['room', 'part'] });
    db.createObjectStore('messages');
    db.createObjectStore('dirty', { keyPath: ['path', 'key'] });
    db.createObjectStore('counters');
    db.createObjectStore('lanes', { keyPath: 'path' });
    db.createObjectStore('receipts', { keyPath: ['path', 'key', 'iterId'] });
    db.createObjectStore('intents', { keyPath: ['path', 'key'] });
    db.createObjectStore('base', { keyPath: ['path', 'key'] });
    db.createObjectStore('delegate_keys', { keyPath: 'url' });
    db.createObjectStore('quarantine', { keyPath: ['source', 'key'] });
    db.createObjectStore('settings');
  },
  (db) => {
    db.createObjectStore('generations', { keyPath: ['target', 'fingerprint', 'delegate'] });
  },
  (db) => {
    db.createObjectStore('outbound_dms', { keyPath: ['room', 'recipient', 'token'] });
    db.createObjectStore('dm_threads', { keyPath: ['room', 'peer'] });
    db.createObjectStore('outbound_unknown', { keyPath: 'name' });
  },
  (db) => {
    db.createObjectStore('made_invitations', { keyPath: ['room', 'invitee'] });
    db.createObjectStore('list_preferences', { keyPath: 'name' });
    db.createObjectStore('room_searches', { keyPath: ['room', 'target'] });
    db.createObjectStore('refused_messages', { keyPath: ['room', 'id'] });
    db.createObjectStore('drafts', { keyPath: 'place' });
    db.createObjectStore('member_notes', { keyPath: ['room', 'member'] });
  },
];

export function upgradeSchema(
  db: IDBPDatabase<WeirSchema>,
  from: number,
  tx: UpgradeTransaction,
): void {
  for (const step of UPGRADES.slice(from)) step(db, tx);
}
