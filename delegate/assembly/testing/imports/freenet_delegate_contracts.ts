export declare function __frnt__delegate__get_contract_state_len(id: i64, idLength: i32): i64;
export declare function __frnt__delegate__get_contract_state(
  id: i64,
  idLength: i32,
  out: i64,
  outLength: i64,
): i64;
export declare function __frnt__delegate__put_contract_state(
  id: i64,
  idLength: i32,
  state: i64,
  stateLength: i64,
): i64;
export declare function __frnt__delegate__update_contract_state(
  id: i64,
  idLength: i32,
  state: i64,
  stateLength: i64,
): i64;
export declare function __frnt__delegate__subscribe_contract(id: i64, idLength: i32): i64;
