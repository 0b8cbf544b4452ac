import { minorUnits } from '../../money/money.js';
import { foldOffice } from '../foldOffice.js';
import type { BankEntryConfirmed, BankEvent, BankItem, SafeDeposited } from './bankEvents.js';

/** A deposit from the safe, or a confirmation. */
export type BankRecord = SafeDeposited | BankEntryConfirmed;

/** One account at a bank: what was brought there from the safe, and which of its entries confirm what. */
export type BankAccount = {
  /** ISO 4217 code of all amounts; null before the first event. */
  readonly currency: string | null;
  /** The number of events, which is the version of the stream. */
  readonly eventCount: number;
  /** Deposits from the safe and confirmations by id, oldest first. */
  readonly records: ReadonlyMap<string, BankRecord>;
  /** The ids of those that were reversed. */
  readonly reversed: ReadonlySet<string>;
  /** The confirmation that holds of each entry of the bank, by the entry's id. */
  readonly entries: ReadonlyMap<string, string>;
  /** The confirmation that holds of each item, by what identifies it: all but its amount. */
  readonly items: ReadonlyMap<string, string>;
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
 * Returns the confirmation of an item at another account than its own; undefined if there is none. Deposits from the
 * safe belong to one account, and those of another may have the same ids.
 */
export function confirmationAt({ items }: BankAccount, item: BankItem): string | undefined {
  return item.kind === 'safeDeposit' ? undefined : items.get(bankItemKey(item));
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
 * it: an id used twice, another currency, an entry or an item confirmed twice, items that are not the entry's amount, a
 * reversal of nothing; `INVALID_ARGUMENT` if `events` is not a list; `INVALID_EVENT` for another value in it
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
    if (event.type === 'BankRecordReversed') {
      const { recordId, amount } = event.data;
      const known = records.get(recordId);
      if (known === undefined || reversed.has(recordId)) return fail(`no record ${recordId} to reverse`);
      if (known.data.amount !== amount) fail(`expected ${known.data.amount}, found ${amount}`);
      if (known.type === 'BankEntryConfirmed') {
        entries.delete(known.data.entryId);
        for (const item of known.data.items) items.delete(bankItemKey(item));
      }
      reversed.add(recordId);
    } else {
      const id = event.type === 'SafeDeposited' ? event.data.depositId : event.data.confirmationId;
      if (records.has(id)) fail(`record ${id} exists already`);
      if (event.type === 'BankEntryConfirmed') {
        const { entryId, amount } = event.data;
        if (entries.has(entryId)) fail(`entry ${entryId} is confirmed already`);
        if (bankSum(event.data) !== minorUnits(amount)) fail(`the items are not ${amount}`);
        for (const item of event.data.items) {
          const key = bankItemKey(item);
          if (items.has(key)) fail(`item ${key} is confirmed already`);
          items.set(key, id);
        }
        entries.set(entryId, id);
      }
      records.set(id, event);
    }
    commands.set(commandId, commandDigest);
  });
  return { currency, eventCount, records, reversed, entries, items, commands };
}
