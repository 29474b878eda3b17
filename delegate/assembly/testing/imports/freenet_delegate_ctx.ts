export declare function __frnt__delegate__ctx_len(): i32;
export declare function __frnt__delegate__ctx_read(to: i64, length: i32): i32;
export declare function __frnt__delegate__ctx_write(from: i64, length: i32): i32;
