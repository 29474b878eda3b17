import { equalBytes } from '../shared/bytes.ts';
import type { NotificationMode } from '../river/rooms-meta.ts';
import { isSameOrder, type ListPreferences } from './list-preferences.ts';
import { mergeOrders } from './order-merge.ts';
import type { OutboundUnknownRow } from './schema.ts';

/**
 * What is true after both sides have changed what both knew: each room's mode, the order, the current room and each unknown field by
 * itself. Where both have changed the same thing, the one here stays.
 *
 * @param base what the node was last known to hold
 */
export function mergePreferences(
  base: ListPreferences,
  here: ListPreferences,
  node: ListPreferences,
): ListPreferences {
  const order = mergeOrders(base.order, here.order, node.order);
  const modes = mergeModes(base.modes, here.modes, node.modes);
  const current = here.current === base.current ? node.current : here.current;
  const ranks = here.ranks && {
    modes: Object.fromEntries(
      Object.entries(here.ranks.modes).filter(([room]) => modes[room] === here.modes[room]),
    ),
    ...(here.ranks.order !== undefined &&
      isSameOrder(order, here.order) && { order: here.ranks.order }),
  };
  return {
    order,
    modes,
    unknown: mergeUnknown(base.unknown, here.unknown, node.unknown),
    ...(current !== undefined && { current }),
    ...(ranks && { ranks }),
  };
}

type Modes = Readonly<Record<string, NotificationMode>>;

function mergeModes(base: Modes, here: Modes, node: Modes): Modes {
  const merged: Record<string, NotificationMode> = {};
  for (const room of new Set([...Object.keys(here), ...Object.keys(node)])) {
    const mode = here[room] === base[room] ? node[room] : here[room];
    if (mode !== undefined) merged[room] = mode;
  }
  return merged;
}

type Unknown = readonly OutboundUnknownRow[];

function mergeUnknown(base: Unknown, here: Unknown, node: Unknown): Unknown {
  const of = (fields: Unknown, name: string): OutboundUnknownRow | undefined =>
    fields.find((field) => field.name === name);
  const names = new Set([...here, ...node].map(({ name }) => name));
  return [...names].flatMap((name) => {
    const own = of(here, name);
    const field = isSame(own, of(base, name)) ? of(node, name) : own;
    return field ? [field] : [];
  });
}

const isSame = (a: OutboundUnknownRow | undefined, b: OutboundUnknownRow | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && equalBytes(a.bytes, b.bytes));
