/**
 * `QueryResponse`: what a node tells of itself. No part of Weir's work needs it; it is here so that any answer can be read.
 *
 * Format: freenet-stdlib: rust/src/client_api/client_events.rs, as since stdlib 0.7.0.
 */
import type { Codec, Unknown } from './codec.ts';
import {
  bool,
  f32,
  fixedBytes,
  list,
  option,
  struct,
  text,
  u16,
  u32,
  u64,
  variants,
} from './codec.ts';
import { id32 } from './common-codecs.ts';

export type SocketAddr =
  | { readonly type: 'V4'; readonly ip: Uint8Array; readonly port: number }
  | { readonly type: 'V6'; readonly ip: Uint8Array; readonly port: number }
  | Unknown;

export interface ConnectedPeer {
  readonly peer: string;
  readonly address: SocketAddr;
}

export interface SubscriptionInfo {
  /** Instance id. */
  readonly contractKey: Uint8Array;
  readonly clientId: bigint;
}

export interface NetworkDebugInfo {
  readonly subscriptions: readonly SubscriptionInfo[];
  readonly connectedPeers: readonly ConnectedPeer[];
}

export interface NodeInfo {
  readonly peerId: string;
  readonly isGateway: boolean;
  readonly location: string | undefined;
  readonly listeningAddress: string | undefined;
  readonly uptimeSeconds: bigint;
}

export interface PeerAddress {
  readonly peerId: string;
  readonly address: string;
}

export interface NetworkInfo {
  readonly connectedPeers: readonly PeerAddress[];
  readonly activeConnections: bigint;
}

export interface ContractStateInfo {
  /** Base58 instance id. */
  readonly contractId: string;
  readonly subscribers: number;
  readonly subscriberPeerIds: readonly string[];
  readonly sizeBytes: bigint;
}

export interface SystemMetrics {
  readonly activeConnections: number;
  readonly hostingContracts: number;
}

export interface NodeDiagnostics {
  readonly nodeInfo: NodeInfo | undefined;
  readonly networkInfo: NetworkInfo | undefined;
  readonly subscriptions: readonly SubscriptionInfo[];
  readonly contractStates: readonly ContractStateInfo[];
  readonly systemMetrics: SystemMetrics | undefined;
  readonly connectedPeersDetailed: readonly PeerAddress[];
}

export interface HostedContract {
  readonly contractKey: string;
  readonly hostingHash: number;
  /** Seconds since 1970 UTC. */
  readonly hostedSince: bigint;
}

export interface NeighborHostingDetail {
  readonly peerId: string;
  readonly knownContracts: readonly number[];
  /** Seconds since 1970 UTC. */
  readonly lastUpdate: bigint;
  readonly updateCount: bigint;
}

export interface HostingStats {
  readonly hostingAnnouncesSent: bigint;
  readonly hostingAnnouncesReceived: bigint;
  readonly updatesViaProximity: bigint;
  readonly updatesViaSubscription: bigint;
  readonly falsePositiveForwards: bigint;
  readonly avgNeighborHostingSize: number;
}

export interface NeighborHostingInfo {
  readonly myHosted: readonly HostedContract[];
  readonly neighborHosting: readonly NeighborHostingDetail[];
  readonly stats: HostingStats;
}

export type QueryResponse =
  | { readonly type: 'ConnectedPeers'; readonly peers: readonly ConnectedPeer[] }
  | { readonly type: 'NetworkDebug'; readonly info: NetworkDebugInfo }
  | { readonly type: 'NodeDiagnostics'; readonly diagnostics: NodeDiagnostics }
  | { readonly type: 'NeighborHosting'; readonly info: NeighborHostingInfo }
  | Unknown;

const connectedPeers = list(
  struct<ConnectedPeer>({
    peer: text,
    address: variants<SocketAddr>('SocketAddr', {
      V4: { ip: fixedBytes(4), port: u16 },
      V6: { ip: fixedBytes(16), port: u16 },
    }),
  }),
);

const subscriptions = list(struct<SubscriptionInfo>({ contractKey: id32, clientId: u64 }));

const peerAddresses = list(struct<PeerAddress>({ peerId: text, address: text }));

const nodeDiagnostics = struct<NodeDiagnostics>({
  nodeInfo: option(
    struct<NodeInfo>({
      peerId: text,
      isGateway: bool,
      location: option(text),
      listeningAddress: option(text),
      uptimeSeconds: u64,
    }),
  ),
  networkInfo: option(
    struct<NetworkInfo>({ connectedPeers: peerAddresses, activeConnections: u64 }),
  ),
  subscriptions,
  contractStates: list(
    struct<ContractStateInfo>({
      contractId: text,
      subscribers: u32,
      subscriberPeerIds: list(text),
      sizeBytes: u64,
    }),
  ),
  systemMetrics: option(struct<SystemMetrics>({ activeConnections: u32, hostingContracts: u32 })),
  connectedPeersDetailed: peerAddresses,
});

const neighborHosting = struct<NeighborHostingInfo>({
  myHosted: list(struct<HostedContract>({ contractKey: text, hostingHash: u32, hostedSince: u64 })),
  neighborHosting: list(
    struct<NeighborHostingDetail>({
      peerId: text,
      knownContracts: list(u32),
      lastUpdate: u64,
      updateCount: u64,
    }),
  ),
  stats: struct<HostingStats>({
    hostingAnnouncesSent: u64,
    hostingAnnouncesReceived: u64,
    updatesViaProximity: u64,
    updatesViaSubscription: u64,
    falsePositiveForwards: u64,
    avgNeighborHostingSize: f32,
  }),
});

export const queryResponse: Codec<QueryResponse> = variants<QueryResponse>('QueryResponse', {
  ConnectedPeers: { peers: connectedPeers },
  NetworkDebug: { info: struct<NetworkDebugInfo>({ subscriptions, connectedPeers }) },
  NodeDiagnostics: { diagnostics: nodeDiagnostics },
  NeighborHosting: { info: neighborHosting },
});
