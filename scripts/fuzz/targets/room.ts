import { roomParameters } from '../../../src/river/room-state/parameters.ts';
import { roomDelta, roomState } from '../../../src/river/room-state/room-state.ts';
import { roomSummary } from '../../../src/river/room-state/summary.ts';
import { distinct, recordedStates, roomStateVectors, userDataVectors } from '../corpus.ts';
import { cborForm } from '../round-trip.ts';
import { loadedFrom, type Target } from '../target.ts';

/** What replicas of a room send each other. */
export const room: Target = {
  name: 'room',
  format: 'cbor',
  load: () => {
    const { cases } = roomStateVectors();
    const { rooms } = userDataVectors();
    const deltas = cases.flatMap(({ updates = [], expect }) => [
      ...updates.filter(({ kind }) => kind === 'delta').map(({ data }) => data),
      expect.delta,
    ]);
    const summaries = cases.flatMap(({ summary, expect }) => [summary, expect.summary]);
    return loadedFrom([
      { form: cborForm('room_state', roomState), seeds: recordedStates() },
      { form: cborForm('delta', roomDelta), seeds: distinct(deltas) },
      {
        form: cborForm('summary', roomSummary),
        seeds: distinct([...summaries, ...rooms.map(({ summary }) => summary)]),
      },
      {
        form: cborForm('parameters', roomParameters),
        seeds: distinct([...cases, ...rooms].map(({ params }) => params)),
      },
    ]);
  },
};
