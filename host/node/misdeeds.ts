/** Carries out what `Misbehaviour` decides about one request. */
import type { HostResult } from '../../src/freenet/host-response.ts';
import type { Frame } from '../../src/freenet/chunks.ts';
import type { OutboundDelegateMsg } from '../../src/freenet/types.ts';
import type { DelegateResponse as ChatResponse } from '../../src/river/delegate-messages.ts';
import {
  decodeDelegateResponse,
  encodeDelegateResponse,
} from '../../src/river/delegate-messages.ts';
import type { Dice } from '../../src/river/testing/dice.ts';
import { utf8 } from '../../src/shared/bytes.ts';
import { ok, unreachable } from '../../src/shared/result.ts';
import type { Verdict } from './misbehaviour.ts';

/** One request, and what may become of it. */
export interface Turn {
  /**
   * Does what the request asks, and tells those who are subscribed to what has changed.
   *
   * @param storeIsFull no secret can be written meanwhile
   * @returns undefined where a node says nothing
   */
  carryOut(storeIsFull?: 'full'): Promise<HostResult | undefined>;
  /** The answer if it had failed. */
  refusal(): HostResult | undefined;
  wait(ms: number): Promise<void>;
  /** @param damage what becomes of each frame */
  send(answer: HostResult | undefined, damage?: (frame: Frame) => Frame): Promise<void>;
  /** Sends it behind the connection's next answer, at the latest after so many milliseconds. */
  hold(answer: HostResult | undefined, ms: number): void;
  disconnect(): void;
  restart(): void;
}

export async function misbehave({ deed, dice }: Verdict, turn: Turn): Promise<void> {
  switch (deed.type) {
    case 'refuse':
      return turn.send(turn.refusal());
    case 'delay': {
      if (deed.at === 'before') await turn.wait(deed.ms);
      const answer = await turn.carryOut();
      if (deed.at === 'after') await turn.wait(deed.ms);
      return turn.send(answer);
    }
    case 'disconnect':
      if (deed.at === 'after') await turn.carryOut();
      return turn.disconnect();
    case 'restart':
      if (deed.at === 'after') await turn.carryOut();
      return turn.restart();
    case 'drop-answer':
      await turn.carryOut();
      return;
    case 'wrong-generation':
      return turn.send(retold(await turn.carryOut(), (said) => generationOff(said, deed.by)));
    case 'wrong-key':
      return turn.send(
        retold(await turn.carryOut(), (said) =>
          'key' in said ? { ...said, key: utf8(deed.key) } : said,
        ),
      );
    case 'fill-quota':
      return turn.send(await turn.carryOut('full'));
    case 'flip-bits':
      return turn.send(await turn.carryOut(), (frame) => flipBits(frame, deed.bits, dice));
    case 'truncate':
      return turn.send(await turn.carryOut(), (frame) => frame.slice(0, dice.below(frame.length)));
    case 'duplicate-answer': {
      const answer = await turn.carryOut();
      await turn.send(answer);
      return turn.send(answer);
    }
    case 'hold-answer':
      return turn.hold(await turn.carryOut(), deed.ms);
    default:
      return unreachable(deed);
  }
}

/** The answer with what the chat delegate says in it changed; any other answer as it is. */
function retold(
  answer: HostResult | undefined,
  change: (said: ChatResponse) => ChatResponse,
): HostResult | undefined {
  if (!answer?.ok || answer.value.type !== 'DelegateResponse') return answer;
  const values = answer.value.values.map((value): OutboundDelegateMsg => {
    if (value.type !== 'ApplicationMessage') return value;
    const said = decodeDelegateResponse(value.payload);
    return said.ok ? { ...value, payload: encodeDelegateResponse(change(said.value)) } : value;
  });
  return ok({ ...answer.value, values });
}

function generationOff(said: ChatResponse, by: number): ChatResponse {
  const off = (generation: bigint): bigint => BigInt.asUintN(64, generation + BigInt(by));
  if (said.type === 'GetVersionedResponse') return { ...said, generation: off(said.generation) };
  if (said.type !== 'CasStoreResponse') return said;
  const { result } = said;
  switch (result.type) {
    case 'Stored':
      return { ...said, result: { ...result, generation: off(result.generation) } };
    case 'Conflict':
      return { ...said, result: { ...result, currentGeneration: off(result.currentGeneration) } };
    case 'Failed':
      return said;
  }
}

function flipBits(frame: Frame, bits: number, dice: Dice): Frame {
  const flipped = frame.slice();
  for (let i = 0; i < bits; i++) {
    const at = dice.below(flipped.length * 8);
    flipped[at >> 3] = (flipped[at >> 3] ?? 0) ^ (1 << (at & 7));
  }
  return flipped;
}
