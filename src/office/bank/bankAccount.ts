import { digitsOf } from '../../money/currency.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import { type FailOfEvent, foldOffice } from '../foldOffice.js';
import type {
  BankEntryBooked,
  BankEntryConfirmed,
  BankEvent,
  BankItem,
  BankItemEnded,
  SafeDeposited,
} from './bankEvents.js';

/** A deposit from the safe, a confirmation, an ending or a booking. */
export type BankRecord = SafeDeposited | BankEntryConfirmed | BankItemEnded | BankEntryBooked;

/** What is confirmed of an item at one account at a bank, or ended. */
export type BankItemState = {
  /** The item, with the amount of the whole. */
  readonly item: BankItem;
  /** What is confirmed of it less what the bank took back, and what was ended: a decimal string. */
  readonly settled: string;
  /** The confirmations and endings that hold, oldest first; at least one. */
  readonly records: readonly string[];
};

/** One account at a bank: the deposits from the safe, and which entries of the bank confirm which items. */
export type BankAccount = {
  /** ISO 4217 code of all amounts; null before the first event. */
  readonly currency: string | null;
  /** The number of events, which is the version of the stream. */
  readonly eventCount: number;
  /** Deposits from the safe, confirmations, endings and bookings by id, oldest first. */
  readonly records: ReadonlyMap<string, BankRecord>;
  /** The ids of those that were reversed. */
  readonly reversed: ReadonlySet<string>;
  /** The confirmation or booking that holds of each entry of the bank, by the entry's id. */
  readonly entries: ReadonlyMap<string, string>;
  /** What is confirmed or ended of each item, by what identifies it: all but its amount. */
  readonly items: ReadonlyMap<string, BankItemState>;
  /** The digests of the commands so far, by the command's id. */
  readonly commands: ReadonlyMap<string, string>;
};

/** A bank account without events. */
export const noBankAccount: BankAccount = {
  currency: null,
  eventCount: 0,
  records: new Map(),
  reversed: new Set(),
  entries: new Map(),
  items: new Map(),
  commands: new Map(),
};

/** Returns the key of an item: the same whatever its amount. */
export function bankItemKey(item: BankItem): string {
  switch (item.kind) {
    case 'deposit':
      return JSON.stringify([item.kind, item.till, item.sessionId, item.method]);
    case 'safeDeposit':
      return JSON.stringify([item.kind, item.depositId]);
    case 'returned':
      return JSON.stringify([item.kind, item.patronId, item.reversalId]);
    case 'remittance':
      return JSON.stringify([item.kind, item.destination ?? null, item.remittanceId]);
    case 'payout':
      return JSON.stringify([item.kind, item.method, item.payoutId]);
  }
}

/**
 * Returns what another account than its own has of an item; undefined if nothing. Deposits from the safe belong to one
 * account, and those of another may have the same ids.
 */
export function stateElsewhere({ items }: BankAccount, item: BankItem): BankItemState | undefined {
  return item.kind === 'safeDeposit' ? undefined : items.get(bankItemKey(item));
}

/** Returns the amount of a whole item. */
export function wholeOf({ amount, of = amount }: BankItem): string {
  return of;
}

/** Returns whether more of an item is settled than it is; amounts in minor units. */
export function isAbove(settled: bigint, whole: bigint): boolean {
  return whole > 0n ? settled > whole : settled < whole;
}

/** Returns the items of a record: none of a deposit or a booking. */
export function itemsOfRecord(record: BankRecord): readonly BankItem[] {
  if (record.type === 'BankItemEnded') return [record.data.item];
  return record.type === 'BankEntryConfirmed' ? record.data.items : [];
}

/** Returns the amount of a record, a decimal string. */
export function amountOfRecord({ data }: BankRecord): string {
  return 'item' in data ? data.item.amount : data.amount;
}

/** Returns the id of a record. */
export function idOfRecord({ data }: BankRecord): string {
  if ('item' in data) return data.endingId;
  if ('bookingId' in data) return data.bookingId;
  return 'depositId' in data ? data.depositId : data.confirmationId;
}

/** Returns the sum of items and a difference, in minor units. */
export function bankSum({
  items,
  difference,
}: Pick<BankEntryConfirmed['data'], 'items' | 'difference'>): bigint {
  return items.reduce((sum, { amount }) => sum + minorUnits(amount), minorUnits(difference?.amount ?? '0'));
}

/**
 * Folds the events of one account at a bank.
 *
 * @param events - its events, in the stream's order
 * @param state - the account before them; an empty one if left out
 * @returns the account after them
 * @throws {@link index.PatronFeesError | PatronFeesError} `CORRUPT_HISTORY` if an event cannot follow the events before
 * it: an id used twice, another currency, an entry confirmed twice, more of an item than it is, items that are not the
 * entry's amount, a reversal of nothing; `INVALID_ARGUMENT` if `events` is not a list; `INVALID_EVENT` for another value in it
 *
 * @example
 * ```ts
 * import { foldBankAccount } from 'patron-fees/office';
 *
 * foldBankAccount([]).records.size; //=> 0
 * ```
 */
export function foldBankAccount(
  events: Iterable<BankEvent>,
  state: BankAccount = noBankAccount,
): BankAccount {
  const [records, reversed, entries, items, commands] = [
    new Map(state.records),
    new Set(state.reversed),
    new Map(state.entries),
    new Map(state.items),
    new Map(state.commands),
  ];
  let { currency } = state;
  const eventCount = foldOffice(events, state.eventCount, (event, fail) => {
    const { commandId, commandDigest } = event.metadata;
    if (commands.has(commandId)) fail(`the command ${commandId} has events already`);
    if (currency !== null && currency !== event.data.currency)
      fail(`expected ${currency}, found ${event.data.currency}`);
    currency = event.data.currency;
    const digits = digitsOf(currency);
    if (event.type === 'BankRecordReversed') {
      const { recordId, amount } = event.data;
      const known = records.get(recordId);
      if (known === undefined || reversed.has(recordId)) return fail(`no record ${recordId} to reverse`);
      const recorded = amountOfRecord(known);
      if (recorded !== amount) fail(`expected ${recorded}, found ${amount}`);
      if ('entryId' in known.data) entries.delete(known.data.entryId);
      for (const item of itemsOfRecord(known))
        settle(items, item, { id: recordId, isReversed: true, digits }, fail);
      reversed.add(recordId);
    } else {
      const id = idOfRecord(event);
      if (records.has(id)) fail(`record ${id} exists already`);
      if ('entryId' in event.data) {
        const { entryId } = event.data;
        if (entries.has(entryId)) fail(`entry ${entryId} is confirmed or booked already`);
        entries.set(entryId, id);
      }
      if (event.type === 'BankEntryConfirmed' && bankSum(event.data) !== minorUnits(event.data.amount))
        fail(`the items are not ${event.data.amount}`);
      for (const item of itemsOfRecord(event)) settle(items, item, { id, isReversed: false, digits }, fail);
      records.set(id, event);
    }
    commands.set(commandId, commandDigest);
  });
  return { currency, eventCount, records, reversed, entries, items, commands };
}

/** Adds what a record settles of an item, or takes it away. */
function settle(
  items: Map<string, BankItemState>,
  item: BankItem,
  { id, isReversed, digits }: { readonly id: string; readonly isReversed: boolean; readonly digits: number },
  fail: FailOfEvent,
): void {
  const key = bankItemKey(item);
  const whole = wholeOf(item);
  const known = items.get(key);
  const before = known?.records ?? [];
  const records = isReversed ? before.filter((other) => other !== id) : [...before, id];
  if (records.length === 0) {
    items.delete(key);
    return;
  }
  if (known !== undefined && known.item.amount !== whole)
    fail(`expected an item of ${known.item.amount}, found ${whole}`);
  const change = isReversed ? -minorUnits(item.amount) : minorUnits(item.amount);
  const settled = minorUnits(known?.settled ?? '0') + change;
  if (isAbove(settled, minorUnits(whole))) fail(`more than the item of ${whole} is settled`);
  const { of: _, ...rest } = item;
  items.set(key, { item: { ...rest, amount: whole }, settled: formatAmount(settled, digits), records });
}
