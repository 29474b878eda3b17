/* The node's log. Source: freenet-core: crates/core/src/wasm_runtime/native_api.rs. */

/** A line of UTF-8. `id` is what the node gave to `__frnt_set_id`. */
export declare function __frnt__logger__info(id: i64, text: i64, length: i32): void;
