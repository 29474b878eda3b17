import { expect, it } from 'vitest';
import { openTestDatabase } from '../../persist/testing.ts';
import { textEdit } from '../state/message-edits.ts';
import { membersOf } from '../state/members-of.ts';
import { copyState, good, OfflineBrowser } from '../testing/offline-browser.ts';
import { MessageSearch } from './message-search.ts';

it('nothing of somebody who is muted is found, until they are shown again', async () => {
  const ana = new OfflineBrowser(await openTestDatabase());
  const theo = new OfflineBrowser(await openTestDatabase());
  const room = await ana.create('Weir keepers');
  const { link } = good(await ana.people.invite(room));
  good(await theo.people.acceptInvitation(link, { nickname: 'Theo', replace: false }));
  await theo.arrive(room, await ana.room(room));
  good(await theo.edits.submit(room, textEdit(theo.compose, 'the sluice is shut')));
  await copyState(theo, ana, room);
  good(await ana.edits.submit(room, textEdit(ana.compose, 'which sluice?')));
  const theosId = membersOf(await ana.room(room), new Set()).find(
    ({ name }) => name === 'Theo',
  )?.id;
  if (theosId === undefined) throw new Error('Theo is not in the room');
  const search = new MessageSearch(
    ana.db,
    async () => {},
    () => 0,
  );
  const find = async (words: string): Promise<readonly string[]> => {
    let found: readonly string[] = [];
    for await (const { hits } of search.run(words)) found = hits.map(({ text }) => text);
    return found;
  };
  expect(await find('sluice')).toEqual(['which sluice?', 'the sluice is shut']);
  good(await ana.members.setMuted(room, theosId, true));
  expect(await find('sluice')).toEqual(['which sluice?']);
  expect(await find('from:theo')).toEqual([]);
  good(await ana.members.setMuted(room, theosId, false));
  expect(await find('sluice')).toEqual(['which sluice?', 'the sluice is shut']);
});
