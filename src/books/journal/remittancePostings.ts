import { minorUnits } from '../../money/money.js';
import {
  foldRemittances,
  type RemittanceEvent,
  type RemittanceRecorded,
} from '../../office/remittances/remittance.js';
import { debit, type Posting } from './ledgerAccount.js';
import { outside } from './transferPostings.js';

/**
 * Returns the postings of the remittances of an external system: what was handed over, and what the system kept, is
 * booked against what was settled there, and against the surplus.
 *
 * @param events - all events of the remittances of one external system, in the stream's order
 * @returns the postings of each event, which sum to zero
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if the events do not fold
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { decideRemittance, noRemittances } from 'patron-fees/bursar';
 * import { remittancePostings } from 'patron-fees/reports';
 *
 * const policy = definePolicy({ currency: 'USD', destinations: { AGENCY: 'Collections' } });
 * const by = { channel: 'desk', userId: 'fin' } as const;
 * const about = { destination: 'AGENCY', at: '2026-04-01T09:00:00Z', by } as const;
 * const money = { direction: 'received', amount: '80', commission: '20' } as const;
 * const { events } = decideRemittance({ type: 'RecordRemittance', id: 'r1', ...money, ...about }, noRemittances, policy);
 * remittancePostings(events)[0]?.map(({ account, amountMinor }) => [account.join(), amountMinor]);
 * //=> [['remitted,AGENCY', 8000], ['commission,AGENCY', 2000], ['settled,AGENCY', -10000]]
 * ```
 */
export function remittancePostings(events: readonly RemittanceEvent[]): readonly (readonly Posting[])[] {
  foldRemittances(events);
  const recorded = new Map<string, RemittanceRecorded['data']>();
  return [...events].map((event) => {
    const { remittanceId } = event.data;
    if (event.type === 'RemittanceRecorded') recorded.set(remittanceId, event.data);
    const data = recorded.get(remittanceId) as RemittanceRecorded['data'];
    return posted(data, event.type === 'RemittanceRecorded' ? 1n : -1n);
  });
}

function posted(
  { destination, direction, amount, commission, surplus }: RemittanceRecorded['data'],
  done: 1n | -1n,
): readonly Posting[] {
  const sign = direction === 'received' ? done : -done;
  const [money, kept, above] = [minorUnits(amount), minorUnits(commission), minorUnits(surplus)];
  return [
    debit(outside('remitted', destination), Number(sign * money), null),
    debit(outside('commission', destination), Number(sign * kept), null),
    debit(outside('settled', destination), Number(-sign * (money + kept - above)), null),
    debit(['settlementSurplus'], Number(-sign * above), null),
  ].filter(({ amountMinor }) => amountMinor !== 0);
}
