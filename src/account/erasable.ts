// What a redaction erases, of events and of the digests of commands.
import type { Item } from './circumstances.js';

/** The fields that identify a borrowed item. They say what somebody read, and no rule depends on them. */
const itemTexts = ['title', 'callNumber', 'id', 'barcode'] as const;

/** The fields of an item that a redaction keeps, and those that it erases. */
export type SplitItem = { readonly kept: object; readonly erased: object | null };

/** Splits an item; `erased` is null if there is nothing to erase. */
export function splitItem(item: Item): SplitItem {
  const entries = Object.entries(item);
  const isText = ([name]: readonly [string, unknown]) => (itemTexts as readonly string[]).includes(name);
  const erased = entries.filter(isText);
  if (erased.length === 0) return { kept: item, erased: null };
  const kept = entries.filter((entry) => !isText(entry));
  return { kept: Object.fromEntries(kept), erased: Object.fromEntries(erased) };
}

/**
 * Returns whether the reason of an event or a command must be a code of a policy's list, which is kept; it is free text
 * everywhere else. A redaction has no policy, so only the type and the cause decide. `ResolveDispute` and
 * `DisputeResolved` may carry such a code (remedy `waive`) or free text; the waiver beside it keeps the code. In the office
 * the reasons of bank entries are codes.
 */
export function reasonIsCode({ type, cause }: { readonly type: string; readonly cause?: unknown }): boolean {
  switch (type) {
    case 'WaiveFees':
    case 'FeeWaived':
    case 'BankItemEnded':
    case 'BankEntryBooked':
      return true;
    case 'IssueCredit':
      return cause === 'manual';
    case 'LostItemCreditIssued':
    case 'CreditIssued':
      return cause === 'waived' || cause === 'manual';
    default:
      return false;
  }
}
