import { Bytes } from './bytes.ts';
import { CborWriter } from './cbor-writer.ts';
import { SigningKey } from './crypto/ed25519.ts';
import { memberId } from './member-id.ts';
import { Recipient, openSecret, sealSecret } from './room-secrets.ts';
import { RoomState, SealedSecret } from './room-state.ts';

/*
 * The next version of a room's secret, as a delta for the room's contract.
 *
 * Source: river: delegates/chat-delegate/src/subscription.rs, common/src/room_state/secret.rs.
 */

class KnownSecret {
  version: u32;
  secret: Bytes;

  constructor(version: u32, secret: Bytes) {
    this.version = version;
    this.secret = secret;
  }
}

/** The earlier secrets that the owner can open, in ascending order. They may be random: none is derived again. */
function knownSecrets(state: RoomState, key: SigningKey, before: u32): KnownSecret[] {
  const owner = memberId(key.publicKey);
  const known: KnownSecret[] = [];
  for (let i = 0; i < state.sealedSecrets.length; i++) {
    const sealed = state.sealedSecrets[i];
    if (sealed.member != owner || sealed.version >= before) continue;
    let at = 0;
    while (at < known.length && known[at].version < sealed.version) at += 1;
    if (at < known.length && known[at].version == sealed.version) continue;
    const secret = openSecret(sealed, key);
    if (!secret) continue;
    known.push(new KnownSecret(sealed.version, secret));
    for (let last = known.length - 1; last > at; last--) {
      const moved = known[last - 1];
      known[last - 1] = known[last];
      known[last] = moved;
    }
  }
  return known;
}

/** Members by the version of which the state has a copy for them. */
function existingCopies(state: RoomState): Map<u32, Set<i64>> {
  const copies = new Map<u32, Set<i64>>();
  for (let i = 0; i < state.sealedSecrets.length; i++) {
    const sealed = state.sealedSecrets[i];
    if (!copies.has(sealed.version)) copies.set(sealed.version, new Set<i64>());
    copies.get(sealed.version).add(sealed.member);
  }
  return copies;
}

function encodeVersionRecord(version: u32): Bytes {
  const to = new CborWriter();
  to.map(3);
  to.textItem('version');
  to.unsigned(version);
  to.textItem('cipher_spec');
  to.textItem('Aes256Gcm');
  to.textItem('created_at'); // a delegate has no clock
  to.map(2);
  to.textItem('secs_since_epoch');
  to.unsigned(0);
  to.textItem('nanos_since_epoch');
  to.unsigned(0);
  return to.finish();
}

function encodeSealedSecret(sealed: SealedSecret, provider: i64): Bytes {
  const to = new CborWriter(512);
  to.map(6);
  to.textItem('member_id');
  to.signed(sealed.member);
  to.textItem('secret_version');
  to.unsigned(sealed.version);
  to.textItem('ciphertext');
  to.integers(sealed.ciphertext);
  to.textItem('nonce');
  to.integers(sealed.nonce);
  to.textItem('sender_ephemeral_public_key');
  to.integers(sealed.ephemeralKey);
  to.textItem('provider');
  to.signed(provider);
  return to.finish();
}

/** Writes {"<name>": record, "owner_signature": […]}. */
function writeSigned(to: CborWriter, name: string, record: Bytes, key: SigningKey): void {
  to.map(2);
  to.textItem(name);
  to.raw(record);
  to.textItem('owner_signature');
  to.integers(key.sign(record));
}

/**
 * A delta with the new version: its record, and for the owner and each member every version that it lacks.
 *
 * @param secret of `version`
 */
export function encodeRotation(
  state: RoomState,
  key: SigningKey,
  version: u32,
  secret: Bytes,
): Bytes {
  const owner = memberId(key.publicKey);
  const known = knownSecrets(state, key, version);
  known.push(new KnownSecret(version, secret));
  const existing = existingCopies(state);
  const recipients: Bytes[] = [key.publicKey];
  for (let i = 0; i < state.members.length; i++) recipients.push(state.members[i]);

  let count = 0;
  const copies = new CborWriter(4096);
  for (let i = 0; i < recipients.length; i++) {
    const recipient = new Recipient(recipients[i]);
    for (let j = 0; j < known.length; j++) {
      const held = known[j].version;
      if (existing.has(held) && existing.get(held).has(recipient.id)) continue;
      const sealed = sealSecret(known[j].secret, recipient, held);
      writeSigned(copies, 'secret', encodeSealedSecret(sealed, owner), key);
      count += 1;
    }
  }

  const to = new CborWriter(4096);
  to.map(9);
  writeAbsent(to, ['configuration', 'bans', 'members', 'member_info']);
  to.textItem('secrets');
  to.map(3);
  to.textItem('current_version');
  to.unsigned(version);
  to.textItem('new_versions');
  to.array(1);
  writeSigned(to, 'record', encodeVersionRecord(version), key);
  to.textItem('new_encrypted_secrets');
  to.array(count);
  to.raw(copies.finish());
  writeAbsent(to, ['recent_messages', 'direct_messages', 'upgrade', 'version']);
  return to.finish();
}

function writeAbsent(to: CborWriter, names: StaticArray<string>): void {
  for (let i = 0; i < names.length; i++) {
    to.textItem(names[i]);
    to.nothing();
  }
}
