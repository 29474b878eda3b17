import { decode, encode } from '../../../src/river/cbor/codec.ts';
import { outboundDmStore } from '../../../src/river/outbound-dms.ts';
import { roomsBlob } from '../../../src/river/rooms-blob.ts';
import { roomsMeta } from '../../../src/river/rooms-meta.ts';
import { fromHex } from '../../../src/shared/bytes.ts';
import { distinct, userDataVectors } from '../corpus.ts';
import { cborForm } from '../round-trip.ts';
import { loadedFrom, type Input, type Target } from '../target.ts';

/** Rooms that the shortened blobs hold. */
const FEW_MESSAGES = 12;

/** The blob of all rooms, and it with few rooms: whole it is half a megabyte. */
function blobs(hex: string): readonly Input[] {
  const blob = decode(roomsBlob, fromHex(hex));
  if (!blob.ok) throw blob.error;
  const small = blob.value.map.filter(
    ([, { roomState }]) => roomState.recentMessages.length <= FEW_MESSAGES,
  );
  const shortened = [small.slice(0, 1), small].map((map) => [
    encode(roomsBlob, { ...blob.value, map }),
  ]);
  return [[fromHex(hex)], ...shortened];
}

/** The delegate's other values: preferences, sent direct messages, and the old value of all rooms. */
export const lists: Target = {
  name: 'lists',
  format: 'cbor',
  load: () => {
    const { rooms_meta, outbound_dms, legacy_rooms_data } = userDataVectors();
    return loadedFrom([
      { form: cborForm('rooms_meta', roomsMeta), seeds: distinct([rooms_meta]) },
      { form: cborForm('outbound_dms', outboundDmStore), seeds: distinct([outbound_dms]) },
      { form: cborForm('rooms_data', roomsBlob), seeds: blobs(legacy_rooms_data) },
    ]);
  },
};
