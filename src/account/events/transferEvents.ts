import type { Circumstances, CreditPart, EventMetadata } from '../circumstances.js';
import type { Shortfall, WithdrawnCredit } from './paymentEvents.js';

/** Part or all of a fee was handed to an external billing system. */
export type FeeTransferred = {
  /** The event's name in storage. */
  readonly type: 'FeeTransferred';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The transfer's id, unique in the account. */
    readonly transferId: string;
    /** What groups the transfers of one command or one export. */
    readonly batchId?: string;
    /** The fee. */
    readonly feeId: string;
    /** What was handed over, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** The external system's code. */
    readonly destination?: string;
    /** Whether the external system reports payment: then the amount is pending until it does. */
    readonly expectsSettlement: boolean;
    /** The external system's reference. */
    readonly externalReference?: string;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};

/** Part or all of a credit was handed to an external billing system. */
export type CreditTransferred = {
  /** The event's name in storage. */
  readonly type: 'CreditTransferred';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The transfer's id, unique in the account. */
    readonly transferId: string;
    /** What groups the transfers of one command or one export. */
    readonly batchId?: string;
    /** The credit. */
    readonly creditId: string;
    /** What was handed over, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** The external system's code. */
    readonly destination?: string;
    /** Whether the external system reports settlement: then the amount is pending until it does. */
    readonly expectsSettlement: boolean;
    /** The external system's reference. */
    readonly externalReference?: string;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};

/** The external system reported that part or all of a transfer was paid there. */
export type TransferSettled = {
  /** The event's name in storage. */
  readonly type: 'TransferSettled';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The settlement's id, unique in the account. */
    readonly settlementId: string;
    /** The transfer. */
    readonly transferId: string;
    /** What is pending no more, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** What was paid beyond what was pending: the `CreditIssued` that follows, of cause `settlement`. */
    readonly surplus?: CreditPart;
    /** The external system's reference. */
    readonly externalReference?: string;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};

/**
 * What was reported as paid was not: it bounced there, or the wrong file was read. Amount, surplus (its unused and its
 * cancelled part) and shortfall add up to what was undone.
 */
export type SettlementReversed = {
  /** The event's name in storage. */
  readonly type: 'SettlementReversed';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The reversal's id, unique in the account. */
    readonly reversalId: string;
    /** The settlement. */
    readonly settlementId: string;
    /** The transfer. */
    readonly transferId: string;
    /** What is pending again, a decimal string; may be zero. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** What was withdrawn from the settlement's surplus credit. */
    readonly surplus?: WithdrawnCredit;
    /** What of the surplus credit had been used: charged to this new fee, and counted there as given back. */
    readonly shortfall?: Shortfall;
    /** The external system's reference. */
    readonly externalReference?: string;
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};

/** The external system handed part or all of a transfer back: it is owed here again. */
export type TransferRecalled = {
  /** The event's name in storage. */
  readonly type: 'TransferRecalled';
  /** What was decided. */
  readonly data: Circumstances & {
    /** The recall's id, unique in the account. */
    readonly recallId: string;
    /** The transfer. */
    readonly transferId: string;
    /** What came back, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** The fee's external credits that this used up, since what they reversed is no longer transferred. */
    readonly setOff?: readonly CreditPart[];
  };
  /** Technical data. */
  readonly metadata?: EventMetadata;
};
