import type { RoomKey } from '../../../shared/brand.ts';
import type { DoctorApi, DoctorFacts } from '../doctor-api.ts';

export const ROOM = 'BQKNiX1Qmz2FySPSmsd7afAMxnjqiXfdxXoyQrdjZ7WX' as RoomKey;

/** Facts of a browser in which one of everything is there. */
export function sampleFacts({
  reason = 'the signature of a member is wrong',
  since = 1_790_000_000_000,
}: { reason?: string; since?: number } = {}): DoctorFacts {
  const failure = {
    code: 'store-refused',
    sentence: `The node refuses to store “Harbour” (room:${ROOM}).`,
    since,
    at: since,
    attempts: 2,
    nextTryAt: since + 60_000,
  } as const;
  const row = { path: 'rooms', key: `room:${ROOM}` } as const;
  return {
    at: 1_790_000_300_000,
    app: '0.1.0',
    browser: 'A browser',
    database: {
      type: 'open',
      rows: {
        version: 4,
        rooms: [{ room: ROOM, name: 'Harbour', status: 'present' }],
        messages: 12,
        markers: [
          { ...row, seq: 7, firstSeq: 5, since, failure },
          { path: 'contracts', key: ROOM, seq: 8, firstSeq: 8, since, level: 'cache' },
        ],
        receipts: [
          {
            ...row,
            iterId: 3,
            target: 't',
            coverage: 4,
            outcome: 'stored',
            generation: 3n,
            at: since,
          },
        ],
        bases: [{ ...row, target: 't', generation: 3n, valueHash: 'ab', coverage: 4, at: since }],
        lanes: [
          { path: 'rooms', epoch: 9, iterId: 3, failure },
          { path: 'contracts', epoch: 4, iterId: 4 },
        ],
        generations: [
          {
            target: 't',
            fingerprint: 'f',
            delegate: 'd',
            version: 'V30',
            rank: 26,
            verdict: 'unreachable',
            reason: 'It does not answer.',
            attempts: 1,
            at: since,
            found: [],
          },
        ],
        quarantine: [
          {
            source: 'node',
            key: `room:${ROOM}`,
            reason,
            bytes: new Uint8Array([1, 2, 3]),
            at: since,
          },
        ],
      },
    },
    workers: {
      isSupported: true,
      controls: true,
      known: [{ state: 'activated', version: '0.1.0' }],
    },
    storage: { isPersisted: false, usage: 1_048_576, quota: 1_073_741_824 },
    node: { isReachable: true, version: '0.2.129', isHosted: false, storeRequests: 5 },
  };
}

/** A doctor that finds what it is given. */
export class FakeDoctor implements DoctorApi {
  facts: DoctorFacts;
  retries = 0;
  asked = 0;
  promises = true;

  constructor(facts: DoctorFacts = sampleFacts()) {
    this.facts = facts;
  }

  look(): Promise<DoctorFacts> {
    return Promise.resolve(this.facts);
  }

  retry(): void {
    this.retries += 1;
  }

  keep(): Promise<boolean> {
    this.asked += 1;
    if (this.promises)
      this.facts = { ...this.facts, storage: { ...this.facts.storage, isPersisted: true } };
    return Promise.resolve(this.promises);
  }
}
