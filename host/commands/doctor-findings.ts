import { many, type Finding } from '../../src/shared/explain-report.ts';
import type { Result } from '../../src/shared/result.ts';
import type { HostFacts } from './doctor-host.ts';
import type { ContractFacts, OriginFacts, ScopeFacts, StoreFacts } from './doctor-store.ts';

/** Keys named in one sentence. */
const NAMED = 5;

const fine = (sentence: string): Finding => ({ level: 'fine', sentence });
const note = (sentence: string): Finding => ({ level: 'note', sentence });
const trouble = (sentence: string): Finding => ({ level: 'trouble', sentence });

const some = (keys: readonly string[]): string =>
  keys.length > NAMED
    ? `${keys.slice(0, NAMED).join(', ')} and ${keys.length - NAMED} more`
    : keys.join(', ');

/** What a store's facts mean, for people. */
export function explainStore(store: Result<StoreFacts, string>): readonly Finding[] {
  if (!store.ok) return [trouble(`Of the store nothing can be said: ${store.error}.`)];
  const { dir, format, bytes, delegates, scopes, contracts } = store.value;
  const size = `${(bytes / 1_048_576).toFixed(1)} MiB`;
  return [
    fine(`The node’s store is ${dir}: format ${format}, ${size}.`),
    ...delegates.map(({ key, moduleBytes }) =>
      fine(`Delegate ${key}: registered, ${many(moduleBytes, 'byte', 'bytes')}.`),
    ),
    ...(delegates.length === 0
      ? [note('No delegate is registered: no app has used this node.')]
      : []),
    ...scopes.flatMap(explainScope),
    ...explainContracts(contracts),
  ];
}

function explainScope({ delegate, person, secrets, bytes, origins }: ScopeFacts): Finding[] {
  const whose = person === undefined ? '' : ` of the person ${person}…`;
  const kinds = Object.entries(secrets).map(([kind, n]) => `${n} ${kind}`);
  return [
    fine(
      `Secrets${whose} in delegate ${delegate}: ${kinds.join(', ')}; ${many(bytes, 'byte', 'bytes')}.`,
    ),
    ...origins.flatMap((origin) => explainOrigin(origin, whose)),
  ];
}

function explainOrigin(origin: OriginFacts, whose: string): Finding[] {
  const { index, values, unlisted, listedWithoutValue, undecodable } = origin;
  const at = `web app ${origin.origin}${whose}`;
  const found = undecodable.map(({ key, reason }) =>
    trouble(
      `${at}: the value under ${key} does not decode (${reason}). Weir sets such a value aside and does not overwrite it.`,
    ),
  );
  if (index === 'undecodable') {
    found.push(
      trouble(
        `${at}: the list of keys can’t be read. The values are there; the app lists them again as it stores them.`,
      ),
    );
  }
  if (unlisted.length > 0 && index !== 'undecodable') {
    found.push(
      trouble(
        `${at}: ${many(unlisted.length, 'value is', 'values are')} not in the list of keys (${some(unlisted)}): a node that ended between two writes leaves it so. An app that knows the room stores it again, and lists it.`,
      ),
    );
  }
  if (listedWithoutValue.length > 0) {
    found.push(
      trouble(
        `${at}: ${many(listedWithoutValue.length, 'key is', 'keys are')} listed without a value (${some(listedWithoutValue)}).`,
      ),
    );
  }
  return found.length > 0
    ? found
    : [fine(`${at}: ${many(values, 'value', 'values')}, all listed, all of them decode.`)];
}

function explainContracts(contracts: readonly ContractFacts[]): Finding[] {
  const valid = contracts.filter(({ verified }) => verified === 'valid');
  const unknown = contracts.filter(({ verified }) => verified === 'unknown');
  const wrong = contracts.flatMap(({ instance, verified }) =>
    typeof verified === 'object'
      ? [trouble(`Contract ${instance} is not valid: ${verified.reason}.`)]
      : [],
  );
  return [
    ...wrong,
    ...(valid.length > 0
      ? [
          fine(
            `${many(valid.length, 'room', 'rooms')} as contracts: every signature and rule was checked, all valid.`,
          ),
        ]
      : []),
    ...(unknown.length > 0
      ? [
          note(
            `${many(unknown.length, 'contract is', 'contracts are')} of other code, which was not run.`,
          ),
        ]
      : []),
  ];
}

/** @param wasNamed the person has said where the host is, so that it should be there */
export function explainHost(
  origin: string,
  host: HostFacts | undefined,
  wasNamed: boolean,
): readonly Finding[] {
  if (!host) {
    const sentence = `No host answers at ${origin}.`;
    return [wasNamed ? trouble(sentence) : note(sentence)];
  }
  const {
    version = 'unknown',
    isHosted,
    delegate,
    startedAt,
    openConnections = 0,
    storeRequests = 0,
  } = host;
  const since = startedAt === undefined ? '' : ` since ${startedAt}`;
  const found = [
    fine(
      `A host answers at ${origin} (node API ${version})${isHosted === true ? ', a node of several people' : ''}${since}: ${many(openConnections, 'open connection', 'open connections')}, ${many(storeRequests, 'request', 'requests')} to store.`,
    ),
  ];
  if (delegate !== undefined) found.push(fine(`It offers the chat delegate ${delegate}.`));
  const malformed = host.requests?.['Malformed'] ?? 0;
  if (malformed > 0) {
    found.push(
      note(`${many(malformed, 'request was', 'requests were')} none that it understands.`),
    );
  }
  return found;
}
