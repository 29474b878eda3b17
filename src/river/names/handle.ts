/**
 * Names to begin with, so that nobody faces an empty field: two words that a key chooses. They are a suggestion and part of no
 * format.
 */

/** A hundred for each place. */
export const FIRST =
  'Amber Apple April Aspen Autumn Azure Berry Birch Bright Brisk Calm Cedar Cherry Clear Clever Cloud Clover Coral Cosy Crisp Curious Dapper Dawn Deft Dewy Early Easy Elder Ember Evening Fair Fern Fleet Fond Forest Fresh Friendly Gentle Glad Golden Good Grand Green Happy Hazel Hearty Honest Humble Indigo Ivory Jolly Jovial June Keen Kind Lemon Light Lilac Lively Lucky Maple March Mellow Merry Mild Mint Misty Modest Morning Noble Northern Olive Open Orchid Patient Pearl Plum Polite Quick Quiet Rosy Ruby Sage Sandy Scarlet Serene Silver Sincere Snowy Spring Steady Summer Sunny Swift Tidy True Velvet Violet Warm Willow'.split(
    ' ',
  );

export const LAST =
  'Badger Basin Bay Beacon Beaver Bend Bittern Boat Bream Bridge Brook Canal Carp Cove Crane Creek Cress Curlew Current Dabchick Delta Dipper Dove Drake Duck Egret Elm Falcon Ferry Finch Fjord Ford Fountain Frog Gannet Glen Goose Grebe Gull Harbour Hare Heron Hill Inlet Island Jay Kestrel Kingfisher Lagoon Lake Lark Lighthouse Lily Linnet Loch Lock Loon Marsh Martin Meadow Mere Mill Minnow Moss Newt Oar Oriole Osprey Otter Owl Paddle Pebble Perch Pike Pier Plover Pond Pool Rapid Raven Reed Reef Ripple Robin Rush Salmon Shore Snipe Sparrow Spring Stone Swallow Swan Tern Thrush Tide Trout Vale Wagtail Wren'.split(
    ' ',
  );

/** At most 21 characters, the same for the same key. @param bytes 32 of them: a public key, or random ones */
export const handle = (bytes: Uint8Array): string =>
  `${FIRST[fold(bytes.subarray(0, 16))] ?? ''} ${LAST[fold(bytes.subarray(16, 32))] ?? ''}`;

/** h · 31 + byte in wrapping 64 bits, as a place in a list of 100. */
function fold(bytes: Uint8Array): number {
  let hash = 0n;
  for (const byte of bytes) hash = BigInt.asUintN(64, hash * 31n + BigInt(byte));
  return Number(hash % 100n);
}
