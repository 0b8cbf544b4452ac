import fc from 'fast-check';
import type { AccountEvent } from '../../src/index.js';

/** What is written over a field: what JSON can hold, and words of other fields. */
const junk = fc.constantFrom<unknown>(
  ...[
    null,
    true,
    0,
    -1,
    17,
    1e21,
    '',
    '0.00',
    '1.00',
    '99.99',
    '1',
    'USD',
    'EUR',
    'c0',
    '__proto__',
    'constructor',
  ],
  ...[
    'setOff',
    'refundable',
    'external',
    'goodwill',
    'waived',
    'returned',
    'cancelled',
    'manual',
    'imported',
  ],
  ...[[], {}, [null], ['c0'], [{}], { creditId: 'c0', amount: '1.00' }, [{ feeId: 'c0', amount: '1.00' }]],
);

/** One way to spoil a history. Numbers are taken modulo what there is. */
const corruption = fc.record({
  how: fc.constantFrom('drop', 'repeat', 'swap', 'rename', 'borrow', 'overwrite', 'remove'),
  at: fc.nat(1_000),
  other: fc.nat(1_000),
  field: fc.nat(1_000),
  junk,
});

export type Corruption = typeof corruption extends fc.Arbitrary<infer Value> ? Value : never;

export const corruptions: fc.Arbitrary<readonly Corruption[]> = fc.array(corruption, { maxLength: 3 });

/** The history with an event dropped, repeated, moved, of another type, or with a field of other content. */
export function corrupted(
  history: readonly AccountEvent[],
  all: readonly Corruption[],
): readonly AccountEvent[] {
  return all.reduce((events, one) => (events.length === 0 ? events : corruptedOnce(events, one)), history);
}

function corruptedOnce(history: readonly AccountEvent[], corruption: Corruption): readonly AccountEvent[] {
  const [here, there] = [corruption.at % history.length, corruption.other % history.length];
  const events = structuredClone(history) as AccountEvent[];
  const [one, another] = [events[here], events[there]] as [AccountEvent, AccountEvent];
  switch (corruption.how) {
    case 'drop':
      events.splice(here, 1);
      break;
    case 'repeat':
      events.splice(here, 0, another);
      break;
    case 'swap':
      events[here] = another;
      events[there] = one;
      break;
    case 'rename':
      events[here] = { ...one, type: another.type } as AccountEvent;
      break;
    case 'borrow':
      events[here] = borrowing(one, another, corruption.field);
      break;
    case 'overwrite':
      place(one, corruption.field).write(corruption.junk);
      break;
    case 'remove':
      place(one, corruption.field).remove();
      break;
  }
  return events;
}

/** The event with a field of another event's data. */
function borrowing(event: AccountEvent, from: AccountEvent, field: number): AccountEvent {
  const entries = Object.entries(from.data ?? {});
  const borrowed = entries[field % entries.length];
  return {
    ...event,
    data: { ...event.data, ...Object.fromEntries(borrowed ? [borrowed] : []) },
  } as AccountEvent;
}

/** One field of an event, however deep. */
function place(event: AccountEvent, field: number) {
  const places: { readonly write: (value: unknown) => void; readonly remove: () => void }[] = [];
  const visit = (owner: Record<string, unknown>): void => {
    for (const [key, inner] of Object.entries(owner)) {
      const write = (value: unknown) => {
        owner[key] = value;
      };
      places.push({ write, remove: () => delete owner[key] });
      if (typeof inner === 'object' && inner !== null) visit(inner as Record<string, unknown>);
    }
  };
  visit(event as unknown as Record<string, unknown>);
  return places[field % places.length] as (typeof places)[number];
}
