import type { DoctorReport, ReportedFailure, ReportedMarker } from './doctor-report.ts';

/** One thing that a report says, in words. */
export interface Finding {
  readonly level: 'fine' | 'note' | 'trouble';
  readonly sentence: string;
}

/** A number and what it counts. */
export const many = (n: number, one: string, more: string): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : more}`;

/** How a time of the report is said. */
type SayTime = (iso: string) => string;

/** What a report means, for people: troubles first. */
export function explainReport(
  report: DoctorReport,
  time: SayTime = (iso) => iso,
): readonly Finding[] {
  const found = [
    ...explainDatabase(report),
    ...explainWaiting(report, time),
    ...explainLanes(report, time),
    ...explainQuarantine(report),
    ...explainMigration(report),
    ...explainNode(report, time),
    ...explainStorage(report),
    ...explainWorkers(report),
  ];
  const order = ['trouble', 'note', 'fine'] as const;
  return found.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

function explainDatabase({ database }: DoctorReport): Finding[] {
  if (database.type === 'shut') {
    const sentence = `The browser’s database can’t be read: ${database.reason} What is in it is not known; nothing was changed.`;
    return [{ level: 'trouble', sentence }];
  }
  const { rooms, left, messages, version } = database;
  const sentence = `The database (version ${version}) holds ${many(rooms, 'room', 'rooms')} with ${many(messages, 'message', 'messages')}${left > 0 ? `, and ${left} that ${left === 1 ? 'was' : 'were'} left` : ''}.`;
  return [{ level: 'fine', sentence }];
}

const PATHS: Readonly<Record<string, string>> = {
  rooms: 'on the node',
  contracts: 'in the room',
  'outbound-dms': 'on the node (direct messages)',
};

function explainWaiting({ database, markers }: DoctorReport, time: SayTime): Finding[] {
  if (database.type === 'shut') return [];
  const edits = markers.filter(({ level }) => level === 'edit');
  if (edits.length === 0) {
    return [{ level: 'fine', sentence: 'No edit waits: a receipt covers each.' }];
  }
  return [...groupsOf(edits).values()].map((group) => {
    const [first] = group;
    const what = list(group.map(({ key, name }) => `“${name ?? key}”`));
    const where = PATHS[first.path] ?? first.path;
    const since = group.map((each) => each.since).sort()[0] ?? first.since;
    const waits = `Edits of ${what} are stored in the browser since ${time(since)} and not proved to be ${where} yet`;
    if (!first.failure) return { level: 'note', sentence: `${waits}.` };
    return { level: 'trouble', sentence: `${waits}: ${explainFailure(first.failure, time)}` };
  });
}

type Group = [ReportedMarker, ...ReportedMarker[]];

/** What waits on one path for one reason is said once. */
function groupsOf(edits: readonly ReportedMarker[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const edit of edits) {
    const reason = `${edit.path} ${edit.failure?.sentence ?? ''}`;
    const group = groups.get(reason);
    if (group) group.push(edit);
    else groups.set(reason, [edit]);
  }
  return groups;
}

const LISTED = 6;

function list(names: readonly string[]): string {
  const shown = names.slice(0, LISTED);
  const more = names.length > LISTED ? [`${names.length - LISTED} more`] : [];
  return new Intl.ListFormat('en', { type: 'conjunction' }).format([...shown, ...more]);
}

function explainFailure({ sentence, attempts, nextTryAt }: ReportedFailure, time: SayTime): string {
  const next = nextTryAt === undefined ? 'it waits for the person' : `next try ${time(nextTryAt)}`;
  return `${sentence.replace(/\.$/, '')} (${many(attempts, 'try', 'tries')}; ${next}).`;
}

/** That the node does not answer is said once, of the node. */
const explainLanes = ({ lanes, node }: DoctorReport, time: SayTime): Finding[] =>
  lanes.flatMap(({ path, failure }) =>
    failure && (node.isReachable || failure.code !== 'node-unreachable')
      ? [
          {
            level: 'trouble',
            sentence: `The path ${path} stands still: ${explainFailure(failure, time)}`,
          },
        ]
      : [],
  );

const explainQuarantine = ({ quarantine }: DoctorReport): Finding[] =>
  quarantine
    .filter(({ isResolved }) => !isResolved)
    .map(({ key, source, reason, bytes }) => ({
      level: 'trouble',
      sentence: `A value (${key} of ${source}, ${bytes} bytes) was set aside: ${reason}. It was not overwritten.`,
    }));

function explainMigration({ migration }: DoctorReport): Finding[] {
  const final = new Set(['empty', 'imported', 'superseded']);
  const open = migration.filter(({ verdict }) => !final.has(verdict));
  if (migration.length === 0) return [];
  if (open.length === 0) {
    return [{ level: 'fine', sentence: 'Nothing of earlier versions is left to be taken over.' }];
  }
  const silent = open.filter(({ verdict }) => verdict === 'unreachable' || verdict === 'unknown');
  const kept = open.filter((each) => !silent.includes(each));
  return [
    ...(silent.length > 0
      ? [
          {
            level: 'note' as const,
            sentence: `${many(silent.length, 'earlier version has', 'earlier versions have')} not answered: whether they hold anything is not known.`,
          },
        ]
      : []),
    ...kept.map(({ version, verdict, reason }) => ({
      level: 'note' as const,
      sentence: `${version} is not taken over yet (${verdict}${reason === undefined ? '' : `: ${reason}`}).`,
    })),
  ];
}

function explainNode({ node }: DoctorReport, time: SayTime): Finding[] {
  if (!node.isReachable) {
    return [{ level: 'trouble', sentence: 'The node does not answer: edits stay in the browser.' }];
  }
  const { version = 'unknown', isHosted, startedAt, storeRequests } = node;
  const whose = isHosted === true ? ', a node of several people' : '';
  const since = startedAt === undefined ? '' : `, up since ${time(startedAt)}`;
  const stores =
    storeRequests === undefined
      ? ''
      : `, with ${many(storeRequests, 'request', 'requests')} to store`;
  return [
    { level: 'fine', sentence: `The node answers (version ${version}${whose}${since}${stores}).` },
  ];
}

function explainStorage({ storage }: DoctorReport): Finding[] {
  const { isPersisted, usage, quota } = storage;
  const found: Finding[] = [];
  if (isPersisted === false) {
    found.push({
      level: 'note',
      sentence:
        'The browser may delete what is stored when space is short: it has not been asked to keep it, or has refused.',
    });
  }
  if (usage !== undefined && quota !== undefined) {
    const isTight = usage > quota * 0.9;
    found.push({
      level: isTight ? 'trouble' : 'fine',
      sentence: `${megabytes(usage)} of ${megabytes(quota)} that the browser allows are used.`,
    });
  }
  return found;
}

const megabytes = (bytes: number): string =>
  `${(bytes / 1_048_576).toLocaleString('en', { maximumFractionDigits: 1 })} MiB`;

function explainWorkers({ app, workers }: DoctorReport): Finding[] {
  if (!workers.isSupported || workers.known.length === 0) {
    return [
      {
        level: 'note',
        sentence: 'No service worker runs here: an open page has to sync by itself.',
      },
    ];
  }
  return workers.known.map(({ state, version }) => {
    const other = version !== undefined && version !== app;
    const named = version === undefined ? 'did not say its version' : `is version ${version}`;
    return {
      level: other ? 'note' : 'fine',
      sentence: `A service worker (${state}) ${named}${other ? `, and the page is ${app}` : ''}.`,
    };
  });
}
