import { corrupt } from '../corruptHistory.js';
import type { EventOf } from '../events/accountEvent.js';
import { type AccountState, emptyAccount } from '../patronAccount.js';
import { addUp, newUse, positive, record, sum } from './guards.js';

/**
 * Empties the account. The events before it were removed, so possibly none of them were folded, or only some, onto an
 * older account. Its rules are in jobs/retention/runPurge.ts.
 */
export function accountPurged(state: AccountState, event: EventOf<'AccountPurged'>): void {
  const { purgeId, events, currency, totals } = event.data;
  if (!Number.isSafeInteger(events) || events < Math.max(1, state.eventCount))
    corrupt('InvalidPurge', `at least ${Math.max(1, state.eventCount)} removed events`, events);
  const purged = { ...(emptyAccount() as AccountState), eventCount: events };
  for (const month of new Set(totals.map((total) => total.month))) {
    const ofSide = (side: string) =>
      sum(
        totals
          .filter((total) => total.month === month && total.side === side)
          .map(({ amount }) => positive(purged, amount, currency)),
      );
    addUp(ofSide('debit'), ofSide('credit'));
  }
  record(purged, event, newUse('other', purgeId, 0), 0);
  Object.assign(state, purged);
}
