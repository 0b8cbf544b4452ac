import { formatAmount, minorUnits } from '../../money/money.js';
import { type BankAccount, bankItemKey, isAbove } from '../../office/bank/bankAccount.js';
import type { BankItem } from '../../office/bank/bankEvents.js';
import type { ExpectedItem } from './bankMatch.js';

/** What is settled of items at all accounts, by key, in minor units. */
export type Settled = ReadonlyMap<string, { readonly whole: bigint; readonly minor: bigint }>;

/**
 * Returns what is settled with what another account has confirmed or ended. Ids of its own deposits from the safe may be
 * ours too.
 *
 * @returns all of it, and the items of which now more is settled than they are
 */
export function settledWith(
  settled: Settled,
  account: BankAccount,
): { readonly settled: Settled; readonly twice: readonly BankItem[] } {
  const sums = new Map(settled);
  const twice = [...account.items].flatMap(([key, { item, settled: more }]) => {
    if (item.kind === 'safeDeposit') return [];
    const { whole, minor } = sums.get(key) ?? { whole: minorUnits(item.amount), minor: 0n };
    const sum = minor + minorUnits(more);
    sums.set(key, { whole, minor: sum });
    return isAbove(sum, whole) ? [item] : [];
  });
  return { settled: sums, twice };
}

/** Returns what is settled at one account. */
export function settledAt({ items }: BankAccount): Settled {
  return new Map(
    [...items].map(([key, { item, settled }]) => [
      key,
      { whole: minorUnits(item.amount), minor: minorUnits(settled) },
    ]),
  );
}

/** Returns what is left of an item: the item, a part of it, or null for nothing. */
export function leftOf(expected: ExpectedItem, settled: Settled): ExpectedItem | null {
  const { whole, minor } = settled.get(bankItemKey(expected.item)) ?? { whole: 0n, minor: 0n };
  if (minor === 0n) return expected;
  const left = whole - minor;
  if (left === 0n || isAbove(minor, whole)) return null;
  const digits = (expected.item.amount.split('.')[1] ?? '').length;
  const [amount, of] = [formatAmount(left, digits), formatAmount(whole, digits)];
  return { ...expected, item: { ...expected.item, amount, of } };
}
