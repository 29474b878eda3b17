/** The part of a user's data that the delegate does: requests that put all of it into an empty store. */
import type { MessageOrigin } from '../../src/freenet/types.ts';
import { toHex } from '../../src/shared/bytes.ts';
import { storeOf } from './delegate-protocol.ts';
import { applicationMessage } from './delegate-run.ts';
import type { DelegateSubject } from './delegate-subject.ts';
import { delegateSubject } from './delegate-subject.ts';
import { difference, storeDifference } from './expect.ts';
import type { JsonValue } from './json.ts';
import type { Report, RunOptions, VectorFile } from './runner.ts';

async function checkRequest(
  request: JsonValue,
  subject: DelegateSubject,
  origin: MessageOrigin,
): Promise<string | undefined> {
  const outcome = await subject.step(
    origin,
    applicationMessage(request.field('request').hex(), false),
  );
  if (!outcome) return 'no client can have its origin';
  const { error, outbound } = outcome;
  if (error) return `expected an answer but got ${error.text}`;
  const response = request.optional('response');
  if (!response) return undefined;
  const payloads = outbound.map((one) =>
    one.type === 'ApplicationMessage' ? toHex(one.payload) : one.type,
  );
  return difference('response', toHex(response.hex()), payloads.join(' '));
}

/**
 * Sends `delegate_store_requests` in order from `origin` to an empty delegate and compares what it then holds with
 * `delegate_store_after`.
 *
 * @throws BadFile
 */
export async function checkDelegateStore(
  { root }: VectorFile,
  report: Report,
  options: RunOptions = {},
): Promise<void> {
  const requests = root.field('delegate_store_requests').items();
  const contractId = root.field('origin').field('contract_id').hex();
  const origin: MessageOrigin = { type: 'WebApp', contractId };
  const subject = await delegateSubject(options);
  try {
    for (const [index, request] of requests.entries()) {
      const about = request.optional('about')?.text() ?? '';
      const name = `delegate_store_requests ${index} ${about}`.trimEnd();
      const why = await checkRequest(request, subject, origin);
      if (why === undefined) report.pass(name);
      else report.fail(name, why);
    }
    const after = storeOf(root.field('delegate_store_after'));
    const why = storeDifference('delegate_store_after', after, subject.secrets());
    if (why === undefined) report.pass('delegate_store_after');
    else report.fail('delegate_store_after', why);
  } finally {
    await subject.close();
  }
}
