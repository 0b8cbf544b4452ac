import fc from 'fast-check';
import type { AccountEvent } from '../../src/index.js';
import { minorUnits } from './books.js';

/** How a history is damaged: which event, how, and where something else is taken from. */
export const damage = fc.record({
  at: fc.nat(60),
  how: fc.constantFrom('lost', 'twice', 'swapped', 'more', 'otherFee', 'otherCredit', 'otherId'),
  other: fc.nat(60),
});

export type Damage = typeof damage extends fc.Arbitrary<infer Value> ? Value : never;

/** The history, and one damaged event of it as it comes after the events before it. */
export function damaged(
  { at, how, other }: Damage,
  events: readonly AccountEvent[],
): readonly AccountEvent[] {
  const index = at % events.length;
  const victim = events[index];
  const source = events[other % events.length];
  if (victim === undefined || source === undefined) return events;
  const replaced = (event: AccountEvent) => [...events.slice(0, index), event, ...events.slice(index + 1)];
  const withField = (field: string) =>
    field in victim.data && field in source.data
      ? replaced({ ...victim, data: { ...victim.data, [field]: source.data[field as 'at'] } } as AccountEvent)
      : events;
  switch (how) {
    case 'lost':
      return events.filter((_, position) => position !== index);
    case 'twice':
      return [...events.slice(0, index), victim, ...events.slice(index)];
    case 'swapped':
      return [
        ...events.slice(0, index),
        ...events.slice(index + 1, index + 2),
        victim,
        ...events.slice(index + 2),
      ];
    case 'more':
      return replaced(withMore(victim));
    case 'otherFee':
      return withField('feeId');
    case 'otherCredit':
      return withField('creditId');
    case 'otherId':
      return withField('paymentId');
  }
}

/** The event with every amount doubled. */
function withMore(event: AccountEvent): AccountEvent {
  return JSON.parse(
    JSON.stringify(event, (key, value) => {
      if (key !== 'amount' || typeof value !== 'string') return value;
      const decimals = value.split('.')[1]?.length ?? 0;
      const text = String(minorUnits(value) * 2n).padStart(decimals + 1, '0');
      return decimals === 0 ? text : `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
    }),
  );
}
