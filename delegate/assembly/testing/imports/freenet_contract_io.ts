/** Puts the next bytes into the buffer and gives their number, 0 at the end. */
export declare function __frnt__fill_buffer(id: i64, buffer: i64): i32;
