import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readVectors } from '../../tests/support/vectors.ts';
import { fromHex, utf8 } from '../../src/shared/bytes.ts';
import { messageName } from './message-name.ts';

interface DelegateVectors {
  readonly steps: readonly {
    readonly name: string;
    readonly request?: string;
    readonly request_diag?: string;
  }[];
}

test("each of River's recorded requests is named by its variant", () => {
  let named = 0;
  for (const step of readVectors<DelegateVectors>('delegate-protocol').steps) {
    const [, name] = /^(?:\{)?"(\w+)"/.exec(step.request_diag ?? '') ?? [];
    if (step.request === undefined || name === undefined || step.name === 'error-two-variants') {
      continue;
    }
    expect(messageName(fromHex(step.request)), step.name).toBe(name);
    named += 1;
  }
  expect(named).toBeGreaterThan(50);
});

test('a payload without a variant name has none', () => {
  expect(messageName(new Uint8Array(0))).toBeUndefined();
  expect(messageName(fromHex('a0'))).toBeUndefined();
  expect(messageName(fromHex('a1'))).toBeUndefined();
  expect(messageName(fromHex('a10c01'))).toBeUndefined();
  expect(messageName(fromHex('6b4c697374'))).toBeUndefined(); // cut short
  expect(messageName(fromHex('78ff41'))).toBeUndefined();
  expect(messageName(new Uint8Array([0x65, ...utf8('a b_c')]))).toBeUndefined();
});

test('any bytes at all are looked at without harm', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const name = messageName(bytes);
      expect(name === undefined || /^[A-Za-z][A-Za-z0-9]*$/.test(name)).toBe(true);
    }),
  );
});
