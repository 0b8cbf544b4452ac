import type {
  AssessRequest,
  FeeAmountRequest,
  FeeRequest,
  PayRequest,
  RefundRequest,
  ReversePaymentRequest,
} from './requests.js';

/** The answer of a fee system to a request. */
export type FeeSystemAnswer = {
  /** Whether the request was executed. A refused request must change nothing. */
  readonly accepted: boolean;
  /** The reason for a refusal; shown if the systems differ. */
  readonly reason?: string;
  /**
   * Whether the system has no such request by design, so that it was not sent: the step is left out of the story.
   *
   * @defaultValue `false`
   */
  readonly notOffered?: boolean;
};

/** The state of one fee in a fee system. */
export type FeeSystemFee = {
  /** The fee. */
  readonly feeId: string;
  /** The amount that can still be paid, a decimal string, after waivers (including those shown as a credit). */
  readonly owed: string;
};

/** The balances of a fee system. Omitted figures are not compared. */
export type FeeSystemBalances = {
  /** The fees. A fee that is not listed owes nothing. */
  readonly fees: readonly FeeSystemFee[];
  /** The total owed on all fees, disputed ones included, credits not deducted; a decimal string. */
  readonly owed?: string;
  /** The disputed part of `owed`, a decimal string. */
  readonly disputed?: string;
  /** Money that may be paid out: overpayments, and money of returned or cancelled fees; a decimal string. */
  readonly refundable?: string;
  /** The transferred amount that must be reversed in the external system, a decimal string. */
  readonly external?: string;
};

/**
 * Any fee system, as {@link feeSystemConformance} calls it: one patron, who owes nothing yet.
 *
 * Leave out the functions that a system does not have, and do not declare their capabilities. Ids are those of the
 * requests; a system with ids of its own keeps a map. A rejected promise counts as a failure, not as a refusal.
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
  /** Ends a dispute; the fee is owed as before. */
  readonly restore?: (request: FeeRequest) => Promise<FeeSystemAnswer>;
  /** Hands a part of a fee to an external billing system. */
  readonly transfer?: (request: FeeAmountRequest) => Promise<FeeSystemAnswer>;
  /** Records the return of a lost item. */
  readonly returnLostItem?: (request: FeeRequest) => Promise<FeeSystemAnswer>;
  /** Cancels a part of a fee as charged in error: owed first, then money that came in, then what was transferred. */
  readonly cancel?: (request: FeeAmountRequest) => Promise<FeeSystemAnswer>;
  /** Pays out refundable money. */
  readonly refund?: (request: RefundRequest) => Promise<FeeSystemAnswer>;
  /** Undoes a payment. */
  readonly reversePayment?: (request: ReversePaymentRequest) => Promise<FeeSystemAnswer>;
  /** Returns the balances. */
  readonly balances: () => Promise<FeeSystemBalances>;
  /** Releases resources at the end of each story, even of one that failed. */
  readonly release?: () => Promise<void>;
};
