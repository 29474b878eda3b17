import { blake3 } from '@noble/hashes/blake3.js';
import { expect, it } from 'vitest';
import { readVectors } from '../../tests/support/vectors.ts';
import { concatBytes, fromHex, toHex } from '../shared/bytes.ts';
import { contractIdText, roomContractKey } from './contract-key.ts';
import { verifyingKeyOf } from './keys.ts';
import {
  EARLIER_ROOM_CONTRACT_CODE_HASHES,
  ROOM_CONTRACT_CODE_HASH,
  roomContractKeys,
} from './room-contracts.ts';
import type { RoomStateVectors } from './testing/vectors.ts';

it('the registry is the one that River keeps', () => {
  const all = concatBytes(EARLIER_ROOM_CONTRACT_CODE_HASHES.map(fromHex));
  expect(EARLIER_ROOM_CONTRACT_CODE_HASHES.length).toBe(31);
  expect(toHex(blake3(all)).slice(0, 16)).toBe('b5f02d45b6370b4d');
  expect(readVectors<RoomStateVectors>('room-state').room_contract.blake3).toBe(
    ROOM_CONTRACT_CODE_HASH,
  );
});

it('a room is looked for under the newest contract first', () => {
  const owner = verifyingKeyOf(new Uint8Array(32).fill(1));
  const [first, second] = roomContractKeys(owner);
  expect(first && contractIdText(first)).toBe('8aYXVYRqq8nexijpwaZwuQLwdWfRwfgGX2fhUke1YwjH');
  const newestEarlier = EARLIER_ROOM_CONTRACT_CODE_HASHES.at(-1) ?? '';
  expect(second).toEqual(roomContractKey(fromHex(newestEarlier), owner));
});
