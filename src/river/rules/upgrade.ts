import type { AuthorizedUpgrade } from '../room-state/upgrade.ts';
import { upgradeClaim } from '../signatures/claims.ts';
import { broken, type RuleContext } from './context.ts';

// river: common/src/room_state/upgrade.rs

export function verifyUpgrade(
  { owner, signatures }: RuleContext,
  upgrade: AuthorizedUpgrade | null,
): void {
  if (upgrade !== null && !signatures.isValid(upgradeClaim(upgrade, owner))) {
    broken('upgrade: not signed by the owner');
  }
}

/** Whatever its version: older pointers are held back only when a delta is computed. */
export function applyUpgrade(
  context: RuleContext,
  current: AuthorizedUpgrade | null,
  delta: AuthorizedUpgrade | null,
): AuthorizedUpgrade | null {
  if (delta === null) return current;
  verifyUpgrade(context, delta);
  return delta;
}
