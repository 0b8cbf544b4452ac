import type {
  OnlineEndCause,
  OnlinePaymentReturned,
} from '../../office/onlinePayments/onlinePaymentEvents.js';

/** Money that the provider took. */
export type ReportedCapture = {
  /** The provider's id of the transaction: the one that its row of a payout has. */
  readonly externalTransactionId: string;
  /** What was taken, a decimal string above 0. */
  readonly amount: string;
  /** ISO 4217 code of the amount. */
  readonly currency: string;
};

/** Money that went back to the payer. */
export type ReportedReturn = ReportedCapture & {
  /** The provider's id of the capture that it takes back: it decides which payment the return belongs to. */
  readonly of: string;
  /** `refund`: the library gave it back; `chargeback`: the payer's bank took it back. */
  readonly kind: OnlinePaymentReturned['data']['kind'];
  /**
   * Whose money went back, in decimal strings: patrons of whom the capture took something.
   *
   * @defaultValue first what became a credit, then the accounts, last to first, and the service fee last
   */
  readonly accounts?: readonly {
    /** The patron. */
    readonly patronId: string;
    /** The amount, a decimal string. */
    readonly amount: string;
  }[];
};

/** What a provider says of a payment, in any parts and order. */
export type OnlineReport = {
  /**
   * What was taken. What comes back (a chargeback won, a refund that failed) is a capture with an id of its own.
   *
   * @defaultValue nothing
   */
  readonly captures?: readonly ReportedCapture[];
  /** What went back; nothing if left out. */
  readonly returns?: readonly ReportedReturn[];
  /**
   * That the payer's bank takes days for it (a debit by SEPA or ACH): its fees are held until then, at most 90 days after
   * the report. It says nothing about money if left out.
   */
  readonly pending?: {
    /** Until when: ISO 8601 with a zone. */
    readonly until: string;
  };
  /**
   * The end of the payment. With `final`, the provider reports that nothing more will be taken. A payment that
   * succeeds ends as well (`completed`, final): until it is final, the monitor asks about it, and its accounts are not
   * purged.
   *
   * @defaultValue the payment did not end
   */
  readonly ended?: {
    /** Why. */
    readonly cause: OnlineEndCause;
    /** Whether nothing more will be taken. Otherwise its fees are free again, and money may still come. */
    readonly final: boolean;
  };
};
