import { multiply, square } from './field.ts';

/* Fixed powers of field elements: all that inversion and square roots take. Addresses as in `field.ts`. */

/** So many squarings. */
function squareTimes(h: usize, f: usize, times: i32): void {
  square(h, f);
  for (let i = 1; i < times; i++) square(h, h);
}

const t0: usize = memory.data(40, 8);
const t1: usize = memory.data(40, 8);
const eleventh: usize = memory.data(40, 8);

/** z^(2^250 - 1); leaves z^11 in `eleventh`. Uses `t0` and `t1`. */
function powerOf250Ones(h: usize, z: usize): void {
  square(t0, z); // 2
  squareTimes(t1, t0, 2); // 8
  multiply(t1, t1, z); // 9
  multiply(eleventh, t0, t1); // 11
  square(t0, eleventh); // 22
  multiply(t1, t0, t1); // 31 = 2^5 - 1
  squareTimes(t0, t1, 5);
  multiply(t1, t0, t1); // 2^10 - 1
  squareTimes(t0, t1, 10);
  multiply(t0, t0, t1); // 2^20 - 1
  squareTimes(h, t0, 20);
  multiply(t0, h, t0); // 2^40 - 1
  squareTimes(t0, t0, 10);
  multiply(t1, t0, t1); // 2^50 - 1
  squareTimes(t0, t1, 50);
  multiply(t0, t0, t1); // 2^100 - 1
  squareTimes(h, t0, 100);
  multiply(t0, h, t0); // 2^200 - 1
  squareTimes(t0, t0, 50);
  multiply(h, t0, t1); // 2^250 - 1
}

const power: usize = memory.data(40, 8);

/** 1 / z; 0 for 0. */
export function invert(h: usize, z: usize): void {
  powerOf250Ones(power, z);
  squareTimes(power, power, 5);
  multiply(h, power, eleventh); // z^(p - 2)
}

/** z^((p - 5) / 8): the heart of a square root. */
export function powerForRoot(h: usize, z: usize): void {
  powerOf250Ones(power, z);
  squareTimes(power, power, 2);
  multiply(h, power, z);
}
