import { fromHex, toHex } from '../shared/bytes.ts';
import { roomContractKey, type ContractKey } from './contract-key.ts';
import type { VerifyingKey } from './keys.ts';

/** BLAKE3 of River's room contract of 2026-08: the code hash under which rooms live now. */
export const ROOM_CONTRACT_CODE_HASH =
  'e765339ba3039f937256f4b6f7e8683d43f90e158f5d80f0dd45afdca69911e5';

/**
 * Code hashes of earlier room contracts, oldest first, with the day each was registered. Every change of the contract moved all
 * rooms to other keys; a room whose newest key has no state may still lie under an earlier one.
 *
 * Source: river: common/legacy_room_contracts.toml.
 */
export const EARLIER_ROOM_CONTRACT_CODE_HASHES: readonly string[] = [
  '415d03916cccddca057d343ce0f5c8dc89606221d0b260f3dfc7344f64dd5b38', // V1, 2025-08-11
  'da9cc449afaed575633cbff6cda171ba5323a0d3a5fe5c9d9e513b3801f8d020', // V2, 2025-12-17
  '92e6540d4618d3283fa5b2b21c3b620e913875e1facbb65cef07176a8e58f735', // V3, 2025-12-25
  'e26efcefb8cc368b64a1668701ead9d2542eef0374526555b9f7e36c49f8ebe1', // V4, 2025-12-27
  'a974940b17e683632ce16af8191edeb6fbfaa8848730eeba01155160d1cc6cbe', // V5, 2026-01-25
  'f4c2a5dd5abe819f7c8c6175bcf717538b13cb550c26a5fd51a79f26e158a803', // V6, 2026-01-26
  '51bbaa53b64be732f3ea696b89b92767bdaa4ed041c7caf5e79bf6ef78f01906', // V7, 2026-02-08
  'f6f373d3822daf4b0f560929901dff8a1168537d482a4f1aa320f809004777df', // V8, 2026-02-08
  '749ff97d995857d7aea6eb99013c6cecd619f77e6cf3b12c113faaf0b6ddfcf0', // V9, 2026-02-09
  'ed21a2b80ad36463395f26b749aac2b1d5d5255a4196c81f07bde366572106b7', // V10, 2026-02-13
  'c85118f3205cfd7def2fbb38581b2738c380e412449bd3bdb0eb41e9bdac64d0', // V11, 2026-02-13
  '5a560db6f70534fda2c1229d8ca5959d92ce344439d101e8deba20d3060fc48f', // V12, 2026-02-14
  '32d5897e35353dcf85bb4e390640dc06f31dae9f8322e07e94835b48fe8efb35', // V13, 2026-02-23
  '0e8ce55ea25ac26b5062c532a09e96600ba901cefc0be0196f7ea35b73cde3a2', // V14, 2026-03-01
  '218086d8f20e52fa0d06cb8605f9b65645f5401876462a3a3bd69c102953752c', // V15, 2026-03-07
  'd37574c2658fdd8346e8e1294c4f4221fa61cbd1eda619ccc9d683d3bd17fee8', // V16, 2026-03-12
  '567c7e73d5603568f5251f25cc1406d8c6bb485de000c37c2e5358fd6e3818fd', // V17, 2026-03-19
  'fda405cb0248ecaf8904bf17f237e13dc7e9d7e1b6cce128639b9e1412df1bf8', // V18, 2026-03-24
  'ade1e4a05e968e479bdf5eeec551e4af1400f860cc0f7421a850e0f35bf5e45f', // V19, 2026-04-14
  '1788e91cd3a836f34c742789ce0be6336e5aa2d7d96a81a472333686ffe653fd', // V20, 2026-05-13
  'c65673a57232c339977566b34f728fcae65a144f0d09f8a030d196e31b2f6100', // V21, 2026-05-14
  'c4b03c8b126c437db6bbcfba79ba01311f5788866ccf61b12e3dc7cbfbd51394', // V22, 2026-05-16
  '385ab5bcfeab73171a8de520c5e24fff7d8b10ca97238227a8d3c8f28eeb8306', // V23, 2026-05-17
  '1bda909cd769dd404a4775005a3e6bcbf5cbecf4795b628df587e9997c7c0414', // V24, 2026-05-17
  '58a5e73c42833cf54d3f7cce9faebf18e1074bf829efb2ae5ee24ca9a2e47c50', // V25, 2026-07-10
  '74f3dff1c3c2f4ef89e4c93ee45ddb62952df22161450a905c2784c1facf6740', // V26, 2026-07-16
  '2e9a1eda53d9e4f495c2bc6af4c5eb5c1546223a3d2fd15286eb1648feb8e649', // V27, 2026-07-18
  'c53ded28a355cb08c83dab4c3ee95475bbdf661dd1e3ba7b4bbbbe93794f4152', // V28, 2026-07-22
  '5ae5930adf5f8749019d359e5863fae0d24ba11208f20f45e220150f2a05b113', // V29, 2026-07-25
  'f8cca7600a63dac16de1974e08211e3eb6e530713a8cfe78caed3a66372a3e50', // V30, 2026-07-27
  'dd63bcc974a6e4ab9aed2fa05e8a1085713ff69d0a160f4a487551c51c1a9d0f', // V31, 2026-07-30
];

/** Every room contract there was, oldest first, the one of now last. */
const ALL: readonly string[] = [...EARLIER_ROOM_CONTRACT_CODE_HASHES, ROOM_CONTRACT_CODE_HASH];

/** Where a room's state may lie: under the contract of now, then under earlier ones, newest first. */
export const roomContractKeys = (owner: VerifyingKey): readonly ContractKey[] =>
  ALL.toReversed().map((hash) => roomContractKey(fromHex(hash), owner));

/** One contract that a room may have lain under. */
export interface RoomContractVersion {
  /** As River's registry counts them: `V1` is the oldest. */
  readonly version: string;
  /** Its key for the room; the code is known. */
  readonly key: ContractKey & { readonly code: Uint8Array };
}

/**
 * The contracts that a room may have lain under before the one with this code hash, newest first. Where that one is not known here
 * it is a newer one, and all that are known came before it.
 */
export function earlierRoomContracts(
  owner: VerifyingKey,
  codeHash: Uint8Array,
): readonly RoomContractVersion[] {
  const at = ALL.indexOf(toHex(codeHash));
  const earlier = at < 0 ? ALL : ALL.slice(0, at);
  return earlier
    .map((hash, i) => {
      const code = fromHex(hash);
      return { version: `V${i + 1}`, key: { ...roomContractKey(code, owner), code } };
    })
    .toReversed();
}
