import type { EditFailure } from '../../persist/edit-queue.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { encode } from '../../river/cbor/codec.ts';
import { encodeContent } from '../../river/content.ts';
import { memberId } from '../../river/ids.ts';
import { sign, verifyingKeyOf } from '../../river/keys.ts';
import { configuration as configurationCodec, type Configuration } from '../../river/room-state/configuration.ts';
import { message as messageCodec, type Message } from '../../river/room-state/messages.ts';
import { EMPTY_DELTA, type RoomDelta } from '../../river/room-state/room-state.ts';
import type { RoomView } from '../../river/room-view.ts';
import { aesSeal } from '../../river/crypto/aes-gcm.ts';
import { sealBytes } from '../../river/secrets.ts';
import { readableSecrets } from '../../river/secrets.ts';
import { timeFromMillis } from '../../river/system-time.ts';
import { utf8 } from '../../shared/bytes.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { EditError } from './api.ts';

export const longestText = (configuration: Configuration): number =>
  configuration.maxMessageSize - 9 - (configuration.privacyMode === 'Private' ? 16 : 0);

export const whyReadOnly = (loaded: LoadedRoom, _view: RoomView): string | undefined =>
  loaded.own.selfSk === null ? 'no key' : undefined;

export const composeMessage =
  (text: string) =>
  ({ own, state, params }: LoadedRoom): Result<RoomDelta, EditError> => {
    const sk = own.selfSk;
    if (!sk) return err({ type: 'NotAllowed', reason: 'no key' });
    const data = encodeContent({ type: 'text', text });
    const secrets = readableSecrets(state.secrets, sk, own.invitationSecrets);
    const v = state.secrets.currentVersion;
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const priv = state.configuration.configuration.privacyMode === 'Private';
    const secret = secrets.get(v);
    if (priv && !secret) return err({ type: 'NotAllowed', reason: 'no secret' });
    const message: Message = {
      roomOwner: memberId(params.owner),
      author: memberId(verifyingKeyOf(sk)),
      time: timeFromMillis(Date.now()),
      content: secret && priv
        ? { type: 'Private', contentType: 1, contentVersion: 1, ciphertext: aesSeal(secret, nonce, data), nonce, secretVersion: v }
        : { type: 'Public', contentType: 1, contentVersion: 1, data },
    };
    return ok({ ...EMPTY_DELTA, recentMessages: [{ message, signature: sign(encode(messageCodec, message), sk) }] });
  };

export const composeName =
  (name: string) =>
  ({ own, state }: LoadedRoom): Result<RoomDelta, EditError> => {
    const sk = own.selfSk;
    if (!sk) return err({ type: 'NotAllowed', reason: 'no key' });
    const { configuration } = state.configuration;
    const secrets = readableSecrets(state.secrets, sk, own.invitationSecrets);
    const secret = secrets.get(state.secrets.currentVersion);
    const sealed = configuration.privacyMode === 'Private' && secret
      ? sealBytes(utf8(name), secret, state.secrets.currentVersion, crypto.getRandomValues(new Uint8Array(12)))
      : { type: 'Public' as const, value: utf8(name) };
    const next = { ...configuration, configurationVersion: configuration.configurationVersion + 1, display: { ...configuration.display, name: sealed } };
    return ok({ ...EMPTY_DELTA, configuration: { configuration: next, signature: sign(encode(configurationCodec, next), sk) } });
  };

export const editError = (error: EditError | EditFailure | unknown): EditError => {
  const e = error as EditError | EditFailure;
  if (e.type === 'RefusedByRoom') return { type: 'NotAllowed', reason: e.reason };
  if (e.type === 'RowsUndecodable') return { type: 'StorageFailed', reason: e.reason };
  return e;
};
