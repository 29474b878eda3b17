export declare function __frnt__delegate__get_secret_len(key: i64, keyLength: i32): i32;
export declare function __frnt__delegate__get_secret(
  key: i64,
  keyLength: i32,
  out: i64,
  outLength: i32,
): i32;
export declare function __frnt__delegate__set_secret(
  key: i64,
  keyLength: i32,
  value: i64,
  valueLength: i32,
): i32;
export declare function __frnt__delegate__has_secret(key: i64, keyLength: i32): i32;
export declare function __frnt__delegate__remove_secret(key: i64, keyLength: i32): i32;
export declare function __frnt__delegate__list_secrets_len(prefix: i64, prefixLength: i32): i32;
export declare function __frnt__delegate__list_secrets(
  prefix: i64,
  prefixLength: i32,
  out: i64,
  outLength: i32,
): i32;
