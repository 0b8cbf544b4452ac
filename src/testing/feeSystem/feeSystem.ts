import type {
  AssessRequest,
  FeeAmountRequest,
  FeeRequest,
  PayRequest,
  RefundRequest,
  ReversePaymentRequest,
} from './requests.js';

/** What a fee system says to a request. */
export type FeeSystemAnswer = {
  /** Whether it was done. A refused request must leave everything as it was. */
  readonly accepted: boolean;
  /** Why it was refused; shown where the systems differ. */
  readonly reason?: string;
};

/** What one fee stands at in a fee system. */
export type FeeSystemFee = {
  /** The fee. */
  readonly feeId: string;
  /** What can still be paid on it, a decimal string: less what was waived, also where that shows as a credit. */
  readonly owed: string;
};

/** What a fee system shows. A figure that is left out is not compared. */
export type FeeSystemBalances = {
  /** Its fees; one that is not listed owes nothing. */
  readonly fees: readonly FeeSystemFee[];
  /** What is owed on all fees, disputed ones included, credits not deducted; a decimal string. */
  readonly owed?: string;
  /** What of that is disputed. */
  readonly disputed?: string;
  /** Money that is the patron's and may be paid out: overpayments, money of fees that came back or were cancelled. */
  readonly refundable?: string;
  /** What was transferred and has to be reversed in the external system. */
  readonly external?: string;
};

/**
 * A fee system, whatever it is made of, as {@link feeSystemConformance} talks to it: one patron, who owes nothing yet.
 *
 * What a system does not offer is left out, and its capability is not declared. Ids are those of the requests; a
 * system that makes its own keeps a map. What rejects is a failure and no refusal.
 */
export type FeeSystem = {
  /** Charges a fee. */
  readonly assess: (request: AssessRequest) => Promise<FeeSystemAnswer>;
  /** Takes a payment. */
  readonly pay: (request: PayRequest) => Promise<FeeSystemAnswer>;
  /** Waives a part of a fee. */
  readonly waive?: (request: FeeAmountRequest) => Promise<FeeSystemAnswer>;
  /** Marks a fee as disputed: it cannot be paid or transferred until it is restored. */
  readonly dispute?: (request: FeeRequest) => Promise<FeeSystemAnswer>;
  /** Ends a dispute; the fee stands. */
  readonly restore?: (request: FeeRequest) => Promise<FeeSystemAnswer>;
  /** Hands a part of a fee to an external billing system. */
  readonly transfer?: (request: FeeAmountRequest) => Promise<FeeSystemAnswer>;
  /** Takes a lost item back. */
  readonly returnLostItem?: (request: FeeRequest) => Promise<FeeSystemAnswer>;
  /** Cancels a part of a fee as charged in error: owed first, then money that came in, then what was transferred. */
  readonly cancel?: (request: FeeAmountRequest) => Promise<FeeSystemAnswer>;
  /** Pays out money that is the patron's. */
  readonly refund?: (request: RefundRequest) => Promise<FeeSystemAnswer>;
  /** Undoes a payment. */
  readonly reversePayment?: (request: ReversePaymentRequest) => Promise<FeeSystemAnswer>;
  /** Shows what is owed. */
  readonly balances: () => Promise<FeeSystemBalances>;
  /** Clears away when a story is over, whatever came of it. */
  readonly release?: () => Promise<void>;
};
