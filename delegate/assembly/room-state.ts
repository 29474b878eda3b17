import { Bytes } from './bytes.ts';
import { CborReader } from './cbor-reader.ts';
import { isPublicKey } from './crypto/ed25519.ts';
import { readRest } from './room-state-rest.ts';
import { readSealed, readSignature, readTime } from './room-values.ts';
import { readArray, readStruct } from './struct-reader.ts';

/*
 * The state of a room's contract, in CBOR: read as a whole, so that one that is not a state is recognised; kept is what the
 * rotation of the room's secret depends on.
 *
 * Format: river: common/src/room_state.rs and room_state/.
 */

/** A secret of the room, of one version, sealed for one member. */
export class SealedSecret {
  member: i64 = 0;
  version: u32 = 0;
  ciphertext: Bytes = new Bytes(0, 0);
  /** 12 bytes */
  nonce: Bytes = new Bytes(0, 0);
  /** X25519, 32 bytes */
  ephemeralKey: Bytes = new Bytes(0, 0);
}

export class RoomState extends CborReader {
  isPrivate: bool = false;
  /** Verifying keys of the members, without the owner, in the order of the state. */
  members: Bytes[] = [];
  /** Version of the secret that is in use. */
  secretVersion: u32 = 0;
  sealedSecrets: SealedSecret[] = [];
  /** The secret being read. */
  secret: SealedSecret = new SealedSecret();
}

/** An Ed25519 key: 32 bytes of a point. */
function readVerifyingKey(from: CborReader): Bytes {
  const key = from.exactBytes(32);
  if (!from.failed && !isPublicKey(key)) from.fail();
  return key;
}

function readPrivacyMode(from: RoomState): void {
  const name = from.variant();
  from.isPrivate = name.equalsText('Private');
  if (!from.isPrivate && !name.equalsText('Public')) from.fail();
  from.leave();
}

function readConfiguration(from: RoomState): void {
  readStruct<RoomState>(
    from,
    [
      'owner_member_id',
      'configuration_version',
      'privacy_mode',
      'display',
      'max_recent_messages',
      'max_user_bans',
      'max_message_size',
      'max_nickname_size',
      'max_members',
      'max_room_name',
      'max_room_description',
      'max_direct_messages',
    ],
    0x7ff,
    (item, field) => {
      if (field == 0) item.signed();
      else if (field == 2) readPrivacyMode(item);
      else if (field == 3) readDisplay(item);
      else if (field != 11 || !item.nothing()) item.unsigned(u32.MAX_VALUE);
    },
  );
}

function readDisplay(from: RoomState): void {
  readStruct<RoomState>(from, ['name', 'description'], 0b1, (item, field) => {
    if (field == 0 || !item.nothing()) readSealed(item);
  });
}

function readMember(from: RoomState): void {
  readStruct<RoomState>(from, ['member', 'signature'], 0b11, (item, field) => {
    if (field == 1) return readSignature(item);
    readStruct<RoomState>(
      item,
      ['owner_member_id', 'invited_by', 'member_vk'],
      0b111,
      (member, part) => {
        if (part < 2) member.signed();
        else member.members.push(readVerifyingKey(member));
      },
    );
  });
}

function readVersionRecord(from: RoomState): void {
  readStruct<RoomState>(from, ['record', 'owner_signature'], 0b11, (item, field) => {
    if (field == 1) return readSignature(item);
    readStruct<RoomState>(item, ['version', 'cipher_spec', 'created_at'], 0b111, (record, part) => {
      if (part == 0) record.unsigned(u32.MAX_VALUE);
      else if (part == 2) readTime(record);
      else {
        if (!record.variant().equalsText('Aes256Gcm')) record.fail();
        record.leave();
      }
    });
  });
}

function readSealedSecret(from: RoomState): void {
  from.secret = new SealedSecret();
  readStruct<RoomState>(from, ['secret', 'owner_signature'], 0b11, (item, field) => {
    if (field == 1) return readSignature(item);
    readStruct<RoomState>(
      item,
      [
        'member_id',
        'secret_version',
        'ciphertext',
        'nonce',
        'sender_ephemeral_public_key',
        'provider',
      ],
      0b11_1111,
      (sealed, part) => {
        const secret = sealed.secret;
        if (part == 0) secret.member = sealed.signed();
        else if (part == 1) secret.version = <u32>sealed.unsigned(u32.MAX_VALUE);
        else if (part == 2) secret.ciphertext = sealed.bytes();
        else if (part == 3) secret.nonce = sealed.fixedBytes(12);
        else if (part == 4) secret.ephemeralKey = sealed.fixedBytes(32);
        else sealed.signed();
      },
    );
  });
  from.sealedSecrets.push(from.secret);
}

function readSecrets(from: RoomState): void {
  readStruct<RoomState>(
    from,
    ['current_version', 'versions', 'encrypted_secrets'],
    0b111,
    (item, field) => {
      if (field == 0) item.secretVersion = <u32>item.unsigned(u32.MAX_VALUE);
      else if (field == 1) readArray<RoomState>(item, readVersionRecord);
      else readArray<RoomState>(item, readSealedSecret);
    },
  );
}

/** Null when the bytes are no state of a room. */
export function decodeRoomState(bytes: Bytes): RoomState | null {
  const from = new RoomState(bytes);
  readStruct<RoomState>(
    from,
    [
      'configuration',
      'members',
      'secrets',
      'bans',
      'member_info',
      'recent_messages',
      'upgrade',
      'direct_messages',
      'version',
    ],
    0b111_1111,
    (item, field) => {
      if (field == 0) {
        readStruct<RoomState>(item, ['configuration', 'signature'], 0b11, (signed, part) => {
          if (part == 0) readConfiguration(signed);
          else readSignature(signed);
        });
      } else if (field == 1) {
        readStruct<RoomState>(item, ['members'], 0b1, (list) => {
          readArray<RoomState>(list, readMember);
        });
      } else if (field == 2) {
        readSecrets(item);
      } else {
        readRest(item, field);
      }
    },
  );
  return from.failed ? null : from;
}
