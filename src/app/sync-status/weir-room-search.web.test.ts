import { afterEach, describe, expect, test } from 'vitest';
import type { RoomKey } from '../../shared/brand.ts';
import type { RoomSearchStatus } from '../state/live-room-search.ts';
import { FakeWeir } from '../testing/fake-weir.ts';
import { find, findAll, mount, unmountAll, violations, words } from '../testing/mount.ts';
import './weir-room-search.ts';
import type { WeirRoomSearch } from './weir-room-search.ts';

afterEach(unmountAll);

const ROOM = 'room' as RoomKey;

async function show(status?: Partial<RoomSearchStatus>): Promise<WeirRoomSearch> {
  const weir = new FakeWeir();
  const base = { answered: 0, of: 31, found: [], reasons: [] };
  weir.searches.set(new Map(status ? [[ROOM, { ...base, ...status }]] : []));
  const element = document.createElement('weir-room-search');
  element.weir = weir;
  element.room = ROOM;
  return mount(element);
}

describe('the search for a room under its earlier contracts', () => {
  test('is not spoken of where the room was where it belongs', async () => {
    expect(words(await show())).toBe('');
  });

  test.each<[Partial<RoomSearchStatus>, RegExp]>([
    [{ answered: 12 }, /12 of 31 answered; nothing was found so far\./],
    [{ answered: 31 }, /31 of 31 answered; nothing was found\./],
    [{ answered: 31, found: ['V31', 'V3'] }, /31 of 31 answered; what V31 and V3 held is here\./],
    [{ answered: 31, found: ['V1', 'V2', 'V3', 'V4'] }, /what 4 of them held is here\./],
  ])('says how far it is: %o', async (status, line) => {
    const element = await show(status);
    expect(words(element)).toMatch(line);
    expect(findAll(element, 'details')).toEqual([]);
    expect(await violations(element)).toEqual([]);
  });

  test('says which versions did not answer, and why, to who opens it', async () => {
    const reasons = [{ version: 'V31', reason: 'no answer within 12,000 ms' }];
    const element = await show({ answered: 30, reasons });
    const details = find<HTMLDetailsElement>(element, 'details');
    expect(details.open).toBe(false);
    const summary = find(element, 'summary');
    expect(summary.getBoundingClientRect().height).toBeGreaterThanOrEqual(44);
    summary.click();
    expect(words(element)).toContain('V31: no answer within 12,000 ms');
    expect(words(element)).toContain('asked again by themselves');
    expect(await violations(element)).toEqual([]);
  });
});
