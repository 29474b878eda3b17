import { u32, u64, type Codec } from './cbor/codec.ts';
import { closedStruct } from './cbor/struct.ts';

/** Rust's `SystemTime` as an author wrote it: nothing bounds the seconds. */
export interface SystemTime {
  /** Any u64. */
  readonly secsSinceEpoch: bigint;
  /** Below 10^9. */
  readonly nanosSinceEpoch: number;
}

const NANOS_PER_SECOND = 1_000_000_000;
const MAX_SECONDS = 0xffff_ffff_ffff_ffffn;

const wire = closedStruct<SystemTime>({ secsSinceEpoch: u64, nanosSinceEpoch: u32 });

/** `{secs_since_epoch, nanos_since_epoch}` and no other key. Source: serde's impls for std::time::SystemTime. */
export const systemTime: Codec<SystemTime> = {
  read: (reader) => {
    const time = wire.read(reader);
    if (time.nanosSinceEpoch < NANOS_PER_SECOND) return time;
    const secsSinceEpoch =
      time.secsSinceEpoch + BigInt(Math.floor(time.nanosSinceEpoch / NANOS_PER_SECOND));
    if (secsSinceEpoch > MAX_SECONDS) reader.fail('time beyond 64 bits of seconds');
    return { secsSinceEpoch, nanosSinceEpoch: time.nanosSinceEpoch % NANOS_PER_SECOND };
  },
  write: wire.write,
};

export function compareTimes(a: SystemTime, b: SystemTime): number {
  if (a.secsSinceEpoch !== b.secsSinceEpoch) return a.secsSinceEpoch < b.secsSinceEpoch ? -1 : 1;
  return a.nanosSinceEpoch - b.nanosSinceEpoch;
}

/** @param ms milliseconds since 1970 UTC, an integer ≥ 0: the resolution of River's web client */
export function timeFromMillis(ms: number): SystemTime {
  return {
    secsSinceEpoch: BigInt(Math.floor(ms / 1000)),
    nanosSinceEpoch: (Math.floor(ms) % 1000) * 1_000_000,
  };
}

/** The last millisecond that a JavaScript Date can show. */
const LAST_DATE_MS = 8_640_000_000_000_000;

/** Milliseconds since 1970 UTC, rounded down; times that no Date can show become the last one that it can. */
export function millisFromTime({ secsSinceEpoch, nanosSinceEpoch }: SystemTime): number {
  if (secsSinceEpoch >= BigInt(LAST_DATE_MS / 1000)) return LAST_DATE_MS;
  return Number(secsSinceEpoch) * 1000 + Math.floor(nanosSinceEpoch / 1_000_000);
}
