// Decoders with the faults that the fuzzer is there to find.
import { ok } from '../../../src/shared/result.ts';
import { checkRoundTrip, type Pair } from '../round-trip.ts';
import { loadedFrom, type Target } from '../target.ts';

const SEED = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

const broken = (name: string, pair: Partial<Pair<Uint8Array>>): Target => ({
  name,
  format: 'bytes',
  load: () => {
    const whole: Pair<Uint8Array> = {
      decode: (bytes) => ok(bytes.slice()),
      encode: (value) => value.slice(),
      badError: () => undefined,
      ...pair,
    };
    const check = ([bytes = new Uint8Array()]: readonly Uint8Array[]) =>
      checkRoundTrip(whole, bytes);
    return loadedFrom([{ form: { name: 'form', check }, seeds: [[SEED]] }]);
  },
});

const startsHigh = (bytes: Uint8Array): boolean => (bytes[0] ?? 0) >= 0x80;
const holdsHigh = (bytes: Uint8Array): boolean => bytes.some((byte) => byte >= 0x80);

const kept: Uint8Array[] = [];

export const TARGETS: readonly Target[] = [
  broken('sound', {}),
  broken('throws', {
    decode: (bytes) => {
      if (holdsHigh(bytes)) throw new TypeError('a fault of the decoder');
      return ok(bytes.slice());
    },
  }),
  broken('drifts', { encode: (value) => value.slice(1) }),
  broken('keeps a view', { decode: (bytes) => ok(bytes.subarray()) }),
  broken('scribbles', {
    decode: (bytes) => {
      const value = bytes.slice();
      bytes.fill(0);
      return ok(value);
    },
  }),
  broken('lies about errors', {
    decode: () => ({ ok: false, error: 'no' }),
    badError: (error) => (error instanceof Error ? undefined : 'an untyped error'),
  }),
  broken('hangs', {
    decode: (bytes) => {
      if (startsHigh(bytes)) for (;;);
      return ok(bytes.slice());
    },
  }),
  broken('takes memory', {
    decode: (bytes) => {
      if (holdsHigh(bytes) && kept.length < 12) kept.push(new Uint8Array(1 << 27));
      return ok(bytes.slice());
    },
  }),
];
