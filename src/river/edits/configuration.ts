import { utf8 } from '../../shared/bytes.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { encode } from '../cbor/codec.ts';
import { NONCE_BYTES } from '../crypto/aes-gcm.ts';
import { sign } from '../keys.ts';
import {
  configuration as configurationCodec,
  type AuthorizedConfiguration,
  type Configuration,
} from '../room-state/configuration.ts';
import { EMPTY_DELTA, type RoomDelta } from '../room-state/room-state.ts';
import type { SealedBytes } from '../room-state/sealed-bytes.ts';
import { refusalOfConfiguration } from '../rules/configuration.ts';
import { sealBytes } from '../secrets.ts';
import { configurationClaim } from '../signatures/claims.ts';
import { currentSecret, isPrivateRoom, type EditRandom, type EditRoom } from './author.ts';
import type { EditRefused } from './refused.ts';

/** What the owner changes; what is left out stays. */
export interface ConfigurationChange {
  readonly name?: string;
  /** null takes the description away. */
  readonly description?: string | null;
  readonly limits?: Partial<Pick<Configuration, LimitName>>;
}

export type LimitName =
  | 'maxRecentMessages'
  | 'maxUserBans'
  | 'maxMessageSize'
  | 'maxNicknameSize'
  | 'maxMembers'
  | 'maxRoomName'
  | 'maxRoomDescription'
  | 'maxDirectMessages';

export interface ComposedConfiguration {
  readonly configuration: AuthorizedConfiguration;
  readonly delta: RoomDelta;
}

/** Signs the room's next configuration: version + 1, name and description sealed in a private room. */
export function composeConfiguration(
  room: EditRoom,
  change: ConfigurationChange,
  random: EditRandom,
): Result<ComposedConfiguration, EditRefused> {
  const { state, author, memo, params } = room;
  if (!author.isOwner) return err({ type: 'NotOwner' });
  const current = state.configuration.configuration;
  const limited: Configuration = {
    ...current,
    ...change.limits,
    configurationVersion: current.configurationVersion + 1,
  };
  const display = displayOf(room, limited, change, random);
  if (!display.ok) return display;
  const next: Configuration = { ...limited, display: display.value };
  const reason = refusalOfConfiguration(current, next);
  if (reason !== undefined) return err({ type: 'BreaksRule', reason });
  const configuration: AuthorizedConfiguration = {
    configuration: next,
    signature: sign(encode(configurationCodec, next), author.signingKey),
  };
  memo.trust([configurationClaim(configuration, params.owner)]);
  return ok({ configuration, delta: { ...EMPTY_DELTA, configuration } });
}

function displayOf(
  room: EditRoom,
  limits: Configuration,
  { name, description }: ConfigurationChange,
  random: EditRandom,
): Result<Configuration['display'], EditRefused> {
  const { display } = room.state.configuration.configuration;
  if (name === '') return err({ type: 'Empty', what: 'name' });
  let newName = display.name;
  if (name !== undefined) {
    const sealed = sealForRoom(room, 'name', name, limits.maxRoomName, random);
    if (!sealed.ok) return sealed;
    newName = sealed.value;
  }
  if (description === undefined) return ok({ name: newName, description: display.description });
  if (description === null) return ok({ name: newName, description: null });
  const most = limits.maxRoomDescription;
  const sealed = sealForRoom(room, 'description', description, most, random);
  return sealed.ok ? ok({ name: newName, description: sealed.value }) : sealed;
}

/** A text as the room shows it to its members only: in clear in a public room, sealed in a private one. */
export function sealForRoom(
  room: EditRoom,
  what: 'name' | 'description' | 'nickname',
  text: string,
  maxBytes: number,
  random: EditRandom,
): Result<SealedBytes, EditRefused> {
  const value = utf8(text);
  if (value.length > maxBytes) {
    return err({ type: 'TooLong', what, bytes: value.length, maxBytes });
  }
  if (!isPrivateRoom(room)) return ok({ type: 'Public', value });
  const current = currentSecret(room);
  if (!current.ok) return current;
  const { version, secret } = current.value;
  return ok(sealBytes(value, secret, version, random.bytes(NONCE_BYTES)));
}
