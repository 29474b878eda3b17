/** Part of tests/vectors/room-state.json.gz. */
export interface RoomStateVectors {
  readonly room_contract: {
    readonly blake3: string;
    readonly params: string;
    readonly instance_id: string;
  };
  readonly actors: Record<string, ActorVector>;
  readonly room_secrets: Record<string, string>;
  readonly cases: readonly RoomStateCase[];
  readonly signatures: readonly SignatureVector[];
}

export interface ActorVector {
  readonly seed: string;
  readonly verifying_key: string;
  readonly member_id: string;
}

export interface RoomStateCase {
  readonly name: string;
  readonly op: 'validate' | 'update' | 'summarize' | 'delta';
  readonly params: string;
  readonly state: string;
  readonly updates?: readonly { readonly kind: string; readonly data?: string }[];
  readonly summary?: string;
  readonly expect: {
    readonly verdict?: string;
    readonly error?: { readonly kind: string; readonly message: string };
    readonly state?: string;
    readonly changed?: boolean;
    readonly validate?: { readonly verdict: string; readonly error?: { readonly kind: string } };
    readonly summary?: string;
    readonly delta?: string;
  };
}

export interface SignatureVector {
  readonly type: string;
  readonly signer: string;
  readonly signed_bytes: string;
  readonly signature: string;
  readonly id?: string;
  readonly digest?: string;
  readonly purge_token?: string;
}

/** Part of tests/vectors/user-data.json.gz. */
export interface UserDataVectors {
  readonly rooms: readonly RoomVector[];
  readonly tombstone: { readonly room_slot: string };
  readonly rooms_meta: string;
  readonly outbound_dms: string;
  readonly legacy_rooms_data: string;
  readonly delegate_store_requests: readonly {
    readonly request: string;
    readonly response: string;
  }[];
}

export interface RoomVector {
  readonly name: string;
  readonly params: string;
  readonly instance_id: string;
  readonly owner_vk: string;
  readonly self: {
    readonly actor: string;
    readonly seed: string;
    readonly verifying_key: string;
    readonly member_id: string;
  };
  readonly actors: Record<string, ActorVector>;
  readonly room_secrets?: Record<string, string>;
  readonly counts: Record<string, number>;
  readonly summary: string;
  readonly state: string;
  readonly room_slot: string;
}

export interface DelegateVectors {
  readonly actors: Record<string, ActorVector>;
  readonly steps: readonly {
    readonly name: string;
    readonly kind: string;
    readonly request?: string;
    readonly state?: string;
    readonly expect: {
      readonly responses?: readonly string[];
      readonly to_node?: readonly {
        readonly kind: string;
        readonly update?: { readonly kind: string; readonly data: string };
      }[];
      readonly error?: { readonly kind: string };
    };
  }[];
}
