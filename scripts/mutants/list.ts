import { patch, simulated, tested } from './make.ts';
import type { Mutant } from './mutant.ts';
import { PATH_MUTANTS } from './paths.ts';

const SAVE = 'src/sync/save-keys.ts';
const LANE = 'src/sync/lane.ts';
const LINK = 'src/sync/node-link.ts';
const COALESCE = 'src/sync/coalesce.ts';
const MARKERS = 'src/persist/dirty-markers.ts';
const RECEIPTS = 'src/persist/receipts.ts';
const DATABASE = 'src/persist/database.ts';
const EDITS = 'src/persist/edit-queue.ts';

const VERDICTS = 'src/sync/migrate/verdicts.ts';
const VERDICTS_TEST = 'src/sync/migrate/verdicts.test.ts';

/** Bugs that were made in this field before (River's history, A01–A50), and those that the design exists to prevent. */
const SAVING_MUTANTS: readonly Mutant[] = [
  simulated(
    'synthetic Ok for a queued caller',
    patch(
      COALESCE,
      '  const result = new Promise<T>(',
      "  if (state.running && state.waiting.length === 0) return Promise.resolve({ type: 'clean' } as T);\n  const result = new Promise<T>(",
    ),
  ),
  tested(
    'stale last result inherited',
    'src/sync/coalesce.test.ts',
    'never tells a queued caller the success of a run that started before its call',
    patch(
      COALESCE,
      'for (const caller of covered) caller.resolve(value);',
      'for (const caller of [...covered, ...state.waiting.splice(0)]) caller.resolve(value);',
    ),
  ),
  simulated(
    'error swallowed by a rejected promise',
    patch(COALESCE, 'for (const caller of covered) caller.reject(error);', 'void error;'),
  ),
  simulated(
    'a rejected run leaves the coalescer running',
    patch(
      COALESCE,
      'for (const caller of covered) caller.reject(error);',
      'for (const caller of covered) caller.reject(error);\n      return;',
    ),
  ),
  simulated(
    'snapshot taken outside: rows before the marker',
    patch(
      SAVE,
      "      const read = await db.read([...stores, 'dirty', 'base'], async (tx) => {",
      "      const early = await db.read([...stores, 'dirty', 'base'], (tx) => this.#rows.value(tx, key));\n      const read = await db.read([...stores, 'dirty', 'base'], async (tx) => {",
    ),
    patch(SAVE, 'value: await this.#rows.value(tx, key) };', 'value: early };'),
  ),
  simulated(
    'coverage read when the answer comes',
    patch(
      SAVE,
      "return { key, coverage, outcome: 'stored', generation, hash, value };",
      "return { key, coverage: await this.#currentSeq(key), outcome: 'stored', generation, hash, value };",
    ),
  ),
  simulated(
    'marker deleted without comparing seq',
    patch(MARKERS, 'if (marker.seq <= coverage) {', 'if (marker.seq > 0) {'),
  ),
  simulated(
    'retry that drops new edits: a failure puts the tried marker back',
    patch(
      SAVE,
      'const iteration = new Iteration(context, rows, iterId);',
      'const iteration = new Iteration(context, rows, iterId, markers);',
    ),
    patch(
      SAVE,
      '  constructor(context: SaveContext, rows: KeyRows, iterId: number) {',
      '  readonly #tried: readonly DirtyMarker[];\n\n  constructor(context: SaveContext, rows: KeyRows, iterId: number, tried: readonly DirtyMarker[]) {\n    this.#tried = tried;',
    ),
    patch(
      SAVE,
      "const marker = await tx.objectStore('dirty').get([path, key]);\n      await failMarker",
      "const marker = this.#tried.find((each) => each.key === key);\n      if (marker) await tx.objectStore('dirty').put(marker);\n      await failMarker",
    ),
  ),
  simulated(
    'a failure deletes its marker',
    patch(
      MARKERS,
      'if (marker) await dirty.put({ ...marker, failure });',
      'if (marker && failure.attempts < 1) await dirty.put({ ...marker, failure });\n  else await dirty.delete([path, key]);',
    ),
  ),
  simulated(
    'a failure is written nowhere',
    patch(
      MARKERS,
      'if (marker) await dirty.put({ ...marker, failure });',
      'void [marker, failure];',
    ),
  ),
  tested(
    'back-off is never waited for',
    'src/sync/backoff.test.ts',
    'takes a clock that jumped backwards as due, so that nothing is stranded',
    patch(
      'src/sync/backoff.ts',
      'if (!failure) return true;',
      'if (failure === undefined || failure.attempts > 0) return true;',
    ),
  ),
  simulated(
    'lock released before settle',
    patch(
      LANE,
      'return locks.request(`weir:lane:${db.name}:${path}`, async () => {',
      'const outside = async (): Promise<DrainResult> => {',
    ),
    patch(
      LANE,
      '          sentence: `This browser’s storage failed (${describe(error)}).`,\n        });\n      }\n    });',
      '          sentence: `This browser’s storage failed (${describe(error)}).`,\n        });\n      }\n    };\n    return locks.request(`weir:lane:${db.name}:${path}`, async () => {}).then(outside);',
    ),
  ),
  simulated(
    'every holder has the same epoch',
    patch(
      'src/persist/lanes.ts',
      'await lanes.put({ ...lane, epoch: lane.epoch + 1 });\n    return lane.epoch + 1;',
      'await lanes.put({ ...lane, epoch: lane.epoch });\n    return lane.epoch;',
    ),
  ),
  simulated(
    'clean is said while an edit waits for its back-off',
    patch(
      LANE,
      'if (!(await this.#work.wanted(forced))) return this.#atRest();',
      "if (!(await this.#work.wanted(forced))) return { type: 'clean' };",
    ),
  ),
  simulated(
    'clean is said whatever is left',
    patch(LANE, 'return (await this.#work.left())', 'return false as boolean'),
  ),
  simulated(
    'empty answer taken for stored',
    patch(
      'src/freenet/node-requests.ts',
      "return err({ type: 'EmptyValues', delegate: delegateKeyText(key) });",
      "return changesState ? ok(answered) : err({ type: 'EmptyValues', delegate: delegateKeyText(key) });",
    ),
    patch(
      SAVE,
      'const outcome = answered.value.get(snapshot.key) as CasOutcome;',
      "const outcome: CasOutcome = answered.value.get(snapshot.key) ?? { type: 'stored', generation: snapshot.expected + 1n };",
    ),
  ),
  simulated(
    'no answer taken for stored',
    patch(
      SAVE,
      '    if (!answered.ok) {\n      return this.#broken(\n        batch.map((snapshot) => snapshot.key),\n        answered.error,\n        batch,\n      );\n    }\n    const again',
      "    if (!answered.ok) {\n      await this.#end(batch.map(({ key, coverage }) => ({ key, coverage, outcome: 'stored' })));\n      return { type: 'sent', again: [] };\n    }\n    const again",
    ),
  ),
  simulated(
    'late answer on the same socket taken for the new request’s',
    patch(
      'src/freenet/connection.ts',
      "if (open && first) this.#end({ type: 'UnknownOutcome', request: first.request.name });",
      'void [open, first];',
    ),
    patch(SAVE, '    this.#context.link.close();\n', ''),
    patch(
      LANE,
      '  async #fail(epoch: number, { code, sentence }: LinkFailure): Promise<DrainResult> {\n    this.#drop();\n',
      '  async #fail(epoch: number, { code, sentence }: LinkFailure): Promise<DrainResult> {\n',
    ),
  ),
  tested(
    'any generation is taken for the next one',
    'tests/sim/node-link.test.ts',
    'never takes a success’s second copy for the answer to the next store',
    patch(LINK, 'if (result.generation !== expected + 1n) {', 'if (result.generation < 1n) {'),
  ),
  simulated(
    '“unchanged” without index evidence',
    patch(
      SAVE,
      'if (base?.valueHash === hash && this.#context.link.index.has(key)) {',
      'if (base?.valueHash === hash) {',
    ),
  ),
  tested(
    'conflict with the own value needs no index evidence',
    'src/sync/engine.test.ts',
    'takes a conflict with its own value for stored only if the key is listed: else it stores again, which lists it',
    patch(
      SAVE,
      '      outcome.value &&\n      this.#context.link.index.has(key) &&\n',
      '      outcome.value &&\n',
    ),
  ),
  simulated(
    'conflict treated as success when the value differs',
    patch(
      SAVE,
      '(await valueHash(outcome.value)) === hash\n',
      "(await valueHash(outcome.value)) !== ''\n",
    ),
  ),
  simulated(
    'a conflict is overwritten without a merge',
    patch(
      'src/sync/import-room.ts',
      '? await mergeInto(deps, news, local.value, data)',
      '? await onlyBase(deps, news)',
    ),
  ),
  simulated(
    'what the node holds takes the place of what is here',
    patch(
      'src/sync/import-room.ts',
      '? await mergeInto(deps, news, local.value, data)',
      '? await replace(deps, news, local.value, data)',
    ),
  ),
  simulated(
    'a store that was begun anew goes unnoticed',
    patch('src/sync/load-rooms.ts', '  await markUnlisted(context);\n', '  void markUnlisted;\n'),
  ),
  tested(
    'an old list decides what is missing',
    'src/sync/preferences.test.ts',
    'what another device has decided first is found over a connection that is older than it, and its next decision holds',
    patch(
      'src/sync/node-link.ts',
      '    if (!this.#isListFresh) {',
      '    if (!this.#isListFresh && this.key === undefined) {',
    ),
  ),
  tested(
    'a base outlives the store that it was of',
    'src/sync/remote-base.test.ts',
    'a base does not outlive the store that it was of',
    patch(
      'src/sync/remote-base.ts',
      '  await forgetBase(deps, path, key);\n',
      '  void forgetBase;\n',
    ),
  ),
  simulated(
    'a write is told before it has completed',
    patch(
      DATABASE,
      '    await done;\n    return value;',
      '    done.catch(() => {});\n    return value;',
    ),
  ),
  simulated(
    'a full disk is not told',
    patch(
      DATABASE,
      '    await done;\n    return value;',
      '    await done.catch(() => {});\n    return value;',
    ),
  ),
  simulated(
    'edits are written relaxed',
    patch(EDITS, "await db.write(stores, 'strict',", "await db.write(stores, 'relaxed',"),
  ),
  simulated(
    'an edit raises no marker where one is',
    patch(MARKERS, 'const seq = (last ?? 0) + 1;', 'const seq = marker?.seq ?? (last ?? 0) + 1;'),
  ),
  simulated(
    'memory that is ahead of the disk is kept after a failure',
    patch(
      EDITS,
      'for (const { room } of edits) this.#deps.cache.drop(room); // memory is ahead of what is stored',
      '',
    ),
  ),
  simulated(
    'tabs overwrite each other',
    patch(
      'src/persist/room-store.ts',
      'if ((stored?.rev ?? 0) !== write.expectedRev) throw new RevMovedError(`room ${room} has changed`);\n  const rev = write.expectedRev + 1;',
      'const rev = (stored?.rev ?? 0) + 1;',
    ),
  ),
  simulated(
    'a caller is answered from the last receipt',
    patch(
      RECEIPTS,
      'return receipts.find((receipt) => receipt.coverage >= token.seq && accept(receipt));',
      'return receipts.findLast((receipt) => receipt.coverage >= token.seq && accept(receipt));',
    ),
  ),
  simulated(
    'a caller whose save failed is told of the later success only',
    patch(
      RECEIPTS,
      'return firstCovering(db, token, () => true);',
      'return firstCovering(db, token, isDurable);',
    ),
  ),
  simulated(
    'old receipts go before their callers have asked',
    patch(RECEIPTS, 'const KEPT_PER_KEY = 64;', 'const KEPT_PER_KEY = 1;'),
  ),
  tested(
    'key recomputed per call',
    'src/sync/delegate-key.test.ts',
    'is derived once per WASM and equals the uncached derivation',
    patch(
      'src/sync/delegate-key.ts',
      'if (cached) return { key: cached.key, codeHash: cached.codeHash };',
      'if (cached?.derivations === 0) return { key: cached.key, codeHash: cached.codeHash };',
    ),
  ),
  tested(
    'a run for every caller',
    'src/sync/coalesce.test.ts',
    'runs exactly twice for any number of callers who arrive while the first run is under way',
    patch(
      COALESCE,
      '      state.waiting = [];\n      const value',
      '      state.waiting = covered.splice(1);\n      const value',
    ),
  ),
  tested(
    'a conflict’s second copy is taken for the next store’s answer',
    'tests/sim/node-link.test.ts',
    'never takes a conflict’s second copy for the answer to the next store',
    patch(
      LINK,
      'if (result.currentGeneration === expected) {',
      'if (result.currentGeneration < 0n) {',
    ),
  ),
  tested(
    'a fenced holder goes on writing receipts',
    'src/persist/persist.test.ts',
    'fence a holder whose epoch is over: it writes nothing',
    patch('src/persist/lanes.ts', 'if (lane.epoch !== epoch) throw', 'if (lane.epoch < 0) throw'),
  ),
  tested(
    'seal on time-out',
    VERDICTS_TEST,
    'is final after silence, an interruption or an invalid value under no circumstances',
    patch(
      VERDICTS,
      "verdict: 'unreachable', reason: ending.reason }",
      "verdict: 'empty', reason: ending.reason }",
    ),
  ),
  tested(
    'seal before read-back',
    VERDICTS_TEST,
    'seals only when every generation is final, and never before anything was decided',
    patch(
      'src/persist/migration.ts',
      "new Set(['empty', 'imported', 'superseded'])",
      "new Set(['empty', 'imported', 'imported-local', 'superseded'])",
    ),
  ),
  tested(
    'what does not decode counts as nothing found',
    VERDICTS_TEST,
    'is final after silence, an interruption or an invalid value under no circumstances',
    patch(
      VERDICTS,
      'if (row.found.length === 0) return',
      "if (row.found.every(({ fate }) => fate === 'set-aside')) return",
    ),
    patch(VERDICTS, 'if (invalid.length > 0) {', 'if (invalid.length < 0) {'),
  ),
];

export const MUTANTS: readonly Mutant[] = [...SAVING_MUTANTS, ...PATH_MUTANTS];
