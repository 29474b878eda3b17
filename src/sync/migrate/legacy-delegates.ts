import { blake3 } from '@noble/hashes/blake3.js';
import type { DelegateKey } from '../../freenet/types.ts';
import { concatBytes, equalBytes, fromHex, toHex } from '../../shared/bytes.ts';

/** A chat delegate under which a person's rooms may still lie. Its place in a list of them, oldest first, is its rank. */
export interface LegacyDelegate {
  readonly version: string;
  readonly key: DelegateKey;
}

const legacy = (version: string, key: string, codeHash: string): LegacyDelegate => ({
  version,
  key: { key: fromHex(key), codeHash: fromHex(codeHash) },
});

/**
 * River's superseded generations, oldest first, with the day each was registered. V4 to V6 were taken out by River, since no node
 * can run them any more; the key of V1 does not follow from its code hash.
 *
 * Source: river: legacy_delegates.toml.
 */
export const RIVER_SUPERSEDED: readonly LegacyDelegate[] = [
  // 2026-01-15
  legacy(
    'V1',
    '1a9330820e806cda54eca7dab22b84f20cfa793ebe61a2615312cc6e6ebcfff6',
    '783996bde3bc2235affec9deb8a0f7e9d21fa131dcf003000bb03f467db0f831',
  ),
  // 2026-02-11
  legacy(
    'V2',
    'e3ad5c5b1a821089536be84d674329b37f46d2fba3e7026008fae85f3556511f',
    'cfb9774c03cd95424955adab70a41d7575cd3312f09fd3f16d6ef548ba8cf051',
  ),
  // 2026-02-27
  legacy(
    'V3',
    '1da41b5e49067bce3804a52ea7b1b7bbdffd326a4c734e00a946ed23ec41dab6',
    'f399f3bfb435d51a6f233b4201e71ee5f6c5c2a4dd8c96e9d36e5c907317bed5',
  ),
  // 2026-03-12
  legacy(
    'V7',
    '5fc0fc05bf778a0817c651c9021fd4e08e68e7916bf61d0f2843d32aa5931622',
    '77944fa2386b3b53733e3386b61e1a1e142fd802e3bceea78e283ca8feb6b79d',
  ),
  // 2026-03-18
  legacy(
    'V8',
    '6c714bc1b1d6c523b19b1e4f073c33f4cf9adaa583348d940ec2132ac86c755a',
    '3a6829af9883be43022a4c0402d7b160409de4a286cfd0490ce5176673e42549',
  ),
  // 2026-03-24
  legacy(
    'V9',
    '0ed1d5ba6d50bfe5d3f4b4698fc07eba6f2d5a91d06b45a84a7501b13c32f697',
    '3a794f5eea4982441adbe7663623c55e44b58ced7be39199c5aae96eb2892648',
  ),
  // 2026-04-14
  legacy(
    'V10',
    'c2c96b97ab5e2f38bfdfb1ea697906fb947a5cdbaea25747f4670561b3edb61b',
    '9ef1e02d5c99d9a9743972c5e618e061e0e2278658cfa178900b31a2834313c1',
  ),
  // 2026-05-06
  legacy(
    'V11',
    '3b1d942c7271bc34df45062e525da4788af543e49bfdd49a69ad03a81cb5ed00',
    '05bc461db19ff89ff6d30cf09572d53d26d1d5981fc45e5cbb0a30ae218c42f9',
  ),
  // 2026-05-08
  legacy(
    'V12',
    '6c1d14f79846c1095bc4a52b56be2f60c866a97b297dc74a325562244d36080b',
    '44d0025e2b671a2cd15d1a8a6a94e35d7cb545e9cd9dbcd02c9cb5c9eef3f9d6',
  ),
  // 2026-05-12
  legacy(
    'V13',
    '8083d3bc94100c7ab73fb64539a88ca7ac7872b1d5b23068b506bd6f28d6b4c3',
    '26fe16d3b5a4bde82d1990dac9176af7aaa756c0a0de6291c07dcb4ee82e48ee',
  ),
  // 2026-05-12
  legacy(
    'V14',
    '3a4de0aca4a094e1df9a6e0ab623724e836d4e77b53d083654741b88a44bbe19',
    'c03369b26164432dd52761a79cb66db64610fc33c80b6c1c17532201b7ed69ac',
  ),
  // 2026-05-13
  legacy(
    'V15',
    '4377eb8d7685cba2ad0318d7f118ca09a1219fed128c2c5b04cd8045f3130fdb',
    '0ca52ed8d2978a69278a895c0adfc543dbe53d34a4c91c2f7eab49aa5e676ff1',
  ),
  // 2026-05-13
  legacy(
    'V16',
    '0f7e89d3dc05585816092e195382bedaa7aaf02cc3d759b9763470dd4b9b19eb',
    '2f8e63598983f1d6e76aa8510744ec6ee29515010e4fa9a262ef105f23487c7e',
  ),
  // 2026-05-14
  legacy(
    'V17',
    '540b28876505abde260f479702613af1dcefacb4d9de2af78367afc58503b0a2',
    '123f732d82e472a59927123f096580a0e4fd355ad47b1bc17f03f44deb5cdb92',
  ),
  // 2026-05-16
  legacy(
    'V18',
    '11db7236c2211dd54ab6853826915464ce429a7a044cbf2813aa5a3d74ba5b1f',
    '6229c2a136b30a7868c07099efdea86bee260734339d872aa1e68177733b5fdd',
  ),
  // 2026-05-16
  legacy(
    'V19',
    '497b522ac5c1f0a6234f832d7f593ab78c2b7f91136607400e9d1839509e6839',
    '47e54c906561d394cf473e89180350ea9e4bc6e75091e1debcf7306e5b971c80',
  ),
  // 2026-05-17
  legacy(
    'V20',
    '49b626c43a0b0bf9a8506a5266c690afdebc1dc6ce8a7d6d9397b8b1f1b21a4d',
    '05a96a22b12f548d51a9d785c374790f6dcb22986e0d98e9f0dc023ffbaa4ca0',
  ),
  // 2026-05-17
  legacy(
    'V21',
    '9615964a72a194c0d400161072d3d2747ef3a2d5adc04718ab0641b758b45d0d',
    '1a63414c706954884409f8bf2ec54fdd97740d08ec89ddd45cd9f4e4fa6ba7ef',
  ),
  // 2026-05-17
  legacy(
    'V22',
    '6984cf98f31dba05d98c22239b07aff5b6b025c3d05e0d1ff343007bc409f374',
    'a4db9f71a42f6317335425bce445b8ef8fba4214827820c0214306f934c749a5',
  ),
  // 2026-05-17
  legacy(
    'V23',
    '25b738b62a214355d6208c62f0bf5d3039cc263401a8e87b1795e9d27318bb80',
    '4642294dfc04f45f7f2a0a76c80a2c9ff507556606d58c6dbc69e868fada597d',
  ),
  // 2026-06-03
  legacy(
    'V24',
    '1ec6b3d1d16f7a2d4ecd6e305c05bb9a49321a1043b1d28ae84e6c56c4959bb9',
    '904f76ff053f0882a8a036de3eea2ff367dced8bc5b0cbdbadcea3e40a4688f6',
  ),
  // 2026-07-10
  legacy(
    'V25',
    '3e0e07376681429abeab623c85b28fee3e0dffddc4f81601cb08e175310eda80',
    '8bb5d06fa060b74825355a3e253f006b90f26bdfebe88ed2aa2db2e8e351cc8d',
  ),
  // 2026-07-16
  legacy(
    'V26',
    'b61dc292c952f5ec48f870a0f9829090968a7d03669671f619487f0b5aca8633',
    'd91e33fcf47b4863b996fbf6bb8d782b2250a0e5037fb8dc7a030b60ac1c4de1',
  ),
  // 2026-07-18
  legacy(
    'V27',
    'c01c1602ceef95278c4dbb0a980cbb63cf2e9ec36ed985f4bc657225f1558ab5',
    'ee08e689207af26de43e02ebc1ad9ebbc1e14fa305a600c79825c0bd27d1f774',
  ),
  // 2026-07-22
  legacy(
    'V28',
    '992155c30b554f334c8869874fea4ce277af3a5b16f072e7893d8502f028e8cd',
    '82da3a0ea2b7d393b5a88674e7fda4768d73bce97c1d161d7793a46f316bb5a1',
  ),
  // 2026-07-27
  legacy(
    'V29',
    'd46b5363858c82ed91f0709d179c620c74c1ab84483b114181594c08a3d4b915',
    '2f8c5f1d5c517e57208538fb2a7ec819e882eafa29bc43047eb6c025b37eba8e',
  ),
  // 2026-07-30
  legacy(
    'V30',
    'c3624f29fdfdb1ca3473a3d4b11c83b635cb98bf6d89e1b5114c003e1d1c485a',
    '6f65e45cd8b903374b4ac7c9c916e4fe9f9403660e7391c9192ea8378933a1b4',
  ),
];

/** River's own delegate of August 2026: another one than Weir's, so what River itself stores lies there. */
export const RIVER_CURRENT: LegacyDelegate = legacy(
  'River, August 2026',
  'cc312ac16dd5abe75ebc28e8483b0d2a6593457bf8030a20d0d640d10150eafc',
  'a44c64014d60fd245fe8fb5172f8fd7397039b248b3b6a8e95e89a0bb539fb5e',
);

/** Every delegate but the present one that Weir's or River's people have used, oldest first. */
export const LEGACY_DELEGATES: readonly LegacyDelegate[] = [...RIVER_SUPERSEDED, RIVER_CURRENT];

/** Those that are legacy where `current` is the delegate in use. */
export const legacyOf = (
  all: readonly LegacyDelegate[],
  current: DelegateKey,
): readonly LegacyDelegate[] => all.filter(({ key }) => !equalBytes(key.key, current.key));

/** Names a registry as River does: 16 hex characters of BLAKE3 over every key and code hash. */
export const fingerprintOf = (registry: readonly LegacyDelegate[]): string =>
  toHex(blake3(concatBytes(registry.flatMap(({ key }) => [key.key, key.codeHash])))).slice(0, 16);
