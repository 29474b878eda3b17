import {
  contentTypeOf,
  decodeContent,
  encodeContent,
  type Content,
  type Unintelligible,
} from '../../../src/river/content.ts';
import { decodeDmBody, encodeDmBody, type DirectMessageBody } from '../../../src/river/dm-body.ts';
import { decode } from '../../../src/river/cbor/codec.ts';
import { roomState } from '../../../src/river/room-state/room-state.ts';
import { err, ok, type Result } from '../../../src/shared/result.ts';
import { fromHex } from '../../../src/shared/bytes.ts';
import { userDataVectors } from '../corpus.ts';
import { badDecodeError, checkRoundTrip } from '../round-trip.ts';
import { loadedFrom, type Form, type Input, type Target } from '../target.ts';

const UNINTELLIGIBLE: readonly string[] = [
  'unknown-event',
  'unknown-action',
  'unsupported',
  'undecodable',
];

const isContent = (value: Content | Unintelligible): value is Content =>
  !UNINTELLIGIBLE.includes(value.type);

const contentForm = (contentType: number): Form => ({
  name: `content type ${contentType}`,
  check: ([bytes = new Uint8Array()]) =>
    checkRoundTrip<Content>(
      {
        decode: (given): Result<Content, unknown> => {
          const content = decodeContent(contentType, 1, given);
          return isContent(content) ? ok(content) : err(content);
        },
        encode: encodeContent,
        badError: () => undefined, // that it says so is all that is promised
      },
      bytes,
    ),
});

const badBody = badDecodeError('dm_body');

const dmBody: Form = {
  name: 'dm_body',
  check: ([bytes = new Uint8Array()]) =>
    checkRoundTrip<DirectMessageBody>(
      {
        decode: decodeDmBody,
        encode: encodeDmBody,
        // the CBOR begins behind a byte
        badError: (error, given) => badBody(error, given.subarray(1)),
      },
      bytes,
    ),
};

const TARGET = 5n;

/** One of each, for the kinds that few recorded messages are of. */
const CONTENTS: readonly Content[] = [
  { type: 'text', text: 'à bientôt @[Ann](rv:ABCDEFGH)' },
  {
    type: 'reply',
    text: 'yes',
    targetMessageId: TARGET,
    targetAuthorName: 'Ann',
    targetContentPreview: '?',
  },
  { type: 'join' },
  { type: 'edit', target: TARGET, newText: 'no' },
  { type: 'delete', target: TARGET },
  { type: 'react', target: TARGET, emoji: '👍' },
  { type: 'unreact', target: TARGET, emoji: '👍' },
];

function recordedContents(): Map<number, Input[]> {
  const byType = new Map<number, Input[]>();
  const add = (type: number, bytes: Uint8Array): void => {
    byType.set(type, [...(byType.get(type) ?? []), [bytes]]);
  };
  for (const content of CONTENTS) add(contentTypeOf(content), encodeContent(content));
  for (const room of userDataVectors().rooms) {
    const state = decode(roomState, fromHex(room.state));
    if (!state.ok) throw state.error;
    for (const { message } of state.value.recentMessages) {
      if (message.content.type === 'Public') add(message.content.contentType, message.content.data);
    }
  }
  return byType;
}

/** What messages and direct messages say, from the bytes that were sealed or signed. */
export const content: Target = {
  name: 'content',
  format: 'cbor',
  load: () => {
    const bodies: DirectMessageBody[] = [
      { type: 'Text', text: 'hello' },
      {
        type: 'Invite',
        invite: {
          roomOwnerVk: fromHex(userDataVectors().rooms[0]?.owner_vk ?? ''),
          invitationPayload: Uint8Array.of(0xa0),
          personalMessage: 'come',
        },
      },
    ];
    const contents = [...recordedContents()].map(([type, seeds]) => ({
      form: contentForm(type),
      seeds,
    }));
    return loadedFrom([
      ...contents,
      { form: contentForm(99), seeds: [] },
      { form: dmBody, seeds: bodies.map((body) => [encodeDmBody(body)]) },
    ]);
  },
};
