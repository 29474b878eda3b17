/** Which figures of each workload the tables show. All of them are in the file that `--json` names. */
import type { Column } from './tables.ts';

export const BURST: readonly Column[] = [
  { figure: 'storedMs', heading: 'all stored, ms', unit: 'ms', ratio: true },
  { figure: 'lastWriteMs', heading: 'last write, ms', unit: 'ms' },
  { figure: 'transactionsUntilStored', heading: 'rw transactions until stored', unit: 'count' },
  { figure: 'transactions', heading: 'in all', unit: 'count' },
  { figure: 'bytes', heading: 'bytes put', unit: 'bytes', ratio: true },
  { figure: 'deliveredMs', heading: 'delivered, ms', unit: 'ms' },
  { figure: 'requests', heading: 'requests', unit: 'count' },
  { figure: 'requestBytes', heading: 'bytes sent', unit: 'bytes' },
  { figure: 'acknowledged', heading: 'called stored', unit: 'count' },
  { figure: 'found', heading: 'found', unit: 'count' },
];

export const COLD_OPEN: readonly Column[] = [
  { figure: 'paintedMs', heading: 'painted, ms', unit: 'ms', ratio: true },
  { figure: 'heap', heading: 'heap', unit: 'bytes', ratio: true },
];

export const RELOAD_STORM: readonly Column[] = [
  { figure: 'issued', heading: 'issued', unit: 'count' },
  { figure: 'acknowledged', heading: 'called stored', unit: 'count' },
  { figure: 'lost', heading: 'of these lost', unit: 'count' },
  { figure: 'found', heading: 'found', unit: 'count' },
  { figure: 'duplicated', heading: 'found twice', unit: 'count' },
  { figure: 'transactions', heading: 'rw transactions', unit: 'count', ratio: true },
  { figure: 'bytes', heading: 'bytes put', unit: 'bytes', ratio: true },
  { figure: 'quietMs', heading: 'quiet after, ms', unit: 'ms' },
  { figure: 'requests', heading: 'requests', unit: 'count' },
  { figure: 'requestBytes', heading: 'bytes sent', unit: 'bytes' },
];
