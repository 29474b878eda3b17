import { viewOf } from '../../persist/listing.ts';
import type { LoadedRoom } from '../../persist/loaded-room.ts';
import { outboundDmOf } from '../../persist/outbound-rows.ts';
import type { OutboundOfRoom } from '../../persist/outbound-store.ts';
import type { OutboundDmRow } from '../../persist/schema.ts';
import type { InvitePayload } from '../../river/dm-body.ts';
import { MAX_DM_BODY_BYTES } from '../../river/edits/direct-messages.ts';
import { memberLabel } from '../../river/ids.ts';
import { invitationCode } from '../../river/invitation.ts';
import { effectiveMaxDirectMessages } from '../../river/room-state/configuration.ts';
import { MAX_DM_MESSAGES_PER_PAIR } from '../../river/room-state/direct-messages.ts';
import type { SignatureMemo } from '../../river/signatures/memo.ts';
import type { DirectMessageView } from '../../river/view/direct-messages.ts';
import { toHex } from '../../shared/bytes.ts';
import type { MessageItem } from './api.ts';
import { shownName } from '../../river/names/display-name.ts';
import { deliveryOf, type ProvedPlaces } from './delivery.ts';
import type { DmThread, InvitationCard, RoomDms } from './dm-api.ts';
import { noteOf, readInvite, sentNote } from './dm-invitations.ts';
import { dmText } from './dm-text.ts';
import type { DmTimes } from './dm-times.ts';
import { dmTimes } from './dm-unread.ts';
import { whyReadOnly } from './room-edits.ts';

export interface DmsContext extends ProvedPlaces {
  readonly memo: SignatureMemo;
  /** Where invitations lead. */
  readonly origin: string;
  /** What the invitations among the messages are worth here, by the token of the message in hex. */
  readonly invitations: ReadonlyMap<string, InvitationCard>;
  /** The conversation that is on screen, and what had been read when it was opened. */
  readonly peer: string | undefined;
  /** Ids of those of whom nothing is shown. */
  readonly muted: ReadonlySet<string>;
  readonly readFrom: bigint | undefined;
}

/** What the screens of a room's direct messages show. */
export function dmsOf(loaded: LoadedRoom, kept: OutboundOfRoom, context: DmsContext): RoomDms {
  const view = viewOf(loaded);
  const sent = new Map(kept.dms.map((row) => [row.token, row]));
  const words = kept.dms.filter((row) => !row.purged).map(outboundDmOf);
  const byPeer = new Map<string, DirectMessageView[]>();
  for (const each of view.directMessages(words)) {
    const peer = String(each.peer);
    if (context.muted.has(peer)) continue;
    byPeer.set(peer, [...(byPeer.get(peer) ?? []), each]);
  }
  const members = new Set(view.members.map(({ id }) => String(id)));
  const { peer } = context;
  if (peer !== undefined && members.has(peer) && peer !== String(view.selfId)) {
    byPeer.set(peer, byPeer.get(peer) ?? []);
  }
  const times = dmTimes(loaded, kept.threads);
  const readOnly = whyReadOnly(loaded, context.memo);
  const room = roomWarning(loaded);
  const threads = [...byPeer].map(([id, views]): DmThread => {
    const name = shownName(view.nameOf(BigInt(id) as DirectMessageView['peer']));
    const at = times.get(BigInt(id) as DirectMessageView['peer']);
    const reason = readOnly ?? (members.has(id) ? undefined : dmText.notAMember(name));
    const own = views.filter(({ direction }) => direction === 'out').length;
    const warning = own >= MAX_DM_MESSAGES_PER_PAIR ? dmText.pairFull(own) : room;
    const last = views.at(-1);
    const first = firstUnread(views, id === peer ? context.readFrom : undefined, at);
    return {
      peer: id,
      name,
      label: memberLabel(BigInt(id) as DirectMessageView['peer']),
      unread: at?.unread ?? 0,
      isHidden: at?.isHidden ?? false,
      messages: views.map((each) => itemOf(each, name, sent.get(toHex(each.token)), context)),
      received: views.length - own,
      maxTextBytes: MAX_DM_BODY_BYTES,
      ...(last && { lastAt: millis(last.timestamp) }),
      ...(first !== undefined && { firstUnreadId: first }),
      ...(reason !== undefined && { readOnlyReason: reason }),
      ...(warning !== undefined && { warning }),
    };
  });
  return { room: loaded.room, roomName: view.name, threads: threads.sort(byNews) };
}

function roomWarning({ state }: LoadedRoom): string | undefined {
  const most = effectiveMaxDirectMessages(state.configuration.configuration);
  return state.directMessages.messages.length >= most ? dmText.roomFull(most) : undefined;
}

/** The divider stays where reading began for as long as the conversation is open. */
function firstUnread(
  views: readonly DirectMessageView[],
  readFrom: bigint | undefined,
  times: DmTimes | undefined,
): string | undefined {
  const from = readFrom ?? times?.readUpTo ?? 0n;
  const first = views.find(({ direction, timestamp }) => direction === 'in' && timestamp > from);
  return first && toHex(first.token);
}

function itemOf(
  view: DirectMessageView,
  name: string,
  row: OutboundDmRow | undefined,
  context: DmsContext,
): MessageItem {
  const mine = view.direction === 'out';
  const said = wordsOf(view, context.origin);
  const token = toHex(view.token);
  const card = context.invitations.get(token);
  return {
    id: token,
    authorId: mine ? 'self' : String(view.peer),
    author: name,
    mine,
    at: millis(view.timestamp),
    edited: false,
    reactions: [],
    ...(card && { invitation: card }),
    ...(typeof said === 'string'
      ? { kind: 'text', text: said }
      : { kind: 'unreadable', text: '', placeholder: said.placeholder }),
    ...(row?.seq !== undefined && { delivery: deliveryOf(row.seq, context) }),
  };
}

function wordsOf(
  { body, direction }: DirectMessageView,
  origin: string,
): string | { readonly placeholder: string } {
  switch (body.type) {
    case 'Text':
      return direction === 'out' ? (sentNote(body.text) ?? body.text) : body.text;
    case 'Invite':
      return invitationWords(body.invite, origin);
    case 'Unreadable':
      return { placeholder: dmText.unreadable[body.reason] };
  }
}

/** As text with a link, which the app opens like any invitation; never for another room than the message names. */
function invitationWords(
  invite: InvitePayload,
  origin: string,
): string | { readonly placeholder: string } {
  const read = readInvite(invite);
  if (!read.ok) return { placeholder: dmText.unreadable[read.error] };
  const link = `${origin}/?invitation=${invitationCode(read.value)}`;
  return dmText.invitation(noteOf(invite.personalMessage), link);
}

/** A time that no calendar has stays one. */
const millis = (seconds: bigint): number => Number(seconds) * 1000;

const byNews = (a: DmThread, b: DmThread): number =>
  b.unread - a.unread ||
  (b.lastAt ?? Infinity) - (a.lastAt ?? Infinity) ||
  (a.peer < b.peer ? -1 : 1);
