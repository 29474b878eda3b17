/**
 * Contract requests, of clients and of delegates.
 *
 * This node keeps no contracts yet and says so: no answer of it can be taken for a stored or an absent contract.
 */
import type { ContractRequest } from '../../src/freenet/client-request.ts';
import type { HostResult } from '../../src/freenet/host-response.ts';
import type { InboundDelegateMsg, OutboundDelegateMsg } from '../../src/freenet/types.ts';
import { err } from '../../src/shared/result.ts';

const CAUSE = 'this node keeps no contracts, only delegates';

/** What a client asks. A network node reports such failures as `OperationError`, a local one as `Unhandled`. */
export const refuseContractRequest = (
  request: ContractRequest,
  failureShapes: 'network' | 'local',
): HostResult =>
  err({
    type: failureShapes === 'network' ? 'OperationError' : 'Unhandled',
    cause: `${request.type}: ${CAUSE}`,
  });

/** What a delegate emits for its node to carry out. */
export type DelegateContractRequest = Extract<
  OutboundDelegateMsg,
  {
    readonly type:
      | 'PutContractRequest'
      | 'GetContractRequest'
      | 'UpdateContractRequest'
      | 'SubscribeContractRequest';
  }
>;

/** The answer that goes back into the delegate. `contractId` is the request's. */
export function refuseDelegateContractRequest(
  request: DelegateContractRequest,
): InboundDelegateMsg {
  const { context } = request;
  const result = err(CAUSE);
  switch (request.type) {
    case 'PutContractRequest': {
      const { contract } = request;
      const contractId =
        contract.type === 'Wasm' && contract.version.type === 'V1'
          ? contract.version.contract.key.instance
          : new Uint8Array(32);
      return { type: 'PutContractResponse', contractId, result, context };
    }
    case 'GetContractRequest':
      return {
        type: 'GetContractResponse',
        contractId: request.contractId,
        state: undefined,
        context,
      };
    case 'UpdateContractRequest':
      return { type: 'UpdateContractResponse', contractId: request.contractId, result, context };
    case 'SubscribeContractRequest':
      return { type: 'SubscribeContractResponse', contractId: request.contractId, result, context };
  }
}
