import { patch, simulatedWith, tested } from './make.ts';
import type { Mutant } from './mutant.ts';

const PUSH = 'src/sync/push-rooms.ts';
const EDITS = 'src/persist/edit-queue.ts';
const OUTBOUND_IMPORT = 'src/sync/outbound/import-outbound.ts';
const OUTBOUND_STORE = 'src/persist/outbound-store.ts';
const OUTBOUND_ROWS = 'src/persist/outbound-rows.ts';
const MIGRATION = 'src/persist/migration.ts';
const VERDICTS = 'src/sync/migrate/verdicts.ts';
const LEGACY_ROOM = 'src/sync/migrate/import-legacy-room.ts';

/** Bugs on the way to the rooms' contracts, of direct messages, and of the migration. */
export const PATH_MUTANTS: readonly Mutant[] = [
  simulatedWith(
    'contracts',
    'what a room refuses has a receipt',
    patch(
      PUSH,
      "if (pushed.value.type === 'refused') return refusal(pushed.value.text);",
      "if (pushed.value.type === 'refused') return { outcome: 'stored', held: state };",
    ),
  ),
  simulatedWith(
    'contracts',
    'an update without an answer has a receipt',
    patch(
      PUSH,
      'if (!pushed.ok) return unknown(pushed.error);',
      "if (!pushed.ok) return { outcome: 'stored', held: state };",
    ),
  ),
  tested(
    'an update’s answer is believed whatever it says of the room',
    'tests/sim/contract-answers.test.ts',
    'never prove an update that the second copy of an earlier one’s answer was taken for',
    patch(PUSH, 'if (said.ok && delta(state, said.value) === null) return', 'if (said.ok) return'),
  ),
  tested(
    'a room that is read again is not looked at',
    'tests/sim/contract-answers.test.ts',
    'never prove an update that the second copy of an earlier one’s answer was taken for',
    patch(
      PUSH,
      'const isThere = read?.ok === true && delta(state, summarize(read.value)) === null;',
      'const isThere = read?.ok === true;',
    ),
  ),
  tested(
    'a room that was left has an empty receipt',
    'tests/sim/contract-answers.test.ts',
    'are no receipt of a room that was left while they were waited for',
    patch(
      PUSH,
      'all.filter(({ coverage }) => coverage > 0)',
      'all.filter(({ coverage }) => coverage >= 0)',
    ),
  ),
  simulatedWith(
    'contracts',
    'a room’s marker goes although the room refuses',
    patch(
      PUSH,
      "await failMarker(tx, 'contracts', room, failure);",
      "await failMarker(tx, 'contracts', room, failure);\n      await settleMarker(tx, 'contracts', room, coverage, at);",
    ),
  ),
  simulatedWith(
    'contracts',
    'what a room lacks is computed before the merge, its coverage after it',
    patch(
      PUSH,
      "    const merged = await mergeNews(this.#news, room, { type: 'state', state: held });",
      "    const early = await this.#snapshot(room, owner, target);\n    const merged = await mergeNews(this.#news, room, { type: 'state', state: held });",
    ),
    patch(
      PUSH,
      '    const news = delta(forward(mine.state, target), summarize(held));',
      "    if (early && 'state' in early) mine.state = early.state;\n    const news = delta(forward(mine.state, target), summarize(held));",
    ),
  ),
  simulatedWith(
    'contracts',
    'a room’s coverage is read after its rows',
    patch(
      PUSH,
      '    const coverage = read.marker.seq;',
      "    const late = await db.read(['dirty'], (tx) => tx.objectStore('dirty').get(['contracts', room]));\n    const coverage = late?.seq ?? read.marker.seq;",
    ),
  ),
  simulatedWith(
    'contracts',
    'an update without messages is taken for nothing new',
    patch(
      PUSH,
      "if (news === null) return { ...mine, outcome: 'unchanged', held };",
      "if (news === null || news.recentMessages === null) return { ...mine, outcome: 'unchanged', held };",
    ),
  ),
  simulatedWith(
    'contracts',
    'an edit marks no contract',
    patch(
      EDITS,
      "await raiseMarker(tx, 'contracts', write.room, now); // after: its seq covers the token's",
      '',
    ),
  ),
  simulatedWith(
    'dms',
    'what another client has written over is not owed again',
    patch(
      OUTBOUND_IMPORT,
      'if (isOwed(after, decoded.value)) await owe(tx, clock.now());',
      'void after;',
    ),
  ),
  simulatedWith(
    'dms',
    'what another client keeps of direct messages is written over',
    patch(
      OUTBOUND_IMPORT,
      'const after = mergeOfNode(before, decoded.value);',
      'const after = { ...mergeOfNode(before, decoded.value), dms: before.dms };',
    ),
  ),
  simulatedWith(
    'dms',
    'words that were deleted are stored again',
    patch(
      OUTBOUND_ROWS,
      'dms.filter((row) => !row.purged).map(outboundDmOf)',
      'dms.map(outboundDmOf)',
    ),
  ),
  simulatedWith(
    'dms',
    'the words of a direct message raise no marker',
    patch(
      OUTBOUND_STORE,
      "  if (thread) await threads.put(unhidden(thread));\n  await raiseMarker(tx, 'outbound-dms', OUTBOUND_KEY, now);",
      '  if (thread) await threads.put(unhidden(thread));\n  void now;',
    ),
  ),
  simulatedWith(
    'dms',
    'a direct message is written without its words',
    patch(
      EDITS,
      'for (const { alongside } of edits) await alongside?.write(tx, token, now);',
      'void edits;',
    ),
  ),
  simulatedWith(
    'earlier',
    'a verdict says imported before any receipt',
    patch(VERDICTS, "verdict: 'imported-local'", "verdict: 'imported'"),
  ),
  simulatedWith(
    'earlier',
    'a generation that broke off counts as read',
    patch(VERDICTS, "  if (ending.type !== 'answered') {", "  if (ending.type === 'silent') {"),
  ),
  simulatedWith(
    'earlier',
    'silence is emptiness',
    patch(
      VERDICTS,
      "verdict: 'unreachable', reason: ending.reason }",
      "verdict: 'empty', reason: ending.reason }",
    ),
  ),
  simulatedWith(
    'earlier',
    'any durable receipt of a room proves its import',
    patch(
      MIGRATION,
      'receipt.target === target && receipt.coverage >= seq && isDurable(receipt)',
      'receipt.target === target && isDurable(receipt)',
    ),
  ),
  tested(
    'a failed store proves an import',
    'src/sync/migrate/migrate.test.ts',
    'C35: one room that the node refuses keeps its generation open, and no other',
    patch(MIGRATION, 'receipt.coverage >= seq && isDurable(receipt)', 'receipt.coverage >= seq'),
  ),
  simulatedWith(
    'earlier',
    'an import raises no marker',
    patch(
      LEGACY_ROOM,
      "const { seq } = await raiseMarker(tx, 'rooms', delegateKeyOfRoom(room), now);",
      'const seq = 0;\n    void [raiseMarker, delegateKeyOfRoom];',
    ),
  ),
  simulatedWith(
    'earlier',
    'keys that an earlier delegate lists are not read',
    patch(
      'src/sync/migrate/read-generation.ts',
      '[...new Set([ROOMS_DATA, OUTBOUND_KEY, ...keys])]',
      '[...new Set([ROOMS_DATA, OUTBOUND_KEY])]',
    ),
  ),
];
