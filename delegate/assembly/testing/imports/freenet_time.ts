export declare function __frnt__time__utc_now(id: i64, to: i64): void;
