import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { Arbitrary, FastCheck } from '../fastCheck.js';

/** Values written over a field: any JSON, and words of other fields. */
const junk: readonly unknown[] = [
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
  'setOff',
  'refundable',
  'external',
  'goodwill',
  'waived',
  'returned',
  'cancelled',
  'manual',
  'imported',
  [],
  {},
  [null],
  ['c0'],
  [{}],
  { creditId: 'c0', amount: '1.00' },
  [{ feeId: 'c0', amount: '1.00' }],
];

const hows = ['drop', 'repeat', 'swap', 'double', 'borrow', 'rename', 'overwrite', 'remove'] as const;

/** One way to damage a history. Numbers are taken modulo the number of targets. */
export type Damage = {
  /**
   * Drops an event, repeats it, swaps it with another, doubles its amounts, gives it a field or the type of another
   * event, overwrites a field, or removes one.
   */
  readonly how: (typeof hows)[number];
  /** Selects the event. */
  readonly at: number;
  /** Selects the other event. */
  readonly other: number;
  /** Selects the field. */
  readonly field: number;
  /** The value that overwrites the field. */
  readonly junk: unknown;
};

/** Generates a few damages. */
export function damages(fc: FastCheck, maxLength = 3): Arbitrary<readonly Damage[]> {
  const damage = fc.record({
    how: fc.constantFrom(...hows),
    at: fc.nat(1_000),
    other: fc.nat(1_000),
    field: fc.nat(1_000),
    junk: fc.constantFrom(...junk),
  });
  return fc.array(damage, { minLength: 1, maxLength });
}

/** Returns the damaged history. Each event is still plain data, but may no longer be an event of this library. */
export function damaged(history: readonly AccountEvent[], all: readonly Damage[]): readonly AccountEvent[] {
  return all.reduce((events, one) => (events.length === 0 ? events : damagedOnce(events, one)), history);
}

function damagedOnce(history: readonly AccountEvent[], damage: Damage): readonly AccountEvent[] {
  const [here, there] = [damage.at % history.length, damage.other % history.length];
  const events = structuredClone(history) as AccountEvent[];
  const [one, another] = [events[here], events[there]] as [AccountEvent, AccountEvent];
  switch (damage.how) {
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
    case 'double':
      events[here] = doubledAmounts(one);
      break;
    case 'borrow':
      events[here] = borrowing(one, another, damage.field);
      break;
    case 'rename':
      events[here] = { ...one, type: another.type } as AccountEvent;
      break;
    case 'overwrite':
      place(one, damage.field).write(damage.junk);
      break;
    case 'remove':
      place(one, damage.field).remove();
      break;
  }
  return events;
}

/** Returns the event with a field of another event's data. */
function borrowing(event: AccountEvent, from: AccountEvent, field: number): AccountEvent {
  const entries = Object.entries(from.data ?? {});
  const borrowed = entries[field % entries.length];
  return {
    ...event,
    data: { ...event.data, ...Object.fromEntries(borrowed ? [borrowed] : []) },
  } as AccountEvent;
}

/** Returns one field of an event, at any depth. */
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

/** Returns the event with all its amounts doubled. */
export function doubledAmounts(event: AccountEvent): AccountEvent {
  return JSON.parse(
    JSON.stringify(event, (key, value) => (key === 'amount' && isAmount(value) ? doubled(value) : value)),
  );
}

function isAmount(value: unknown): value is string {
  return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value);
}

function doubled(amount: string): string {
  const decimals = amount.split('.')[1]?.length ?? 0;
  const text = String(BigInt(amount.replace('.', '')) * 2n).padStart(decimals + 1, '0');
  return decimals === 0 ? text : `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
}
