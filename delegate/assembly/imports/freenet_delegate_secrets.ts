/*
 * The node's secret store. AssemblyScript names the module of an import after the file that declares it.
 *
 * Keys and values are byte strings in guest memory. Errors are negative: -2 no such secret (or unreadable), -3 not stored,
 * -4 invalid length, -6 buffer too small, -7 outside of memory.
 *
 * Source: freenet-core: crates/core/src/wasm_runtime/native_api.rs.
 */

/** Length of the value in bytes, or an error. */
export declare function __frnt__delegate__get_secret_len(key: i64, keyLength: i32): i32;

/** Bytes written to `out`, or an error. */
export declare function __frnt__delegate__get_secret(
  key: i64,
  keyLength: i32,
  out: i64,
  outLength: i32,
): i32;

/** 0, or an error. */
export declare function __frnt__delegate__set_secret(
  key: i64,
  keyLength: i32,
  value: i64,
  valueLength: i32,
): i32;

/** 0, or -2 on any failure. */
export declare function __frnt__delegate__remove_secret(key: i64, keyLength: i32): i32;
