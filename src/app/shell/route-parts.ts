import { part } from '../state/part.ts';
import type { Route } from '../state/router.ts';

/** Parts of the app that come when one first goes there. */
const ROUTE_PARTS: Partial<Readonly<Record<Route['type'], () => Promise<unknown>>>> = {
  dms: () => import('../dms/weir-dms.ts'),
  doctor: () => import('../doctor/weir-doctor.ts'),
  search: () => import('../search/weir-search.ts'),
};

/** @throws PartMissingError */
export async function fetchRoute(route: Route): Promise<void> {
  const load = ROUTE_PARTS[route.type];
  if (load) await part(load);
}
