import { encode } from '../cbor/codec.ts';
import { idOfMember } from '../rules/members.ts';
import { memberId, signatureDigest, type MemberId } from '../ids.ts';
import { sign, verifyingKeyOf, type SigningKey, type VerifyingKey } from '../keys.ts';
import { signVersionRecord } from '../edits/secrets.ts';
import { userBan, type AuthorizedUserBan } from '../room-state/bans.ts';
import {
  configuration as configurationCodec,
  type AuthorizedConfiguration,
  type Configuration,
} from '../room-state/configuration.ts';
import type {
  AuthorizedDirectMessage,
  AuthorizedRecipientPurges,
  DirectMessagesDelta,
} from '../room-state/direct-messages.ts';
import { EMPTY_DIRECT_MESSAGES } from '../room-state/direct-messages.ts';
import {
  memberInfo as memberInfoCodec,
  type AuthorizedMemberInfo,
} from '../room-state/member-info.ts';
import { member as memberCodec, type AuthorizedMember } from '../room-state/members.ts';
import { message as messageCodec, type AuthorizedMessage } from '../room-state/messages.ts';
import { EMPTY_DELTA, type RoomDelta, type RoomState } from '../room-state/room-state.ts';
import type { SealedBytes } from '../room-state/sealed-bytes.ts';
import {
  encryptedSecretForMember,
  secretVersionRecord,
  type AuthorizedSecretVersionRecord,
  type SecretsDelta,
} from '../room-state/secrets.ts';
import { upgrade as upgradeCodec } from '../room-state/upgrade.ts';
import { directMessageSignedBytes, purgesSignedBytes } from '../signatures/claims.ts';
import type { Dice } from './dice.ts';
import { doubled } from './disorder.ts';

export interface Person {
  readonly seed: SigningKey;
  readonly key: VerifyingKey;
  readonly id: MemberId;
}

export interface Habits {
  /** How often a record is wrong in some way: badly signed, out of place, too long. */
  readonly mischief: number;
  /** How often bans are written at all. */
  readonly bans: number;
  /** How often the owner changes the rules. */
  readonly configuration: number;
  /** Everything that only one device may write at a time: secrets, upgrades, lists of purged messages. */
  readonly singleWriter: boolean;
}

/** People who write what is always merged in the end. */
export const HONEST: Habits = { mischief: 0, bans: 0, configuration: 0, singleWriter: false };

/** Makes rooms and updates at random, with limits so small that they are reached all the time. */
export class RandomRooms {
  readonly owner: Person;
  /** The owner first. */
  readonly people: readonly Person[];
  readonly #dice: Dice;
  readonly #habits: Habits;
  /** Who is in the room that an update is made for. */
  #present: readonly Person[];

  constructor(dice: Dice, habits: Habits, people = 7) {
    this.#dice = dice;
    this.#habits = habits;
    this.people = dice.list(people, () => {
      const seed = dice.bytes(32);
      const key = verifyingKeyOf(seed);
      return { seed, key, id: memberId(key) };
    });
    this.owner = this.people[0] as Person;
    this.#present = this.people;
  }

  #mischief(): boolean {
    return this.#dice.chance(this.#habits.mischief);
  }

  /** Somebody's signature, now and then somebody else's, or damaged. */
  #sign(bytes: Uint8Array, signer: Person): Uint8Array {
    if (!this.#mischief()) return sign(bytes, signer.seed);
    const other = sign(bytes, this.#dice.pick(this.people).seed);
    if (this.#dice.chance(0.5)) other[this.#dice.below(64)] = this.#dice.below(256);
    return other;
  }

  #someone(): Person {
    return this.#dice.pick(this.people);
  }

  /** Mostly somebody in the room: what others write has no effect. */
  #someoneHere(): Person {
    return this.#dice.chance(0.85) ? this.#dice.pick(this.#present) : this.#someone();
  }

  #sealed(text: Uint8Array, isPrivate: boolean): SealedBytes {
    if (isPrivate === this.#mischief()) return { type: 'Public', value: text };
    return {
      type: 'Private',
      ciphertext: text,
      nonce: this.#dice.bytes(12),
      secretVersion: this.#dice.below(3),
      declaredLenBytes: text.length,
    };
  }

  fresh(): RoomState {
    const dice = this.#dice;
    const isPrivate = dice.chance(0.3);
    return {
      configuration: this.#signedConfiguration({
        ownerMemberId: this.owner.id,
        configurationVersion: 1,
        privacyMode: isPrivate ? 'Private' : 'Public',
        display: { name: this.#sealed(dice.bytes(3), isPrivate), description: null },
        ...this.#limits(),
      }),
      bans: [],
      members: [],
      memberInfo: [],
      secrets: {
        currentVersion: 0,
        versions: isPrivate ? [this.#firstVersion()] : [],
        encryptedSecrets: [],
      },
      recentMessages: [],
      directMessages: EMPTY_DIRECT_MESSAGES,
      upgrade: null,
      version: dice.below(2),
    };
  }

  #firstVersion(): AuthorizedSecretVersionRecord {
    const createdAt = { secsSinceEpoch: 0n, nanosSinceEpoch: 0 };
    return signVersionRecord(0, createdAt, this.owner.seed);
  }

  #limits() {
    const dice = this.#dice;
    const least = this.#mischief() ? 0 : 1;
    return {
      maxRecentMessages: dice.between(least, 12),
      maxUserBans: dice.between(least, 4),
      maxMessageSize: dice.between(4, 12),
      maxNicknameSize: dice.between(3, 8),
      maxMembers: dice.between(Math.max(least, 2), 7),
      maxRoomName: dice.between(2, 8),
      maxRoomDescription: dice.between(2, 8),
      maxDirectMessages: dice.chance(0.5) ? null : dice.between(least, 6),
    };
  }

  #signedConfiguration(configuration: Configuration): AuthorizedConfiguration {
    const bytes = encode(configurationCodec, configuration);
    return { configuration, signature: sign(bytes, this.owner.seed) };
  }

  configuration(state: RoomState): AuthorizedConfiguration {
    const dice = this.#dice;
    const current = state.configuration.configuration;
    const mode = dice.chance(0.2) ? dice.pick(['Public', 'Private'] as const) : current.privacyMode;
    const isPrivate = mode === 'Private';
    const step = this.#mischief() ? dice.between(-1, 0) : dice.between(1, 2);
    const next: Configuration = {
      ...current,
      ...(dice.chance(0.7) ? this.#limits() : {}),
      ownerMemberId: this.#mischief() ? 5n : current.ownerMemberId,
      configurationVersion: Math.max(0, current.configurationVersion + step),
      privacyMode: mode,
      display: {
        name: this.#sealed(dice.bytes(dice.between(0, 4)), isPrivate),
        description: dice.chance(0.5)
          ? null
          : this.#sealed(dice.bytes(dice.between(0, 4)), isPrivate),
      },
    };
    const bytes = encode(configurationCodec, next);
    return { configuration: next, signature: this.#sign(bytes, this.owner) };
  }

  member(person: Person, inviter: Person): AuthorizedMember {
    const member = {
      ownerMemberId: this.owner.id,
      invitedBy: this.#mischief() ? this.#someone().id : inviter.id,
      memberVk: person.key,
    };
    return { member, signature: this.#sign(encode(memberCodec, member), inviter) };
  }

  memberInfo(person: Person): AuthorizedMemberInfo {
    const dice = this.#dice;
    const deputies = dice.chance(0.3) ? dice.some(this.people, 0.3).map(({ id }) => id) : [];
    const memberInfo = {
      memberId: person.id,
      version: dice.below(3),
      preferredNickname: this.#sealed(dice.bytes(this.#mischief() ? 9 : dice.between(0, 3)), false),
      deputies: this.#mischief() && dice.chance(0.2) ? dice.list(65, BigInt) : deputies,
    };
    return { memberInfo, signature: this.#sign(encode(memberInfoCodec, memberInfo), person) };
  }

  ban(): AuthorizedUserBan {
    const dice = this.#dice;
    const banner = this.#someoneHere();
    const ban = {
      ownerMemberId: this.owner.id,
      bannedAt: { secsSinceEpoch: BigInt(dice.below(6)), nanosSinceEpoch: dice.below(2) },
      bannedUser: dice.chance(0.1) ? BigInt(dice.below(3)) : this.#someoneHere().id,
    };
    const bannedBy = this.#mischief() ? this.#someone().id : banner.id;
    return { ban, bannedBy, signature: this.#sign(encode(userBan, ban), banner) };
  }

  message(author: Person, isPrivate: boolean): AuthorizedMessage {
    const dice = this.#dice;
    const isEvent = dice.chance(0.15);
    const bytes = dice.bytes(this.#mischief() ? 13 : dice.between(0, 4));
    const kind = { contentType: isEvent ? 4 : dice.between(1, 5), contentVersion: 1 };
    const inClear = isEvent || isPrivate === this.#mischief();
    const message = {
      roomOwner: this.owner.id,
      author: author.id,
      time: { secsSinceEpoch: BigInt(dice.below(20)), nanosSinceEpoch: dice.below(2) },
      content: inClear
        ? { type: 'Public' as const, ...kind, data: bytes }
        : {
            type: 'Private' as const,
            ...kind,
            ciphertext: bytes,
            nonce: dice.bytes(12),
            secretVersion: dice.below(this.#mischief() ? 9 : 1),
          },
    };
    return { message, signature: this.#sign(encode(messageCodec, message), author) };
  }

  directMessage(): AuthorizedDirectMessage {
    const dice = this.#dice;
    const sender = this.#someoneHere();
    const message = {
      sender: sender.id,
      recipient: this.#someoneHere().id,
      timestamp: BigInt(dice.below(9)),
      ciphertext: dice.bytes(dice.between(0, 3)),
    };
    const bytes = directMessageSignedBytes(message, this.owner.key);
    return { message, senderSignature: this.#sign(bytes, sender) };
  }

  purges(state: RoomState): AuthorizedRecipientPurges {
    const dice = this.#dice;
    const recipient = this.#someoneHere();
    const current = state.directMessages.purges.find((each) => each.recipientId === recipient.id);
    const tokens = dice
      .some(state.directMessages.messages, 0.4)
      .map(({ senderSignature }) => signatureDigest(senderSignature));
    const lists = {
      version: BigInt(this.#mischief() ? dice.below(3) : dice.between(1, 4)),
      purged: [...(this.#mischief() ? [] : (current?.state.purged ?? [])), ...tokens],
    };
    const bytes = purgesSignedBytes(recipient.id, lists, this.owner.key);
    return {
      recipientId: recipient.id,
      state: lists,
      recipientSignature: this.#sign(bytes, recipient),
    };
  }

  secrets(state: RoomState): SecretsDelta {
    const dice = this.#dice;
    const { currentVersion, versions } = state.secrets;
    const next = versions.length === 0 ? 0 : currentVersion + 1;
    const rotates = versions.length === 0 || dice.chance(0.5);
    const record = {
      version: this.#mischief() ? dice.below(4) : next,
      cipherSpec: 'Aes256Gcm' as const,
      createdAt: { secsSinceEpoch: BigInt(dice.below(3)), nanosSinceEpoch: 0 },
    };
    const used = rotates ? record.version : currentVersion;
    const copies = dice.some(this.people, 0.5).map((person) => {
      const secret = {
        memberId: person.id,
        secretVersion: this.#mischief() ? dice.below(4) : used,
        ciphertext: dice.bytes(2),
        nonce: dice.bytes(12),
        senderEphemeralPublicKey: dice.bytes(32),
        provider: this.owner.id,
      };
      const bytes = encode(encryptedSecretForMember, secret);
      return { secret, ownerSignature: this.#sign(bytes, this.owner) };
    });
    const signed = this.#sign(encode(secretVersionRecord, record), this.owner);
    const raises = rotates && record.version > 0 && !this.#mischief();
    return {
      currentVersion: raises ? record.version : null,
      newVersions: rotates ? [{ record, ownerSignature: signed }] : [],
      newEncryptedSecrets: copies,
    };
  }

  #directMessages(state: RoomState): DirectMessagesDelta {
    const dice = this.#dice;
    return {
      newMessages: dice.list(dice.between(0, 3), () => this.directMessage()),
      advancedPurges: dice.list(this.#habits.singleWriter && dice.chance(0.3) ? 1 : 0, () =>
        this.purges(state),
      ),
    };
  }

  #upgrade() {
    const upgrade = {
      ownerMemberId: this.owner.id,
      version: this.#dice.below(4),
      newChatroomAddress: this.#dice.bytes(32),
    };
    return { upgrade, signature: this.#sign(encode(upgradeCodec, upgrade), this.owner) };
  }

  /** Invitations along a tree: who comes later is invited by someone before them, who is there or comes along. */
  #members(state: RoomState): AuthorizedMember[] {
    const dice = this.#dice;
    const here = new Set([this.owner.id, ...state.members.map(idOfMember)]);
    const members: AuthorizedMember[] = [];
    for (const [i, person] of this.people.entries()) {
      if (i === 0 && !(this.#mischief() && dice.chance(0.1))) continue;
      if (dice.chance(0.3)) continue;
      // the same inviter each time, as among honest people
      const usual = this.people[(i * 5 + 2) % Math.max(i, 1)] ?? this.owner;
      const inviter = this.#mischief() ? this.#someone() : usual;
      if (!here.has(inviter.id) && !this.#mischief()) continue;
      here.add(person.id);
      members.push(this.member(person, inviter));
    }
    return members;
  }

  /** An update with a few things in it. */
  delta(state: RoomState): RoomDelta {
    const dice = this.#dice;
    const isPrivate = state.configuration.configuration.privacyMode === 'Private';
    const share = 0.45;
    const single = this.#habits.singleWriter;
    const members = dice.chance(share) ? this.#members(state) : null;
    const here = new Set([
      this.owner.id,
      ...state.members.map(idOfMember),
      ...(members ?? []).map(idOfMember),
    ]);
    this.#present = this.people.filter(({ id }) => here.has(id));
    const delta: RoomDelta = {
      ...EMPTY_DELTA,
      configuration: dice.chance(this.#habits.configuration) ? this.configuration(state) : null,
      bans: dice.chance(this.#habits.bans) ? dice.list(dice.between(1, 2), () => this.ban()) : null,
      members,
      memberInfo: dice.chance(share)
        ? dice.some(this.people, 0.4).map((person) => this.memberInfo(person))
        : null,
      secrets: single && dice.chance(isPrivate ? 0.3 : 0.05) ? this.secrets(state) : null,
      recentMessages: dice.chance(0.8)
        ? dice.list(dice.between(1, 5), () => this.message(this.#someoneHere(), isPrivate))
        : null,
      directMessages: dice.chance(share) ? this.#directMessages(state) : null,
      upgrade: single && dice.chance(0.06) ? this.#upgrade() : null,
    };
    return this.#mischief() ? doubled(dice, delta) : delta;
  }
}
