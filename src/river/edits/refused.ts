import type { MessageId } from '../ids.ts';

/** Why an edit was not made. Nothing is signed then. */
export type EditRefused =
  | { readonly type: 'Empty'; readonly what: EditedText }
  | {
      readonly type: 'TooLong';
      readonly what: EditedText;
      /** As the room counts: encoded, and sealed in a private room. */
      readonly bytes: number;
      readonly maxBytes: number;
    }
  /** This device has no key for the room. */
  | { readonly type: 'NoKey' }
  /** Not in the member list, and without the records to come back with. */
  | { readonly type: 'NotAMember' }
  | { readonly type: 'Banned' }
  | { readonly type: 'NotOwner' }
  /** A private room whose current secret has not arrived: never write in clear instead. */
  | { readonly type: 'SecretMissing'; readonly version: number }
  | { readonly type: 'NoSuchMessage'; readonly id: MessageId }
  | { readonly type: 'NotYourMessage'; readonly id: MessageId }
  | { readonly type: 'NoSuchMember' }
  /** No authority over the person, or it would undo itself. */
  | { readonly type: 'NotAllowed'; readonly reason: string }
  | { readonly type: 'BreaksRule'; readonly reason: string };

export type EditedText = 'message' | 'name' | 'description' | 'nickname';

/** One sentence for people. */
export function describeEditRefused(refused: EditRefused): string {
  switch (refused.type) {
    case 'Empty':
      return `The ${refused.what} is empty.`;
    case 'TooLong':
      return `The ${refused.what} takes ${refused.bytes} bytes; this room allows ${refused.maxBytes}.`;
    case 'NoKey':
      return 'This device has no key for the room.';
    case 'NotAMember':
      return 'You are no member of this room.';
    case 'Banned':
      return 'You are banned from this room.';
    case 'NotOwner':
      return "Only the room's owner can do this.";
    case 'SecretMissing':
      return `The room's secret (version ${refused.version}) has not arrived yet.`;
    case 'NoSuchMessage':
      return 'The message is gone.';
    case 'NotYourMessage':
      return 'Only its author can change a message.';
    case 'NoSuchMember':
      return 'That person is not in the room.';
    case 'NotAllowed':
    case 'BreaksRule':
      return refused.reason;
  }
}
