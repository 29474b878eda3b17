/** What is measured: Weir, a peer, or a line to compare with. */
import type { Target } from '../../storm/targets.ts';
import type { BenchBrowser } from './browser.ts';
import type { Message } from './messages.ts';
import type { Arrived } from './page-server.ts';

export type Workload = 'burst' | 'cold' | 'storm';

export interface Subject {
  readonly name: string;
  /** As the tables call it, with its version. */
  readonly title: string;
  readonly workloads: ReadonlySet<Workload>;
  /** Whether it says of each edit that it is stored. */
  readonly acknowledges: boolean;
  /** Bytes of text whose message takes `MESSAGE_BYTES`. */
  readonly textBytes: number;
  /** Stores that many rooms in a browser, and keeps a copy of its profile. */
  seed(rooms: number, perRoom: number): Promise<void>;
  /** A fresh browser with these rooms in it, and the server's side as it was then. */
  begin(rooms: number): Promise<Bout>;
  close(): Promise<void>;
}

/** One browser, from its start to its end. */
export interface Bout {
  readonly browser: BenchBrowser;
  /** Opens a tab in which an edit can be made. */
  tab(): Promise<Target>;
  /** Waits for that again, after a reload. */
  ready(tab: Target): Promise<void>;
  /** An expression that makes the edits in one task, and comes to a `Burst` when all are stored, or after `limitMs`. */
  edit(messages: readonly Message[], limitMs: number, tells: boolean): string;
  /** Where a room is opened, and which elements show messages there. */
  cold(room: number): { readonly url: string; readonly selector: string };
  /** Waits until what was begun by itself, with a server, is over. */
  settle(tab: Target, limitMs: number): Promise<void>;
  /** Sends what is kept for the server, or waits for it. @returns when that was done, ms since 1970; undefined: there is no server, or it took longer */
  deliver(tab: Target, limitMs: number): Promise<number | undefined>;
  /** The ids of all messages that are kept, each as often as it is. */
  ids(tab: Target): Promise<readonly string[]>;
  /** What the server has got so far; undefined: there is none. */
  arrived(): Promise<Arrived | undefined>;
  end(): Promise<void>;
}
