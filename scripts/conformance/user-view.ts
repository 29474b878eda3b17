/** What a person reads in a room, against `expected_view`. */
import type { OutboundDmStore } from '../../src/river/outbound-dms.ts';
import type { RoomData } from '../../src/river/room-data.ts';
import { RoomView } from '../../src/river/room-view.ts';
import { millisFromTime } from '../../src/river/system-time.ts';
import type { DirectMessageView } from '../../src/river/view/direct-messages.ts';
import type { MemberView } from '../../src/river/view/members.ts';
import type { MessageView } from '../../src/river/view/messages.ts';
import { toHex } from '../../src/shared/bytes.ts';
import { difference } from './expect.ts';
import type { JsonValue } from './json.ts';
import { settle } from './room-state.ts';
import type { Report } from './runner.ts';

const textOrNull = (value: JsonValue): string | null =>
  value.value === null ? null : value.text();

function memberDifference(expected: JsonValue, member: MemberView): string | undefined {
  const flag = (name: string): boolean => expected.optional(name)?.flag() ?? false;
  return (
    difference('nickname', expected.field('nickname').text(), member.nickname) ??
    difference('member_id', expected.field('member_id').text(), String(member.id)) ??
    difference('label', expected.field('label').text(), member.label) ??
    difference(
      'flags',
      `owner ${flag('owner')}, self ${flag('self')}, deputy ${flag('deputy')}`,
      `owner ${member.isOwner}, self ${member.isSelf}, deputy ${member.isDeputy}`,
    )
  );
}

/** Placeholders are in square brackets; their wording is free. */
function textDifference(what: string, expected: string, view: MessageView, got: string) {
  const isPlaceholder = /^\[.*\]$/s.test(expected);
  if (isPlaceholder && !view.isReadable && /^\[.*\]$/s.test(got)) return undefined;
  return difference(what, expected, got);
}

function replyDifference(expected: JsonValue, view: MessageView): string | undefined {
  const got =
    view.replyTo?.type === 'quote'
      ? `${view.replyTo.authorName}: ${view.replyTo.text}`
      : (view.replyTo?.type ?? 'none');
  let wanted = 'none';
  if (expected.optional('unavailable')) wanted = 'unavailable';
  else if (expected.value !== null) {
    wanted = `${expected.field('author').text()}: ${expected.field('text').text()}`;
  }
  return difference('reply_to_preview', wanted, got);
}

function messageDifference(expected: JsonValue, view: MessageView): string | undefined {
  const text = expected.field('text').text();
  const named = expected.optional('text_with_names')?.text() ?? text;
  const reactions = expected
    .field('reactions')
    .entries()
    .map(
      ([emoji, names]) =>
        `${emoji} ${names
          .items()
          .map((name) => name.text())
          .join(', ')}`,
    );
  const got = view.reactions.map(({ emoji, names }) => `${emoji} ${names.join(', ')}`);
  return (
    difference('message_id', expected.field('message_id').text(), String(view.id)) ??
    difference(
      'time',
      expected.field('time').text(),
      new Date(millisFromTime(view.time)).toISOString(),
    ) ??
    difference('author', expected.field('author').text(), view.authorName) ??
    difference('author_id', expected.field('author_id').text(), String(view.author)) ??
    difference('kind', expected.field('kind').text(), view.kind) ??
    textDifference('text', text, view, view.text) ??
    textDifference('text_with_names', named, view, view.textWithNames) ??
    difference('edited', String(expected.field('edited').flag()), String(view.isEdited)) ??
    difference('reactions', reactions.join('; '), got.join('; ')) ??
    replyDifference(expected.field('reply_to_preview'), view)
  );
}

function directMessageDifference(expected: JsonValue, view: DirectMessageView): string | undefined {
  const text = expected.optional('text')?.text();
  const got = view.body.type === 'Text' ? view.body.text : `[${view.body.type}]`;
  return (
    difference('direction', expected.field('direction').text(), view.direction) ??
    difference('peer', expected.field('peer').text(), view.peerName) ??
    difference('peer_id', expected.field('peer_id').text(), String(view.peer)) ??
    difference(
      'timestamp',
      String(expected.field('timestamp').integer()),
      String(view.timestamp),
    ) ??
    difference('purge_token', toHex(expected.field('purge_token').hex()), toHex(view.token)) ??
    (text === undefined ? undefined : difference('text', text, got))
  );
}

function listDifference<T>(
  what: string,
  expected: readonly JsonValue[],
  actual: readonly T[],
  compare: (expected: JsonValue, actual: T) => string | undefined,
): string | undefined {
  for (const [i, each] of expected.entries()) {
    const view = actual[i];
    const why = view === undefined ? 'missing' : compare(each, view);
    if (why !== undefined) return `${what}[${i}]: ${why}`;
  }
  return difference(`${what}: how many`, String(expected.length), String(actual.length));
}

const checks: Record<
  string,
  (expected: JsonValue, view: RoomView, outbound: OutboundDmStore) => string | undefined
> = {
  room_name: (expected, view) => difference('room_name', expected.text(), view.name),
  room_description: (expected, view) =>
    difference('room_description', String(textOrNull(expected)), String(view.description)),
  private: (expected, view) =>
    difference('private', String(expected.flag()), String(view.isPrivate)),
  secret_versions_readable: (expected, view) =>
    difference(
      'secret_versions_readable',
      expected
        .items()
        .map((version) => version.integer())
        .join(', '),
      [...view.secrets.keys()].sort((a, b) => a - b).join(', '),
    ),
  member_nicknames: (expected, view) =>
    listDifference('member_nicknames', expected.items(), view.members, memberDifference),
  visible_messages: (expected, view) =>
    difference('visible_messages', String(expected.integer()), String(view.visibleMessages)),
  deleted_message_ids: (expected, view) =>
    difference(
      'deleted_message_ids',
      expected
        .items()
        .map((id) => id.text())
        .sort()
        .join(', '),
      [...view.actions.deleted].map(String).sort().join(', '),
    ),
  last_messages: (expected, view) => {
    const messages = expected.items();
    const shown = view.messages(messages.length);
    return listDifference('last_messages', messages, shown, messageDifference);
  },
  direct_messages: (expected, view, outbound) =>
    listDifference(
      'direct_messages',
      expected.items(),
      view.directMessages(outbound.entries),
      directMessageDifference,
    ),
  after_last_read: (expected, view) =>
    difference('after_last_read', String(expected.integer()), String(view.afterLastRead.length)),
};

export function checkView(
  room: JsonValue,
  data: RoomData,
  outbound: OutboundDmStore,
  report: Report,
): void {
  const view = new RoomView(data.roomState, data);
  for (const [what, expected] of room.field('expected_view').entries()) {
    const name = `${room.field('name').text()}: expected_view.${what}`;
    const check = checks[what];
    if (check === undefined) report.notCovered(name);
    else settle(report, name, check(expected, view, outbound));
  }
}
