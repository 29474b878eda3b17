import { CborReader } from './cbor-reader.ts';
import { readSealed, readSignature, readTime } from './room-values.ts';
import { readArray, readStruct, readVariantStruct } from './struct-reader.ts';

/*
 * The parts of a room's state that the delegate makes no use of: read over, but not past a mistake.
 *
 * Format: river: common/src/room_state/{ban,member_info,message,direct_messages,upgrade,version}.rs.
 */

function readBan(from: CborReader): void {
  readStruct<CborReader>(from, ['ban', 'banned_by', 'signature'], 0b111, (item, field) => {
    if (field == 1) item.signed();
    else if (field == 2) readSignature(item);
    else {
      readStruct<CborReader>(
        item,
        ['owner_member_id', 'banned_at', 'banned_user'],
        0b111,
        (ban, part) => {
          if (part == 1) readTime(ban);
          else ban.signed();
        },
      );
    }
  });
}

function readMemberInfo(from: CborReader): void {
  readStruct<CborReader>(from, ['member_info', 'signature'], 0b11, (item, field) => {
    if (field == 1) return readSignature(item);
    readStruct<CborReader>(
      item,
      ['member_id', 'version', 'preferred_nickname', 'deputies'],
      0b111,
      (info, part) => {
        if (part == 0) info.signed();
        else if (part == 1) info.unsigned(u32.MAX_VALUE);
        else if (part == 2) readSealed(info);
        else {
          readArray<CborReader>(info, (deputy) => {
            deputy.signed();
          });
        }
      },
    );
  });
}

function readBody(from: CborReader): void {
  const name = from.variant();
  if (name.equalsText('Public')) {
    readVariantStruct<CborReader>(
      from,
      ['content_type', 'content_version', 'data'],
      (item, field) => {
        if (field == 2) item.bytes();
        else item.unsigned(u32.MAX_VALUE);
      },
    );
  } else if (name.equalsText('Private')) {
    readVariantStruct<CborReader>(
      from,
      ['content_type', 'content_version', 'ciphertext', 'nonce', 'secret_version'],
      (item, field) => {
        if (field == 2) item.bytes();
        else if (field == 3) item.fixedBytes(12);
        else item.unsigned(u32.MAX_VALUE);
      },
    );
  } else {
    from.fail();
  }
  from.leave();
}

function readMessage(from: CborReader): void {
  readStruct<CborReader>(from, ['message', 'signature'], 0b11, (item, field) => {
    if (field == 1) return readSignature(item);
    readStruct<CborReader>(
      item,
      ['room_owner', 'author', 'time', 'content'],
      0b1111,
      (message, part) => {
        if (part < 2) message.signed();
        else if (part == 2) readTime(message);
        else readBody(message);
      },
    );
  });
}

function readDirectMessage(from: CborReader): void {
  readStruct<CborReader>(from, ['message', 'sender_signature'], 0b11, (item, field) => {
    if (field == 1) return readSignature(item);
    readStruct<CborReader>(
      item,
      ['sender', 'recipient', 'timestamp', 'ciphertext'],
      0b1111,
      (message, part) => {
        if (part < 2) message.signed();
        else if (part == 2) message.unsigned(u64.MAX_VALUE);
        else message.bytes();
      },
    );
  });
}

function readPurges(from: CborReader): void {
  readStruct<CborReader>(
    from,
    ['recipient_id', 'state', 'recipient_signature'],
    0b111,
    (item, field) => {
      if (field == 0) item.signed();
      else if (field == 2) readSignature(item);
      else {
        readStruct<CborReader>(item, ['version', 'purged'], 0, (state, part) => {
          if (part == 0) state.unsigned(u64.MAX_VALUE);
          else {
            readArray<CborReader>(state, (token) => {
              if (token.bytes().length != 16) token.fail();
            });
          }
        });
      }
    },
  );
}

function readUpgrade(from: CborReader): void {
  if (from.nothing()) return;
  readStruct<CborReader>(from, ['upgrade', 'signature'], 0b11, (item, field) => {
    if (field == 1) return readSignature(item);
    readStruct<CborReader>(
      item,
      ['owner_member_id', 'version', 'new_chatroom_address'],
      0b111,
      (upgrade, part) => {
        if (part == 0) upgrade.signed();
        else if (part == 1) upgrade.unsigned(u8.MAX_VALUE);
        else upgrade.fixedBytes(32);
      },
    );
  });
}

/** @param field as `decodeRoomState` counts them: 3 bans, 4 member_info, 5 messages, 6 upgrade, 7 direct messages, 8 version */
export function readRest(from: CborReader, field: i32): void {
  if (field == 3) {
    readArray<CborReader>(from, readBan);
  } else if (field == 4) {
    readStruct<CborReader>(from, ['member_info'], 0b1, (item) => {
      readArray<CborReader>(item, readMemberInfo);
    });
  } else if (field == 5) {
    readStruct<CborReader>(from, ['messages'], 0b1, (item) => {
      readArray<CborReader>(item, readMessage);
    });
  } else if (field == 6) {
    readUpgrade(from);
  } else if (field == 7) {
    readStruct<CborReader>(from, ['messages', 'purges'], 0, (item, part) => {
      if (part == 0) readArray<CborReader>(item, readDirectMessage);
      else readArray<CborReader>(item, readPurges);
    });
  } else {
    from.unsigned(u32.MAX_VALUE);
  }
}
