import type { Diagnostics } from '../../persist/diagnostics.ts';
import type { ReportedNode, ReportedStorage, ReportedWorkers } from '../../shared/doctor-report.ts';
import type { Millis } from '../../shared/brand.ts';

/** Everything that can be found out about this browser's Weir at one moment. */
export interface DoctorFacts {
  readonly at: Millis;
  readonly app: string;
  readonly browser: string;
  readonly database:
    | { readonly type: 'open'; readonly rows: Diagnostics }
    | { readonly type: 'shut'; readonly reason: string };
  readonly workers: ReportedWorkers;
  readonly storage: ReportedStorage;
  readonly node: ReportedNode;
}

/** What the page for diagnostics asks for. Nothing of it needs a node, or a database that opens. */
export interface DoctorApi {
  /** Never rejects: what can't be found out is left out. */
  look(): Promise<DoctorFacts>;
  /** Everything that waits is tried at once. */
  retry(): void;
  /** Asks the browser to keep what is stored. @returns whether it has promised */
  keep(): Promise<boolean>;
}
