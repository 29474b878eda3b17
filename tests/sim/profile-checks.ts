import { OUTBOUND_KEY } from '../../src/persist/outbound-rows.ts';
import type { MessageRow, OutboundDmRow, Path, Receipt } from '../../src/persist/schema.ts';
import type { NodeChecks, Report } from './checks.ts';
import { MigrationChecks } from './migration-checks.ts';
import { PathChecks, type PathFacts } from './path-checks.ts';
import { dmName, messageName } from './rooms.ts';
import type { SimNode } from './sim-node.ts';
import type { RowChange } from './sim-rows.ts';
import type { Commit, SimStorage } from './sim-storage.ts';

/** The paths that have markers. */
export const PATHS = ['rooms', 'contracts', 'outbound-dms'] as const satisfies readonly Path[];

interface Checks {
  readonly paths: ReadonlyMap<Path, PathChecks>;
  readonly migration: MigrationChecks;
}

/** Watches every commit of one browser profile. */
export class ProfileChecks {
  readonly #make: () => Checks;
  #now: Checks;

  constructor(name: string, storage: SimStorage, seen: NodeChecks, node: SimNode, report: Report) {
    this.#make = () => ({
      paths: new Map(
        PATHS.map((path) => [path, new PathChecks(name, storage, facts(path, seen, node), report)]),
      ),
      migration: new MigrationChecks(name, seen, node, report),
    });
    this.#now = this.#make();
  }

  committed(commit: Commit): void {
    for (const checks of this.#now.paths.values()) checks.committed(commit);
    for (const change of commit.changes) {
      if (change.store === 'generations') this.#now.migration.row(change);
    }
  }

  /** The database is gone, and with it everything that was known of it. */
  evicted(): void {
    this.#now = this.#make();
  }

  firstCovering(path: Path, key: string, seq: number): Receipt | undefined {
    return this.#now.paths.get(path)?.firstCovering(key, seq);
  }

  isDurable(path: Path, key: string, seq: number): boolean {
    return this.#now.paths.get(path)?.isDurable(key, seq) === true;
  }

  owed(path: Path): readonly { readonly key: string; readonly seq: number }[] {
    return this.#now.paths.get(path)?.owed() ?? [];
  }
}

/** A message, or the sealed part of a direct one, is brought by two paths; its words by a third. */
function facts(path: Path, seen: NodeChecks, node: SimNode): PathFacts {
  const isContracts = path === 'contracts';
  return {
    path,
    hasHeld: (key, name) =>
      seen.hasHeld(path, key, name) || (path === 'outbound-dms' && seen.purged.has(name)),
    isListed: (key) => isContracts || node.delegate.index.has(key),
    isCurrent: (target) => isContracts || target.startsWith(`${node.contractId}/`),
    isExcused: (key) => !isContracts && seen.wasTombstoned(key),
    era: () => (isContracts ? 0 : seen.wipes),
    written: (change) => {
      const said = writtenIn(change);
      if (!said) return undefined;
      const { room, seq, name, isDm } = said;
      if (path === 'outbound-dms') return isDm ? { key: OUTBOUND_KEY, seq, name } : undefined;
      return { key: isContracts ? room : `room:${room}`, seq, name };
    },
  };
}

/** What a row that is new says that was written here. */
function writtenIn({ store, key, before, after }: RowChange) {
  if (before || !after) return undefined;
  if (store === 'messages') {
    const { seq, bytes } = after.value as MessageRow;
    const [room = ''] = key as readonly string[];
    return seq === undefined ? undefined : { room, seq, name: messageName(bytes), isDm: false };
  }
  if (store === 'outbound_dms') {
    const { room, seq, token } = after.value as OutboundDmRow;
    return seq === undefined ? undefined : { room, seq, name: dmName(token), isDm: true };
  }
  return undefined;
}
