import type { OfficeCommandBase } from '../till/tillCommands.js';
import type { BankDifference, BankItem } from './bankEvents.js';

/** Records that money from the safe was brought to the bank. The command's id names the deposit. */
export type DepositFromSafe = OfficeCommandBase & {
  /** The command's name. */
  readonly type: 'DepositFromSafe';
  /** The payment method whose money it is; `CASH` if left out. */
  readonly method?: string;
  /** The amount, a decimal string above 0. */
  readonly amount: string;
  /** The reference of the deposit, e.g. the number of the paying-in slip. */
  readonly reference?: string;
};

/** Records which money of the library's books an entry of the bank's statement confirms. */
export type ConfirmBankEntry = OfficeCommandBase & {
  /** The command's name. */
  readonly type: 'ConfirmBankEntry';
  /** The entry of the bank. */
  readonly entryId: string;
  /** The day on which the bank booked it, a local date `YYYY-MM-DD`. */
  readonly bookedOn: string;
  /** The amount of the entry, a decimal string: above 0 if the bank received it, below 0 if it left. */
  readonly amount: string;
  /**
   * What it confirms, as {@link runBankReconciliation} reports it: whole items, or with `of` parts of them. What is left of
   * an item stays open.
   */
  readonly items: readonly BankItem[];
  /** What the entry has beside the items: needed if their sum is another amount. */
  readonly difference?: BankDifference;
};

/**
 * Ends an item, or the rest of it, because the bank will never have the money: as over or short, or for a reason such
 * as a counterfeit note. The command's id names the ending.
 */
export type EndBankItem = OfficeCommandBase & {
  /** The command's name. */
  readonly type: 'EndBankItem';
  /** What is ended: a whole item, or with `of` a part of it. */
  readonly item: BankItem;
  /** Why, a code of the policy's `bankReasons`; over or short if left out. */
  readonly reason?: string;
};

/**
 * Books an entry of the bank's own, such as a fee, interest or a correction, which belongs to no money of the library's
 * books. The command's id names the booking.
 */
export type BookBankEntry = OfficeCommandBase & {
  /** The command's name. */
  readonly type: 'BookBankEntry';
  /** The entry of the bank. */
  readonly entryId: string;
  /** The day on which the bank booked it, a local date `YYYY-MM-DD`. */
  readonly bookedOn: string;
  /** The amount of the entry, a decimal string: above 0 if the bank credited it, below 0 if it left. */
  readonly amount: string;
  /** What it is for, a code of the policy's `bankReasons`, each of which has an account in the journal. */
  readonly reason: string;
};

/**
 * Undoes a deposit from the safe, a confirmation, an ending or a booking that was recorded in error. What it settled of
 * an item is open again.
 */
export type ReverseBankRecord = OfficeCommandBase & {
  /** The command's name. */
  readonly type: 'ReverseBankRecord';
  /** The deposit, the confirmation, the ending or the booking. */
  readonly recordId: string;
};

/** A command about a bank account. */
export type BankCommand =
  | DepositFromSafe
  | ConfirmBankEntry
  | EndBankItem
  | BookBankEntry
  | ReverseBankRecord;
