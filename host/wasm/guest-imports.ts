import type { Clock } from '../../src/shared/clock.ts';
import type { Random } from '../../src/shared/random.ts';
import type { GuestMemory, Remainder } from './guest-memory.ts';

/** What every guest may call, whatever its kind. */
export interface GuestServices {
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'bytes'>;
  /** A line the guest logs, as it is: it may hold anything. */
  readonly log?: ((line: string) => void) | undefined;
  /** Told whenever the guest is about to be entered anew: its time begins. */
  readonly entering?: (() => void) | undefined;
}

type GuestFunction = (...args: never[]) => number | bigint | undefined;

/** Import modules by name, each with its functions by name. */
export type GuestImports = Readonly<Record<string, Readonly<Record<string, GuestFunction>>>>;

/**
 * Chrono's NaiveDate: year << 13 | day of the year << 4 | flags. The flags hold 8 for a year that is no leap year, and the
 * weekday of 1 January, counted 5 Sunday, 6 Monday, 7 Tuesday, 1 Wednesday, … 4 Saturday.
 */
function packedDate(now: Date): number {
  const year = now.getUTCFullYear();
  const newYear = Date.UTC(year, 0, 1);
  const day = Math.floor((now.getTime() - newYear) / 86_400_000) + 1;
  const leap = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
  const flags = (leap ? 0 : 8) | (((new Date(newYear).getUTCDay() + 4) % 7) + 1);
  return (year << 13) | (day << 4) | flags;
}

/** 12 bytes, as Rust lays out a chrono DateTime<Utc> on this target: i32 packed date, u32 second of the day, u32 nanosecond. */
export function nativeTime(millis: number): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  const now = new Date(millis);
  view.setInt32(0, packedDate(now), true);
  view.setUint32(4, Math.floor((millis / 1000) % 86_400), true);
  view.setUint32(8, (millis % 1000) * 1_000_000, true);
  return bytes;
}

/**
 * Log, randomness, time and refilling. Where a guest names memory that is not its own, nothing happens, as on a node.
 *
 * @param memory of the instance; not known before it exists
 * @param streaming arguments that were passed in pieces
 */
export function commonImports(
  services: GuestServices,
  memory: () => GuestMemory | undefined,
  streaming: readonly Remainder[],
): GuestImports {
  return {
    freenet_log: {
      __frnt__logger__info: (_id: bigint, pointer: bigint, length: number) => {
        const guest = memory();
        if (services.log && guest?.contains(pointer, length)) {
          services.log(new TextDecoder().decode(guest.read(pointer, length)));
        }
        return undefined;
      },
    },
    freenet_rand: {
      __frnt__rand__rand_bytes: (_id: bigint, pointer: bigint, length: number) => {
        const guest = memory();
        if (guest?.contains(pointer, length)) guest.write(pointer, services.random.bytes(length));
        return undefined;
      },
    },
    freenet_time: {
      __frnt__time__utc_now: (_id: bigint, pointer: bigint) => {
        const guest = memory();
        if (guest?.contains(pointer, 12)) guest.write(pointer, nativeTime(services.clock.now()));
        return undefined;
      },
    },
    freenet_contract_io: {
      __frnt__fill_buffer: (_id: bigint, buffer: bigint) => {
        const remainder = streaming.find((one) => one.buffer === buffer);
        return remainder ? (memory()?.refill(remainder) ?? 0) : 0;
      },
    },
  };
}
