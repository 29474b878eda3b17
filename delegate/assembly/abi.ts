import { Bytes } from './bytes.ts';

/*
 * How node and guest hand each other bytes. An address crosses the border as i64.
 *
 * Layout: freenet-stdlib: rust/src/memory/buf.rs, delegate_interface.rs.
 */

/**
 * A buffer of the node's: a struct of 32 bytes { i64 start, u32 capacity, u32 unused, i64 read cell, i64 write cell }, the
 * cells being u32. The node fills it and sets the write cell to the number of bytes.
 */
export function newBuffer(capacity: u32): usize {
  const buffer = heap.alloc(32);
  const cells = heap.alloc(8);
  store<u64>(cells, 0);
  store<i64>(buffer, heap.alloc(capacity));
  store<u32>(buffer, capacity, 8);
  store<u32>(buffer, 0, 12);
  store<i64>(buffer, cells, 16);
  store<i64>(buffer, cells + 4, 24);
  return buffer;
}

/** What the node has put into a buffer, as a view. */
export function bufferBytes(buffer: usize): Bytes {
  const written = load<u32>(<usize>load<i64>(buffer, 24));
  const capacity = load<u32>(buffer, 8);
  return new Bytes(<usize>load<i64>(buffer), min(written, capacity));
}

/** Address of a struct { i64 pointer, u32 size } that tells the node where a result is. */
export function resultAddress(result: Bytes): i64 {
  const struct = heap.alloc(16);
  store<i64>(struct, result.pointer);
  store<u32>(struct, result.length, 8);
  store<u32>(struct, 0, 12);
  return struct;
}
