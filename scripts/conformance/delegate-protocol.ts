/** Golden vectors of the chat delegate: one sequence of calls on one secret store. */
import type {
  InboundDelegateMsg,
  MessageOrigin,
  OutboundDelegateMsg,
} from '../../src/freenet/types.ts';
import { toHex } from '../../src/shared/bytes.ts';
import type { StepOutcome } from './delegate-run.ts';
import { applicationMessage } from './delegate-run.ts';
import type { DelegateSubject } from './delegate-subject.ts';
import { delegateSubject } from './delegate-subject.ts';
import { difference, storeDifference } from './expect.ts';
import type { JsonValue } from './json.ts';
import type { Report, RunOptions, Runner, VectorFile } from './runner.ts';

function id32(value: JsonValue): Uint8Array {
  const bytes = value.hex();
  return bytes.length === 32 ? bytes : value.fail('expected 32 bytes');
}

/** Null is none, hex a web app's contract id, an object another delegate. */
function originOf(step: JsonValue): MessageOrigin | undefined {
  const origin = step.optional('origin');
  if (!origin || origin.value === null) return undefined;
  if (!origin.isObject) return { type: 'WebApp', contractId: id32(origin) };
  const delegate = {
    key: id32(origin.field('delegate')),
    codeHash: id32(origin.field('code_hash')),
  };
  return { type: 'Delegate', delegate };
}

/** Undefined for a kind of step that is not known. */
function messageOf(step: JsonValue): InboundDelegateMsg | undefined {
  switch (step.field('kind').text()) {
    case 'application_message':
      return applicationMessage(
        step.field('request').hex(),
        step.optional('processed')?.flag() ?? false,
      );
    case 'contract_notification':
      return {
        type: 'ContractNotification',
        contractId: id32(step.field('contract_id')),
        newState: step.field('state').hex(),
        context: new Uint8Array(0),
      };
    default:
      return undefined;
  }
}

/** What goes to the node, as the vectors write it; the kind alone where they write nothing else of its kind. */
function toNode(message: OutboundDelegateMsg): string {
  if (!('contractId' in message)) return message.type;
  const head = `${message.type} ${toHex(message.contractId)}`;
  if (message.type !== 'UpdateContractRequest') return head;
  const { update } = message;
  if (update.type === 'Delta') return `${head} delta ${toHex(update.delta)}`;
  if (update.type === 'State') return `${head} state ${toHex(update.state)}`;
  return `${head} ${update.type}`;
}

function expectedToNode(entry: JsonValue): string {
  const head = `${entry.field('kind').text()} ${entry.field('contract_id').text()}`;
  const update = entry.optional('update');
  if (!update) return head;
  return `${head} ${update.field('kind').text()} ${update.field('data').text()}`;
}

function differenceOf(expect: JsonValue, outcome: StepOutcome): string | undefined {
  const error = expect.optional('error');
  if (error) {
    const got = outcome.error?.kind ?? 'an answer';
    return difference('error', error.field('kind').text(), got);
  }
  if (outcome.error) return `expected an answer but got ${outcome.error.text}`;
  const responses = (expect.optional('responses')?.items() ?? []).map((one) => toHex(one.hex()));
  const payloads = outcome.outbound.flatMap((message) =>
    message.type === 'ApplicationMessage' ? [message] : [],
  );
  const unmarked = payloads.find(({ processed }) => !processed);
  if (unmarked) return 'a response is not flagged as processed';
  const requests = (expect.optional('to_node')?.items() ?? []).map(expectedToNode);
  const sent = outcome.outbound
    .filter(({ type }) => type !== 'ApplicationMessage')
    .map((message) => toNode(message));
  return (
    difference(
      'responses',
      responses.join(' '),
      payloads.map((one) => toHex(one.payload)).join(' '),
    ) ?? difference('to_node', requests.join('; '), sent.join('; '))
  );
}

/** A store as the vectors write it: null for what was removed. */
export function storeOf(store: JsonValue | undefined): Map<string, string | null> {
  const entries = store?.entries() ?? [];
  return new Map(
    entries.map(([key, value]) => [
      key.toLowerCase(),
      value.value === null ? null : toHex(value.hex()),
    ]),
  );
}

function changes(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Map<string, string | null> {
  const changed = new Map<string, string | null>();
  for (const [key, value] of after) if (before.get(key) !== value) changed.set(key, value);
  for (const key of before.keys()) if (!after.has(key)) changed.set(key, null);
  return changed;
}

async function runSteps(file: VectorFile, subject: DelegateSubject, report: Report): Promise<void> {
  for (const step of file.root.field('steps').items()) {
    const name = step.field('name').text();
    const expect = step.field('expect');
    const message = messageOf(step);
    if (!message) {
      report.notCovered(`${name} (a step of kind ${step.field('kind').text()})`);
      continue;
    }
    const before = subject.secrets();
    const outcome = await subject.step(originOf(step), message);
    if (!outcome) {
      report.notCovered(`${name} (no client can have its origin)`);
      continue;
    }
    const changed = changes(before, subject.secrets());
    const why =
      differenceOf(expect, outcome) ??
      storeDifference('store_changes', storeOf(expect.optional('store_changes')), changed);
    if (why === undefined) report.pass(name);
    else report.fail(name, why);
  }
  const after = file.root.optional('store_after');
  if (!after) return;
  const why = storeDifference('store_after', storeOf(after), subject.secrets());
  if (why === undefined) report.pass('store_after');
  else report.fail('store_after', why);
}

export function delegateProtocol(options: RunOptions): Runner {
  return {
    form: 'delegate protocol',
    matches: ({ root }) => Array.isArray(root.optional('steps')?.value),
    async run(file, report) {
      const subject = await delegateSubject(options);
      try {
        await runSteps(file, subject, report);
      } finally {
        await subject.close();
      }
    },
  };
}
