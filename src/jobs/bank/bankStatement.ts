import type { BankBalance } from '../../office/bank/bankEvents.js';

/** What a bank's statement says of itself. It follows the statement's entries. */
export type BankStatement = {
  /** Its id, as the file has it. */
  readonly statementId: string;
  /** The account, e.g. its IBAN; null if the statement does not say. */
  readonly account: string | null;
  /** Its number, counted by the bank; null if it has none. */
  readonly number: string | null;
  /** The page, if the bank divided it; null if it has none. */
  readonly page: string | null;
  /** ISO 4217 code of its closing balance; null without one. */
  readonly currency: string | null;
  /** The balance before its first entry; null if it does not say. */
  readonly opening: BankBalance | null;
  /** The balance after its last entry; null if it does not say. */
  readonly closing: BankBalance | null;
  /** The first day on which it has an entry; null if it has none. */
  readonly firstDay: string | null;
  /** The sum of its entries, a decimal string; null if one cannot be read or is in another currency. */
  readonly sum: string | null;
  /** SHA-256 of its entries: the same if they are. */
  readonly sha256: string;
};
