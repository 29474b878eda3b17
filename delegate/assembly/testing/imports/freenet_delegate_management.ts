export declare function __frnt__delegate__create_delegate(
  wasm: i64,
  wasmLength: i64,
  params: i64,
  paramsLength: i64,
  cipher: i64,
  nonce: i64,
  outKey: i64,
  outHash: i64,
): i32;
