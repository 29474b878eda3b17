/**
 * Questions about the node itself: it is alone, so the answers are short.
 *
 * A network node refuses them on connections of web apps, and never answers `NeighborHostingInfo`.
 * Source: freenet-core: crates/core/src/client_events.rs (0.2.129).
 */
import type { NodeQuery } from '../../src/freenet/client-request.ts';
import type { QueryResponse } from '../../src/freenet/diagnostics.ts';
import type { HostResult } from '../../src/freenet/host-response.ts';
import { err, ok, unreachable } from '../../src/shared/result.ts';

/** @returns undefined for a question that gets no answer */
export function answerNodeQuery(query: NodeQuery, fromWebApp: boolean): HostResult | undefined {
  if (fromWebApp) {
    return err({ type: 'Unhandled', cause: 'node queries are not open to web apps' });
  }
  switch (query.type) {
    case 'ConnectedPeers':
      return answer({ type: 'ConnectedPeers', peers: [] });
    case 'SubscriptionInfo':
      return answer({ type: 'NetworkDebug', info: { subscriptions: [], connectedPeers: [] } });
    case 'NodeDiagnostics':
      return answer({
        type: 'NodeDiagnostics',
        diagnostics: {
          nodeInfo: undefined,
          networkInfo: query.config.includeNetworkInfo
            ? { connectedPeers: [], activeConnections: 0n }
            : undefined,
          subscriptions: [],
          contractStates: [],
          systemMetrics: undefined,
          connectedPeersDetailed: [],
        },
      });
    case 'NeighborHostingInfo':
      return undefined;
    case 'unknown':
      return err({
        type: 'DeserializationError',
        cause: `${query.of} has no variant ${query.tag}`,
      });
    default:
      return unreachable(query);
  }
}

const answer = (response: QueryResponse): HostResult => ok({ type: 'QueryResponse', response });
