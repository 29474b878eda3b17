/** Layouts shared by requests, responses and guests. Struct order differs between contracts and delegates: Freenet's choice. */
import type { Codec, Fields } from './codec.ts';
import {
  bool,
  byteString,
  fixedBytes,
  list,
  option,
  result,
  struct,
  text,
  u32,
  unit,
  variants,
} from './codec.ts';
import type {
  ApplicationMessage,
  Code,
  ContractContainer,
  ContractKey,
  ContractOutcome,
  ContractWasmAPIVersion,
  Delegate,
  DelegateContainer,
  DelegateKey,
  DelegateMessage,
  DelegateWasmAPIVersion,
  InboundDelegateMsg,
  MessageOrigin,
  OutboundDelegateMsg,
  RelatedContracts,
  RelatedState,
  SecretsId,
  StreamChunk,
  UpdateData,
  WrappedContract,
} from './types.ts';

/** An id, hash or key: 32 raw bytes. */
export const id32 = fixedBytes(32);

/** 64 bytes */
export const contractKey: Codec<ContractKey> = struct<ContractKey>({ instance: id32, code: id32 });

/** 64 bytes */
export const delegateKey: Codec<DelegateKey> = struct<DelegateKey>({ key: id32, codeHash: id32 });

const code = struct<Code>({ data: byteString, codeHash: id32 });

export const contractContainer: Codec<ContractContainer> = variants<ContractContainer>(
  'ContractContainer',
  {
    Wasm: {
      version: variants<ContractWasmAPIVersion>('ContractWasmAPIVersion', {
        V1: {
          contract: struct<WrappedContract>({ data: code, params: byteString, key: contractKey }),
        },
      }),
    },
  },
);

export const delegateContainer: Codec<DelegateContainer> = variants<DelegateContainer>(
  'DelegateContainer',
  {
    Wasm: {
      version: variants<DelegateWasmAPIVersion>('DelegateWasmAPIVersion', {
        V1: {
          delegate: struct<Delegate>({ parameters: byteString, data: code, key: delegateKey }),
        },
      }),
    },
  },
);

export const secretsId: Codec<SecretsId> = struct<SecretsId>({ key: byteString, hash: id32 });

/** HashMap<ContractInstanceId, Option<State>> */
export const relatedContracts: Codec<RelatedContracts> = list(
  struct<RelatedState>({ instance: id32, state: option(byteString) }),
);

export const updateData: Codec<UpdateData> = variants<UpdateData>('UpdateData', {
  State: { state: byteString },
  Delta: { delta: byteString },
  StateAndDelta: { state: byteString, delta: byteString },
  RelatedState: { relatedTo: id32, state: byteString },
  RelatedDelta: { relatedTo: id32, delta: byteString },
  RelatedStateAndDelta: { relatedTo: id32, state: byteString, delta: byteString },
});

export const messageOrigin: Codec<MessageOrigin> = variants<MessageOrigin>('MessageOrigin', {
  WebApp: { contractId: id32 },
  Delegate: { delegate: delegateKey },
});

const applicationMessage: Fields<ApplicationMessage> = {
  payload: byteString,
  context: byteString,
  processed: bool,
};

const delegateMessage: Fields<DelegateMessage> = {
  target: delegateKey,
  sender: delegateKey,
  payload: byteString,
  context: byteString,
  processed: bool,
};

const contractOutcome: Fields<ContractOutcome> = {
  contractId: id32,
  result: result(unit, text),
  context: byteString,
};

export const inboundDelegateMsg: Codec<InboundDelegateMsg> = variants<InboundDelegateMsg>(
  'InboundDelegateMsg',
  {
    ApplicationMessage: applicationMessage,
    UserResponse: { requestId: u32, response: byteString, context: byteString },
    GetContractResponse: { contractId: id32, state: option(byteString), context: byteString },
    PutContractResponse: contractOutcome,
    UpdateContractResponse: contractOutcome,
    SubscribeContractResponse: contractOutcome,
    ContractNotification: { contractId: id32, newState: byteString, context: byteString },
    DelegateMessage: delegateMessage,
  },
);

export const outboundDelegateMsg: Codec<OutboundDelegateMsg> = variants<OutboundDelegateMsg>(
  'OutboundDelegateMsg',
  {
    ApplicationMessage: applicationMessage,
    RequestUserInput: { requestId: u32, message: byteString, responses: list(byteString) },
    ContextUpdated: { context: byteString },
    GetContractRequest: { contractId: id32, context: byteString, processed: bool },
    PutContractRequest: {
      contract: contractContainer,
      state: byteString,
      relatedContracts,
      context: byteString,
      processed: bool,
    },
    UpdateContractRequest: {
      contractId: id32,
      update: updateData,
      context: byteString,
      processed: bool,
    },
    SubscribeContractRequest: { contractId: id32, context: byteString, processed: bool },
    SendDelegateMessage: delegateMessage,
  },
);

export const streamChunk: Fields<StreamChunk> = {
  streamId: u32,
  index: u32,
  total: u32,
  data: byteString,
};
