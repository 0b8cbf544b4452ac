import type { RecordedActor, RecordedApprover } from '../../account/circumstances.js';
import type { OnlineShortfallFee } from '../../policy/onlinePayments.js';

/** What every event of an online payment has. */
export type OnlinePaymentEventBase = {
  /** The online payment. */
  readonly onlinePaymentId: string;
  /** ISO 4217 code of its amounts. */
  readonly currency: string;
  /** When it happened: ISO 8601 with a zone. */
  readonly at: string;
  /** Who did or reported it; without a user where the patron acts. */
  readonly by: RecordedActor;
};

/** The part of an online payment that is for one fee. */
export type OnlinePaymentPart = {
  /** The patron whose account has the fee. */
  readonly patronId: string;
  /** The fee. */
  readonly feeId: string;
  /** The amount, a decimal string above 0. */
  readonly amount: string;
};

/**
 * A payment was begun: stored before the payment provider is called. Recorded in a stream of each patron first, then in
 * that of the payment.
 */
export type OnlinePaymentStarted = {
  /** The event's name. */
  readonly type: 'OnlinePaymentStarted';
  /** What is to be paid. */
  readonly data: OnlinePaymentEventBase & {
    /** The fees; the first patron is the payer. */
    readonly parts: readonly OnlinePaymentPart[];
    /** The sum of the parts, a decimal string. */
    readonly amount: string;
    /** The service fee, a decimal string; may be zero. It is never a fee of an account. */
    readonly serviceFee: string;
    /** The rate of the value-added tax that the service fee includes, in percent; left out without tax. */
    readonly serviceFeeVatPercent?: number;
    /** What the patron is asked to pay: amount and service fee, a decimal string. */
    readonly total: string;
    /** The payment method of the accounts' payments. */
    readonly method: string;
    /**
     * The policy's fee for a shortfall when it began: charged where the policy has none any more and the payment is
     * taken back after its credit was spent. Left out by earlier versions.
     */
    readonly shortfallFee?: OnlineShortfallFee;
    /** When the fees are free again if nothing was taken: ISO 8601 with a zone. */
    readonly expiresAt: string;
  };
};

/** The part of a capture that belongs to one account. */
export type CapturedAccount = {
  /** The patron. */
  readonly patronId: string;
  /** The amount, a decimal string above 0: the allocations, and what the payer gets as a credit. */
  readonly amount: string;
  /** The amount for each fee; empty if nothing of its parts was left to pay. */
  readonly allocations: readonly {
    /** The fee. */
    readonly feeId: string;
    /** The amount, a decimal string above 0. */
    readonly amount: string;
  }[];
};

/**
 * The provider took money. Recorded in a stream of the transaction first, then in that of the payment, so that a
 * transaction belongs to one payment.
 */
export type OnlinePaymentCaptured = {
  /** The event's name. */
  readonly type: 'OnlinePaymentCaptured';
  /** What was taken, and whose it is. */
  readonly data: OnlinePaymentEventBase & {
    /** The payment method: with the transaction's id it names the transaction. */
    readonly method: string;
    /** The provider's id of the transaction. */
    readonly externalTransactionId: string;
    /** The row of a payout that it was recorded from; left out if a program reported it. */
    readonly rowId?: string;
    /** What the provider took, a decimal string above 0. */
    readonly amount: string;
    /** The part of the amount that is kept as service fee, a decimal string. */
    readonly serviceFee: string;
    /** The rest, by account. */
    readonly accounts: readonly CapturedAccount[];
  };
};

/**
 * Money went back to the payer. Recorded in a stream of the refund or chargeback first, then in that of the payment.
 */
export type OnlinePaymentReturned = {
  /** The event's name. */
  readonly type: 'OnlinePaymentReturned';
  /** What went back, and whose it was. */
  readonly data: OnlinePaymentEventBase & {
    /** The payment method of the capture. */
    readonly method: string;
    /** The provider's id of the refund or chargeback. */
    readonly externalTransactionId: string;
    /** The provider's id of the capture that it takes back. */
    readonly of: string;
    /** `refund`: the library gave it back; `chargeback`: the payer's bank took it back. */
    readonly kind: 'refund' | 'chargeback';
    /** What went back, a decimal string above 0. */
    readonly amount: string;
    /** The part of the amount that was service fee, a decimal string. */
    readonly serviceFee: string;
    /** The rest, by account. */
    readonly accounts: readonly ReturnedAccount[];
    /**
     * The amounts that are taken from captures other than `of`, if `of` has less left than the return; left out if
     * there are none.
     */
    readonly others?: readonly ReturnedOfOther[];
    /** Why, if a person reported it; left out otherwise, and after a redaction. */
    readonly reason?: string;
  };
};

/** The part of a return that belongs to one account. */
export type ReturnedAccount = {
  /** The patron. */
  readonly patronId: string;
  /** The amount, a decimal string above 0. */
  readonly amount: string;
};

/** The part of a return that is taken from a capture other than the one it names. */
export type ReturnedOfOther = {
  /** The provider's id of that capture. */
  readonly of: string;
  /** The part that was service fee, a decimal string. */
  readonly serviceFee: string;
  /** The rest, by account. */
  readonly accounts: readonly ReturnedAccount[];
};

/** The payer's bank takes days for the payment (a debit): its fees are held until then. */
export type OnlinePaymentPending = {
  /** The event's name. */
  readonly type: 'OnlinePaymentPending';
  /** How long. */
  readonly data: OnlinePaymentEventBase & {
    /** When the fees are free again unless something was taken: ISO 8601 with a zone. */
    readonly until: string;
  };
};

/**
 * How a part of a payment was settled, by a person or by a job for a person.
 *
 * - `apart`: the account does not record its part; it is posted to `onlineApart`.
 * - `follows`: a part of a return is settled as apart by the monitor, because the part of its capture is.
 * - `record`: the account records its part after all.
 * - `rows`: the rows of a transaction are right, although their sum differs from the transaction's amount.
 * - `aboveTotal`: more was taken than was asked for.
 * - `reversed`: what staff reversed by hand in an account, and no return came up to; it is posted to `onlineApart`. An
 *   amount below 0 takes that back, since a return came after all.
 */
export type OnlineSettlement = 'apart' | 'follows' | 'record' | 'rows' | 'aboveTotal' | 'reversed';

/** A person settled a waiting part of a payment, or a finding, and gave a reason. */
export type OnlinePaymentSettled = {
  /** The event's name. */
  readonly type: 'OnlinePaymentSettled';
  /** What is settled. */
  readonly data: OnlinePaymentEventBase & {
    /** How. */
    readonly what: OnlineSettlement;
    /** Whether it is about a capture or a return. */
    readonly kind: 'capture' | 'return';
    /** The provider's id of the capture or of the return. */
    readonly externalTransactionId: string;
    /** The patron of the part; left out for `rows` and `aboveTotal`. */
    readonly patronId?: string;
    /**
     * A decimal string: the amount of the part; of `rows` their sum, of `aboveTotal` what was taken less what was
     * returned, as they were then; of `reversed` what is added to what was posted before, with a sign.
     */
    readonly amount: string;
    /** Why; absent after a redaction. */
    readonly reason?: string;
    /** Who approved it; left out without an approval. */
    readonly approvedBy?: RecordedApprover;
  };
};

/** An account has recorded its part of a capture or of a return. */
export type OnlinePaymentRecorded = {
  /** The event's name. */
  readonly type: 'OnlinePaymentRecorded';
  /** Where it is recorded. */
  readonly data: OnlinePaymentEventBase & {
    /** Whether it is a part of a capture or of a return. */
    readonly kind: 'capture' | 'return';
    /** The provider's id of the capture or of the return. */
    readonly externalTransactionId: string;
    /** The patron. */
    readonly patronId: string;
    /** The payment, reversal or refund in the account. */
    readonly recordedId: string;
    /** The amount of the account's part, a decimal string. */
    readonly amount: string;
    /** The part of it that became a credit when it was recorded, a decimal string; left out if none did. */
    readonly credited?: string;
    /**
     * What staff or another program had recorded of it, a decimal string; left out if nothing. More than the amount if
     * they recorded too much.
     */
    readonly byOthers?: string;
  };
};

/**
 * Why an online payment ended: `completed` if the provider took all that it will take. Money that still comes later is
 * recorded.
 */
export type OnlineEndCause = 'completed' | 'cancelled' | 'failed' | 'expired' | 'replaced';

/** The payment ended. */
export type OnlinePaymentEnded = {
  /** The event's name. */
  readonly type: 'OnlinePaymentEnded';
  /** How it ended. */
  readonly data: OnlinePaymentEventBase & {
    /** Why. */
    readonly cause: OnlineEndCause;
    /** False: the fees are free again. True: the provider says that nothing more will be taken. */
    readonly final: boolean;
    /** Why, if a person reported it; left out otherwise, and after a redaction. */
    readonly reason?: string;
  };
};

/** The provider paid out a capture to the library's bank account, or deducted a return. */
export type OnlinePaymentPaidOut = {
  /** The event's name. */
  readonly type: 'OnlinePaymentPaidOut';
  /** A row of the provider's report. */
  readonly data: OnlinePaymentEventBase & {
    /** The id of the row: each row is recorded once. */
    readonly rowId: string;
    /** Whether it is a row of a capture or of a return. */
    readonly kind: 'capture' | 'return';
    /** The provider's id of the capture or of the return. */
    readonly externalTransactionId: string;
    /**
     * The amount as it was charged or returned, a decimal string above 0; below 0 for what was authorised and not
     * taken: the sum of its rows is what a capture took.
     */
    readonly amount: string;
    /** The provider's payout. */
    readonly payoutId: string;
    /** The day of the payout, `YYYY-MM-DD`. */
    readonly paidOn: string;
    /** What the payout has of it before the provider's fee, a decimal string; below 0 for a return. */
    readonly gross: string;
    /** The provider's fee, a decimal string; below 0 if the provider gave one back. */
    readonly fee: string;
    /** ISO 4217 code of `gross` and `fee`. */
    readonly payoutCurrency: string;
    /** The payout that had the row before and failed at the bank; left out for the first. */
    readonly instead?: string;
  };
};

/** An event of an online payment. */
export type OnlinePaymentEvent =
  | OnlinePaymentStarted
  | OnlinePaymentPending
  | OnlinePaymentCaptured
  | OnlinePaymentReturned
  | OnlinePaymentSettled
  | OnlinePaymentRecorded
  | OnlinePaymentEnded
  | OnlinePaymentPaidOut;
