import type { RoomKey } from '../shared/brand.ts';
import type { WeirDatabase } from './database.ts';
import { presentGenerationsIn } from './migration.ts';
import type { GenerationRow } from './earlier-rows.ts';
import {
  SCHEMA_VERSION,
  type BaseRow,
  type DirtyMarker,
  type LaneRow,
  type QuarantineRow,
  type Receipt,
} from './schema.ts';

/** Everything that tells how saving stands, as it was in one moment. Rooms' contents are counted, and not read. */
export interface Diagnostics {
  readonly version: number;
  readonly rooms: readonly KnownRoom[];
  readonly messages: number;
  /** By path, the longest waiting first. */
  readonly markers: readonly DirtyMarker[];
  /** The newest of each key. */
  readonly receipts: readonly Receipt[];
  readonly bases: readonly BaseRow[];
  readonly lanes: readonly LaneRow[];
  /** Of the migration that is worked on, newest version first. */
  readonly generations: readonly GenerationRow[];
  readonly quarantine: readonly QuarantineRow[];
}

export interface KnownRoom {
  readonly room: RoomKey;
  readonly name: string;
  readonly status: 'present' | 'left';
}

const STORES = [
  'rooms',
  'messages',
  'dirty',
  'receipts',
  'base',
  'lanes',
  'generations',
  'settings',
  'quarantine',
] as const;

export function readDiagnostics(db: WeirDatabase): Promise<Diagnostics> {
  return db.read(STORES, async (tx) => {
    const rooms = await tx.objectStore('rooms').getAll();
    const markers = await tx.objectStore('dirty').getAll();
    return {
      version: SCHEMA_VERSION,
      rooms: rooms.map(({ room, listing, status }) => ({ room, name: listing.name, status })),
      messages: await tx.objectStore('messages').count(),
      markers: markers.sort((a, b) =>
        a.path < b.path ? -1 : a.path > b.path ? 1 : a.since - b.since,
      ),
      receipts: newestOfEach(await tx.objectStore('receipts').getAll()),
      bases: await tx.objectStore('base').getAll(),
      lanes: await tx.objectStore('lanes').getAll(),
      generations: await presentGenerationsIn(tx),
      quarantine: await tx.objectStore('quarantine').getAll(),
    };
  });
}

/** @param receipts in the order of their keys: those of one key stand together, the newest last */
function newestOfEach(receipts: readonly Receipt[]): Receipt[] {
  const newest = new Map<string, Receipt>();
  for (const receipt of receipts) newest.set(`${receipt.path} ${receipt.key}`, receipt);
  return [...newest.values()];
}
