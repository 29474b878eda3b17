import { describe, expect, it } from 'vitest';
import { MAX_ELEMENTS, Reader, WireError, Writer } from './bincode.ts';
import type { Codec, Unknown } from './codec.ts';
import {
  bool,
  byteString,
  decode,
  encode,
  fixedBytes,
  i32,
  i64,
  list,
  option,
  struct,
  text,
  u16,
  u32,
  u64,
  variants,
} from './codec.ts';
import { decodeClientRequest, encodeClientRequest } from './client-request.ts';
import {
  decodeInboundDelegateMsg,
  decodeProcessResult,
  decodeUpdateStateResult,
} from './guest-abi.ts';
import { decodeHostResult, encodeHostResult } from './host-response.ts';
import { clientRequest, hostResult } from './testing/arbitraries.ts';
import { bytes, bytesOf, filled } from './testing/notation.ts';
import fc from 'fast-check';

const malformed = (path: string, reason: string) => ({
  ok: false,
  error: { type: 'Malformed', path, reason },
});

describe('bincode', () => {
  it('integers are little-endian and of fixed width', () => {
    expect(encode(u16, 0x0102)).toEqual(bytes(2, 1));
    expect(encode(u32, 0x01020304)).toEqual(bytes(4, 3, 2, 1));
    expect(encode(u64, 0x0102030405060708n)).toEqual(bytes(8, 7, 6, 5, 4, 3, 2, 1));
    expect(encode(i32, -2)).toEqual(bytesOf('fe ff*3'));
    expect(encode(i64, -2n)).toEqual(bytesOf('fe ff*7'));
  });

  it('a u64 beyond 2^53 keeps every bit', () => {
    const most = 2n ** 64n - 1n;
    expect(decode(u64, encode(u64, most))).toEqual({ ok: true, value: most });
  });

  it('numbers out of range are refused instead of cut', () => {
    expect(() => encode(u16, 65_536)).toThrow(new WireError('', '65536 is no u16'));
    expect(() => encode(u32, -1)).toThrow(new WireError('', '-1 is no u32'));
    expect(() => encode(u32, 0.5)).toThrow(new WireError('', '0.5 is no u32'));
    expect(() => encode(u64, 2n ** 64n)).toThrow(WireError);
    expect(() => encode(u64, -1n)).toThrow(WireError);
    expect(() => encode(i32, 2 ** 31)).toThrow(WireError);
    expect(() => encode(i64, 2n ** 63n)).toThrow(WireError);
  });

  it('a bool is 0 or 1, an option starts with 0 or 1', () => {
    expect(decode(bool, bytes(2))).toMatchObject(malformed('', '2 is no bool'));
    expect(decode(option(u32), bytes(2))).toMatchObject(malformed('', '2 is no Option'));
  });

  it('text is UTF-8, a byte order mark included', () => {
    expect(decode(text, encode(text, '\ufeffé'))).toEqual({ ok: true, value: '\ufeffé' });
    expect(decode(text, bytesOf('01 00*7 ff'))).toMatchObject(malformed('', 'not UTF-8'));
  });

  it('a length beyond the end is refused before anything is allocated', () => {
    expect(decode(byteString, bytesOf('ff*8'))).toMatchObject(
      malformed('', 'a length of 18446744073709551615 bytes, 0 are left'),
    );
    expect(decode(byteString, bytesOf('03 00*7 aa bb'))).toMatchObject(
      malformed('', 'a length of 3 bytes, 2 are left'),
    );
  });

  it('a count is bounded by what its elements need at least', () => {
    const pairs = list(struct({ a: fixedBytes(32), b: option(byteString) }));
    expect(decode(pairs, bytesOf('02 00*7 00*33'))).toMatchObject(
      malformed('', '2 elements of at least 33 bytes, 33 bytes are left'),
    );
  });

  it('a list of more than 65,536 elements is neither read nor written', () => {
    const one = list(bool);
    const most = Array.from({ length: MAX_ELEMENTS }, () => true);
    expect(decode(one, encode(one, most))).toEqual({ ok: true, value: most });
    expect(() => encode(one, [...most, true])).toThrow(WireError);
    expect(decode(one, bytesOf(`01 00 01 00*5 00*${MAX_ELEMENTS + 1}`))).toMatchObject(
      malformed('', '65537 elements, at most 65536 are accepted'),
    );
  });

  it('an error names the place, indices included', () => {
    const nested = struct({ items: list(struct({ id: fixedBytes(2), on: bool })) });
    expect(decode(nested, bytesOf('02 00*7 aa aa 01 bb bb 07'))).toMatchObject(
      malformed('items.1.on', '7 is no bool'),
    );
    const wrong = {
      items: [
        { id: bytes(1, 2), on: true },
        { id: bytes(1), on: true },
      ],
    };
    expect(() => encode(nested, wrong)).toThrow(
      new WireError('items.1.id', '1 bytes instead of 2'),
    );
  });

  it('what is read does not share memory with the frame', () => {
    const frame = Buffer.from(bytesOf('02 00*7 01 02'));
    const read = decode(byteString, frame);
    frame.fill(0xee);
    expect(read).toEqual({ ok: true, value: bytes(1, 2) });
    expect(read.ok && read.value.buffer.byteLength).toBe(2);
  });

  it('long and short byte strings can be mixed without changing places', () => {
    const parts = [1, 1_023, 1_024, 5, 9_000, 0, 4_095, 4_096].map((n, i) => filled(i + 1, n));
    const codec = list(byteString);
    expect(decode(codec, encode(codec, parts))).toEqual({ ok: true, value: parts });
    const writer = new Writer();
    for (let i = 0; i < 2_000; i++) writer.u8(i & 0xff);
    expect(writer.finish()).toEqual(Uint8Array.from({ length: 2_000 }, (_, i) => i & 0xff));
  });
});

describe('unknown variants', () => {
  type Shape = { type: 'Dot' } | { type: 'Line'; length: number } | Unknown;
  const shape: Codec<Shape> = variants<Shape>('Shape', { Dot: {}, Line: { length: u32 } });
  const unknown = { type: 'unknown', of: 'Shape', tag: 2 };

  it('end the frame and keep what came before', () => {
    const drawing = struct({ name: u32, shapes: list(shape) });
    const read = decode(drawing, bytesOf('07 00*3 03 00*7 00*4 02 00*3 00*8'));
    expect(read).toEqual({ ok: true, value: { name: 7, shapes: [{ type: 'Dot' }, unknown] } });
  });

  it('make a value that would go on behind them unreadable', () => {
    const framed = struct({ shape, width: u32 });
    expect(decode(framed, bytesOf('02 00*3 05 00*3'))).toMatchObject(
      malformed('', 'an unknown variant inside'),
    );
  });

  it('make the variant that holds them unknown when it goes on behind them', () => {
    type Frame = { type: 'Framed'; shape: Shape; width: number } | Unknown;
    const frame: Codec<Frame> = variants<Frame>('Frame', { Framed: { shape, width: u32 } });
    expect(decode(frame, bytesOf('00*4 02 00*3 05 00*3'))).toEqual({
      ok: true,
      value: { type: 'unknown', of: 'Frame', tag: 0 },
    });
  });

  it('are an error where the reader refuses them', () => {
    expect(decode(list(shape), bytesOf('01 00*7 02 00*3'), 'refuse')).toMatchObject(
      malformed('0', 'Shape has no variant 2'),
    );
    expect(() => shape.read(new Reader(bytesOf('02 00*3'), 'refuse'))).toThrow(WireError);
  });

  it('cannot be written', () => {
    expect(() => encode(shape, { type: 'unknown', of: 'Shape', tag: 2 })).toThrow(WireError);
  });
});

describe('hostile bytes', () => {
  const DECODERS = [
    decodeClientRequest,
    decodeHostResult,
    decodeInboundDelegateMsg,
    decodeProcessResult,
    decodeUpdateStateResult,
  ];

  /** A frame with some bytes overwritten, some cut off, or something inserted. */
  const mutated = fc
    .tuple(
      fc.oneof(clientRequest.map(encodeClientRequest), hostResult.map(encodeHostResult)),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
        minLength: 1,
        maxLength: 6,
      }),
      fc.nat(),
      fc.boolean(),
    )
    .map(([frame, changes, cut, cutting]) => {
      const out = frame.slice(0, cutting ? cut % (frame.length + 1) : frame.length);
      for (const [at, byte] of changes) if (out.length > 0) out[at % out.length] = byte;
      return out;
    });

  it('give a value or a WireError, whatever was changed in them', () => {
    let failures = 0;
    fc.assert(
      fc.property(mutated, (frame) => {
        for (const decoder of DECODERS) {
          const read = decoder(frame);
          if (read.ok) continue;
          failures += 1;
          expect(read.error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 4_000, seed: 20_260_822 },
    );
    expect(failures).toBeGreaterThan(4_000); // else the mutations don't reach the checks
  });

  it('of no structure at all give a value or a WireError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (frame) => {
        for (const decoder of DECODERS) decoder(frame);
      }),
      { numRuns: 2_000, seed: 20_260_823 },
    );
  });
});
