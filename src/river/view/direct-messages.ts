import { equalBytes, toHex } from '../../shared/bytes.ts';
import { openEnvelope } from '../crypto/ecies.ts';
import { decodeDmBody, type DirectMessageBody } from '../dm-body.ts';
import { signatureDigest, type MemberId } from '../ids.ts';
import type { SigningKey } from '../keys.ts';
import type { OutboundDm } from '../outbound-dms.ts';
import type { AuthorizedDirectMessage, PurgeToken } from '../room-state/direct-messages.ts';

/** A direct message from or to a person, as that person sees it. */
export interface DirectMessageView {
  readonly direction: 'in' | 'out';
  readonly peer: MemberId;
  readonly peerName: string;
  /** Seconds since 1970 UTC; the sender's clock. */
  readonly timestamp: bigint;
  readonly token: PurgeToken;
  readonly body: DirectMessageBody | UnreadableBody;
}

export interface UnreadableBody {
  readonly type: 'Unreadable';
  /**
   * `not-kept`: sent from elsewhere, and only its recipient can open it. `no-key`: this device has no key for the room.
   * `not-for-this-key`, `undecodable`: it does not open, or holds something else.
   */
  readonly reason: 'not-kept' | 'no-key' | 'not-for-this-key' | 'undecodable';
}

/** What was opened once: opening one costs about a millisecond. */
const opened = new WeakMap<
  AuthorizedDirectMessage,
  { readonly seed: SigningKey; readonly body: DirectMessageBody | UnreadableBody }
>();

function bodyOf(
  each: AuthorizedDirectMessage,
  seed: SigningKey | null,
): DirectMessageBody | UnreadableBody {
  if (seed === null) return { type: 'Unreadable', reason: 'no-key' };
  const known = opened.get(each);
  if (known !== undefined && equalBytes(known.seed, seed)) return known.body;
  const plaintext = openEnvelope(each.message.ciphertext, seed);
  let body: DirectMessageBody | UnreadableBody;
  if (plaintext === undefined) body = { type: 'Unreadable', reason: 'not-for-this-key' };
  else {
    const decoded = decodeDmBody(plaintext);
    body = decoded.ok ? decoded.value : { type: 'Unreadable', reason: 'undecodable' };
  }
  opened.set(each, { seed, body });
  return body;
}

/**
 * A person's direct messages by time.
 *
 * @param outbound what the person has sent, in clear: those of other rooms and identities are passed over
 */
export function viewDirectMessages(
  messages: readonly AuthorizedDirectMessage[],
  selfId: MemberId,
  selfSk: SigningKey | null,
  outbound: readonly OutboundDm[],
  nameOf: (id: MemberId) => string,
): DirectMessageView[] {
  const sent = new Map(outbound.map((each) => [toHex(each.purgeToken), each.plaintext]));
  const views: DirectMessageView[] = [];
  for (const each of messages) {
    const { sender, recipient, timestamp } = each.message;
    if (sender !== selfId && recipient !== selfId) continue;
    const direction = sender === selfId ? 'out' : 'in';
    const peer = direction === 'out' ? recipient : sender;
    const token = signatureDigest(each.senderSignature);
    const text = sent.get(toHex(token));
    const body =
      direction === 'in'
        ? bodyOf(each, selfSk)
        : text === undefined
          ? ({ type: 'Unreadable', reason: 'not-kept' } as const)
          : ({ type: 'Text', text } as const);
    views.push({ direction, peer, peerName: nameOf(peer), timestamp, token, body });
  }
  return views.sort((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0));
}
