/** One entry of a bank's statement: money that came into the account or left it. */
export type BankEntry = {
  /** Identifies the entry in its account: the same in every statement that has it, if the bank gives it a reference. */
  readonly entryId: string;
  /** The account, e.g. its IBAN; null if the statement does not say. */
  readonly account: string | null;
  /** The day on which the bank booked it, a local date `YYYY-MM-DD`. */
  readonly bookedOn: string;
  /** The amount, a decimal string: above 0 if it came in, below 0 if it left. */
  readonly amount: string;
  /** ISO 4217 code. */
  readonly currency: string;
  /** All texts that may name a payment: references, the remittance information, a cheque's number. */
  readonly references: readonly string[];
  /** The statement, if the entry is identified by its place there: the bank gave it no reference. */
  readonly statement?: string;
  /** Its parts, if the bank booked several payments as one entry. */
  readonly parts: readonly BankEntryPart[];
};

/** One of the payments that a bank booked as one entry. */
export type BankEntryPart = Pick<BankEntry, 'amount' | 'references'>;
