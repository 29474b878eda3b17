import { base58 } from './base58.ts';
import { Bytes } from './bytes.ts';
import { CborReader } from './cbor-reader.ts';
import { CborWriter } from './cbor-writer.ts';
import { SigningKey } from './crypto/ed25519.ts';
import { log } from './log.ts';
import { encodeMemberSet, isSameMemberSet } from './member-set.ts';
import { Outbox } from './outbound.ts';
import { Request } from './request.ts';
import { deriveRoomSecret } from './room-secrets.ts';
import { decodeRoomState } from './room-state.ts';
import { encodeRotation } from './rotation.ts';
import {
  contractRoomName,
  memberSetName,
  roomSecretName,
  signingKeyName,
  subscriptionName,
} from './secret-names.ts';
import { getSecret, setSecret } from './secrets.ts';
import { SEED } from './signing.ts';
import { readStruct } from './struct-reader.ts';

/*
 * Rooms whose contract the delegate watches, to give a private room a new secret when its members change. What is stored
 * of them lies under the room, not under the web app.
 *
 * Source: river: delegates/chat-delegate/src/subscription.rs.
 */

function respond(request: Request, error: string): Bytes {
  const to = new CborWriter();
  to.struct('EnsureRoomSubscriptionResponse', 3);
  to.textItem('room_owner_vk');
  to.integers(request.room);
  to.textItem('request_id');
  to.unsigned(request.number);
  to.textItem('result');
  if (error == '') {
    to.variant('Ok');
    to.nothing();
  } else {
    to.variant('Err');
    to.textItem(error);
  }
  return to.finish();
}

/** {room_owner_vk, contract_id, signing_key_origin_b58}: a notification names no web app, so it is remembered whose key to use. */
function encodeSubscription(request: Request, origin: Bytes): Bytes {
  const to = new CborWriter();
  to.map(3);
  to.textItem('room_owner_vk');
  to.integers(request.room);
  to.textItem('contract_id');
  to.integers(request.id);
  to.textItem('signing_key_origin_b58');
  to.textBytes(origin);
  return to.finish();
}

class Subscription extends CborReader {
  room: Bytes = new Bytes(0, 0);
  origin: Bytes = new Bytes(0, 0);
}

function decodeSubscription(bytes: Bytes): Subscription | null {
  const from = new Subscription(bytes);
  readStruct<Subscription>(
    from,
    ['room_owner_vk', 'contract_id', 'signing_key_origin_b58'],
    0b111,
    (item, field) => {
      if (field == 0) item.room = item.fixedBytes(32);
      else if (field == 1) item.fixedBytes(32);
      else item.origin = item.text();
    },
  );
  return from.failed ? null : from;
}

/** Asks the node to tell of the room's contract. The owner's key must be there already. */
export function ensureRoomSubscription(origin: Bytes, request: Request, out: Outbox): void {
  const originText = base58(origin);
  const seed = getSecret(signingKeyName(originText, request.room));
  if (!seed || seed.length != SEED) {
    const error = 'no signing key on file for this room — call StoreSigningKey first';
    return out.reply(respond(request, error));
  }
  if (!setSecret(subscriptionName(request.room), encodeSubscription(request, originText))) {
    const error = 'Failed to persist subscription record (set_secret returned false)';
    return out.reply(respond(request, error));
  }
  const room = new CborWriter();
  room.integers(request.room);
  if (!setSecret(contractRoomName(request.id), room.finish())) {
    return out.reply(respond(request, 'Failed to persist contract->room reverse index'));
  }
  out.reply(respond(request, ''));
  out.subscribe(request.id);
}

/** The room that is remembered for a contract. */
function roomOfContract(contract: Bytes): Bytes | null {
  const stored = getSecret(contractRoomName(contract));
  if (!stored) return null;
  const from = new CborReader(stored);
  const room = from.fixedBytes(32);
  return from.failed ? null : room;
}

/**
 * A watched contract has a new state. Where nothing is to be done, or cannot be, nothing is sent; the members are remembered
 * only once the secret for them is on its way, so that the next notification tries again.
 */
export function answerNotification(contract: Bytes, newState: Bytes, out: Outbox): void {
  const room = roomOfContract(contract);
  if (!room) return log('notification of a contract without a room');
  const stored = getSecret(subscriptionName(room));
  const subscription = stored ? decodeSubscription(stored) : null;
  if (!subscription) return log('notification of a room without a subscription');
  const state = decodeRoomState(newState);
  if (!state) return log('notification with a state that cannot be read');

  const members = encodeMemberSet(state.members);
  if (!state.isPrivate) {
    setSecret(memberSetName(room), members);
    return;
  }
  const before = getSecret(memberSetName(room));
  if (before && isSameMemberSet(before, members)) return;

  const seed = getSecret(signingKeyName(subscription.origin, room));
  if (!seed || seed.length != SEED) return log('no rotation: the signing key is missing');
  const key = new SigningKey(seed);
  if (!key.publicKey.equals(subscription.room)) {
    return log("no rotation: the signing key is not the owner's");
  }
  if (state.secretVersion == u32.MAX_VALUE) return log('no rotation: there is no version left');
  const version = state.secretVersion + 1;
  const secret = deriveRoomSecret(seed, key.publicKey, version);
  out.update(contract, encodeRotation(state, key, version, secret));
  setSecret(roomSecretName(room, version), secret);
  setSecret(memberSetName(room), members);
}
