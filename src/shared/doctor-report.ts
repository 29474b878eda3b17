/**
 * What the app's doctor says of itself, as the file that a person exports. Version 1 of its shape; docs/faults.md describes it.
 *
 * A report holds no keys, no message text, and names of rooms only where the person has asked for them. Rooms, and everything else that is
 * named by 32 bytes, are aliases that are good for this one report. Times are ISO 8601, UTC.
 */
export interface DoctorReport {
  readonly weirReport: 1;
  readonly at: string;
  readonly app: string;
  readonly browser: string;
  /** The person has ticked that names of rooms are in it. */
  readonly hasNames: boolean;
  readonly database: ReportedDatabase;
  readonly markers: readonly ReportedMarker[];
  readonly receipts: readonly ReportedReceipt[];
  readonly bases: readonly ReportedBase[];
  readonly lanes: readonly ReportedLane[];
  readonly migration: readonly ReportedGeneration[];
  readonly quarantine: readonly ReportedQuarantine[];
  readonly workers: ReportedWorkers;
  readonly storage: ReportedStorage;
  readonly node: ReportedNode;
}

export type ReportedDatabase =
  | {
      readonly type: 'open';
      readonly version: number;
      readonly rooms: number;
      readonly left: number;
      readonly messages: number;
    }
  /** Nothing can be read; why, in words. */
  | { readonly type: 'shut'; readonly reason: string };

export interface ReportedFailure {
  readonly code: string;
  readonly sentence: string;
  readonly since: string;
  readonly attempts: number;
  /** Absent: it waits for the person. */
  readonly nextTryAt?: string;
}

export interface ReportedMarker {
  readonly path: string;
  /** An alias. */
  readonly key: string;
  readonly name?: string;
  readonly seq: number;
  readonly since: string;
  /** `news`: others have it too, so it may wait. */
  readonly level: 'edit' | 'news';
  readonly failure?: ReportedFailure;
}

export interface ReportedReceipt {
  readonly path: string;
  readonly key: string;
  readonly name?: string;
  readonly outcome: string;
  readonly coverage: number;
  readonly at: string;
  readonly error?: string;
}

export interface ReportedBase {
  readonly path: string;
  readonly key: string;
  readonly name?: string;
  readonly generation: string;
  readonly coverage: number;
  readonly at: string;
}

export interface ReportedLane {
  readonly path: string;
  readonly epoch: number;
  readonly iterations: number;
  readonly failure?: ReportedFailure;
}

export interface ReportedGeneration {
  readonly version: string;
  readonly verdict: string;
  readonly reason?: string;
  readonly attempts: number;
  readonly nextTryAt?: string;
  readonly values: number;
}

export interface ReportedQuarantine {
  readonly source: string;
  readonly key: string;
  readonly reason: string;
  readonly bytes: number;
  readonly at: string;
  readonly isResolved: boolean;
}

export interface ReportedWorkers {
  readonly isSupported: boolean;
  /** State and version of each that the browser knows of; a version is absent where it did not answer. */
  readonly known: readonly { readonly state: string; readonly version?: string }[];
  /** Whether one serves this page. */
  readonly controls: boolean;
}

export interface ReportedStorage {
  /** The browser has promised not to delete it by itself; absent where it can't be asked. */
  readonly isPersisted?: boolean;
  /** Bytes of the whole origin. */
  readonly usage?: number;
  readonly quota?: number;
}

export interface ReportedNode {
  readonly isReachable: boolean;
  readonly version?: string;
  readonly isHosted?: boolean;
  readonly startedAt?: string;
  readonly connections?: number;
  readonly storeRequests?: number;
}
