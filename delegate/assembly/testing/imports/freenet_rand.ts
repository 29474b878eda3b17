export declare function __frnt__rand__rand_bytes(id: i64, to: i64, length: i32): void;
