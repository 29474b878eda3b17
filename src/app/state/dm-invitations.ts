import type { WeirDatabase } from '../../persist/database.ts';
import { viewOf } from '../../persist/listing.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { outboundDmOf } from '../../persist/outbound-rows.ts';
import type { RoomCache } from '../../persist/room-cache.ts';
import type { MadeInvitationRow, OutboundDmRow } from '../../persist/schema.ts';
import { decode } from '../../river/cbor/codec.ts';
import type { InvitePayload } from '../../river/dm-body.ts';
import { memberId, type MemberId } from '../../river/ids.ts';
import { invitation, invitationCode, type Invitation } from '../../river/invitation.ts';
import { membersById } from '../../river/rules/context.ts';
import type { SignatureMemo } from '../../river/signatures/memo.ts';
import type { RoomKey } from '../../shared/brand.ts';
import { equalBytes, toHex } from '../../shared/bytes.ts';
import { err, type Result } from '../../shared/result.ts';
import { firstCharacters } from '../../shared/text.ts';
import type { InvitationCard } from './dm-api.ts';
import { dmText } from './dm-text.ts';
import { offerOf, roomOfInvitation, whyUnusable } from './invitations.ts';
import { isBanned } from './made-invitations.ts';

/** Longer notes are cut, as River does. Characters. */
export const MAX_NOTE_CHARACTERS = 4_000;

/** As River keeps what was sent: the words of an invitation begin so. */
const SENT = /^\[Invitation\] ?/;

/** The note of an invitation as it came: as bounded as one that is written here. */
export const noteOf = (personalMessage: string | null): string =>
  firstCharacters(personalMessage?.trim() ?? '', MAX_NOTE_CHARACTERS);

/** What the person wrote with an invitation that they sent; undefined when their words are no invitation. */
export const sentNote = (plaintext: string): string | undefined =>
  SENT.test(plaintext) ? plaintext.replace(SENT, '') || dmText.card.sent : undefined;

/** The invitation in a direct message. It must open the room that the message names, or a card could lie about where it leads. */
export function readInvite({
  roomOwnerVk,
  invitationPayload,
}: InvitePayload): Result<Invitation, 'undecodable' | 'another-room'> {
  const decoded = decode(invitation, invitationPayload, 'invitation_payload');
  if (!decoded.ok) return err('undecodable');
  return equalBytes(decoded.value.room, roomOwnerVk) ? decoded : err('another-room');
}

export interface DmInvitationsDeps {
  readonly db: WeirDatabase;
  readonly cache: RoomCache;
  readonly memo: SignatureMemo;
}

type Standing = Pick<InvitationCard, 'roomName' | 'state'>;

/** What the invitations in direct messages are worth in this browser. A room is looked into again only when it has changed. */
export class DmInvitations {
  readonly #deps: DmInvitationsDeps;
  readonly #known = new Map<string, { readonly rev: number; readonly standing: Standing }>();

  constructor(deps: DmInvitationsDeps) {
    this.#deps = deps;
  }

  /**
   * The cards of a room's direct messages, by the messages' tokens in hex.
   *
   * @param kept what the person has sent
   */
  async cards(
    loaded: LoadedRoom,
    kept: readonly OutboundDmRow[],
  ): Promise<ReadonlyMap<string, InvitationCard>> {
    const words = kept.filter((row) => !row.purged).map(outboundDmOf);
    const cards = new Map<string, InvitationCard>();
    const made = await this.#made();
    for (const { token, direction, body } of viewOf(loaded).directMessages(words)) {
      const name = toHex(token);
      if (direction === 'out' && body.type === 'Text' && SENT.test(body.text)) {
        const row = made.get(name);
        const standing = row ? await this.#sent(row) : UNKNOWN;
        cards.set(name, { note: body.text.replace(SENT, ''), ...standing });
      } else if (direction === 'in' && body.type === 'Invite') {
        const read = readInvite(body.invite);
        if (!read.ok) continue; // shown as what it is, without a card
        const note = noteOf(body.invite.personalMessage);
        cards.set(name, { note, ...(await this.#received(read.value)) });
      }
    }
    return cards;
  }

  /** Those that went from this browser, by the tokens of their messages. */
  async #made(): Promise<ReadonlyMap<string, MadeInvitationRow>> {
    const rows = await this.#deps.db.read(['made_invitations'], (tx) =>
      tx.objectStore('made_invitations').getAll(),
    );
    return new Map(rows.flatMap((row) => (row.sentTo ? [[row.sentTo.token, row]] : [])));
  }

  #sent({ room, invitee, code }: MadeInvitationRow): Promise<Standing> {
    return this.#standing(`sent ${invitee}`, room, UNKNOWN, ({ state }) => ({
      type: 'sent',
      used: code === '' || membersById(state.members).has(BigInt(invitee) as MemberId),
    }));
  }

  #received(value: Invitation): Promise<Standing> {
    const code = invitationCode(value);
    const elsewhere = { state: openAt(code) };
    return this.#standing(code, roomOfInvitation(value), elsewhere, (stored) =>
      receivedState(value, code, stored, this.#deps.memo),
    );
  }

  /** @param elsewhere what holds while the room is not here */
  async #standing(
    name: string,
    room: RoomKey,
    elsewhere: Standing,
    stateIn: (stored: LoadedRoom) => InvitationCard['state'],
  ): Promise<Standing> {
    const row = await this.#deps.db.read(['rooms'], (tx) => tx.objectStore('rooms').get(room));
    if (!row) return elsewhere;
    const known = this.#known.get(name);
    if (known?.rev === row.rev) return known.standing;
    const stored = await this.#deps.cache.stored(room);
    if (!stored.ok || !stored.value) return elsewhere;
    const named = row.listing.isAwaiting ? {} : { roomName: row.listing.name };
    const standing = { ...named, state: stateIn(stored.value) };
    this.#known.set(name, { rev: row.rev, standing });
    return standing;
  }
}

/** Sent from elsewhere: River keeps no more of it than its words. */
const UNKNOWN: Standing = { state: { type: 'sent', used: false } };

/** The app opens an address with a code as an invitation. */
const openAt = (code: string): InvitationCard['state'] => ({
  type: 'open',
  path: `/?invitation=${code}`,
});

function receivedState(
  value: Invitation,
  code: string,
  stored: LoadedRoom,
  memo: SignatureMemo,
): InvitationCard['state'] {
  const held = whyUnusable(stored, value, memo);
  const isOut = isBanned(stored, memberId(value.invitee.member.memberVk));
  if (held?.type === 'Banned' || isOut) return { type: 'banned' };
  const offer = offerOf(value, stored, memo, false);
  if (!offer.ok) return { type: 'void', reason: offer.error };
  return offer.value.type === 'already-here'
    ? { type: 'already-here', room: offer.value.room }
    : openAt(code);
}
