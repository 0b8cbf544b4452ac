import type { CreditPart, Recorded } from '../circumstances.js';
import type { Shortfall, WithdrawnCredit } from './paymentEvents.js';

/** Part or all of a fee was transferred to an external billing system. */
export type FeeTransferred = Recorded<
  'FeeTransferred',
  {
    /** The transfer's id, unique in the account. */
    readonly transferId: string;
    /** Groups the transfers of one command or one export. */
    readonly batchId?: string;
    /** The transferred fee. */
    readonly feeId: string;
    /** The amount transferred, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** The code of the external billing system. */
    readonly destination?: string;
    /** Whether the external system reports payment; if so, the amount is pending until it does. */
    readonly expectsSettlement: boolean;
    /** The external system's reference. */
    readonly externalReference?: string;
  }
>;

/** Part or all of a credit was transferred to an external billing system. */
export type CreditTransferred = Recorded<
  'CreditTransferred',
  {
    /** The transfer's id, unique in the account. */
    readonly transferId: string;
    /** Groups the transfers of one command or one export. */
    readonly batchId?: string;
    /** The transferred credit. */
    readonly creditId: string;
    /** The amount transferred, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** The code of the external billing system. */
    readonly destination?: string;
    /** Whether the external system reports settlement; if so, the amount is pending until it does. */
    readonly expectsSettlement: boolean;
    /** The external system's reference. */
    readonly externalReference?: string;
  }
>;

/** The external billing system reported that part or all of a transfer was paid there. */
export type TransferSettled = Recorded<
  'TransferSettled',
  {
    /** The settlement's id, unique in the account. */
    readonly settlementId: string;
    /** The transfer that was paid. */
    readonly transferId: string;
    /** The amount that is no longer pending, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** The amount paid above what was pending: the `CreditIssued` of cause `settlement` that follows. */
    readonly surplus?: CreditPart;
    /** The external system's reference. */
    readonly externalReference?: string;
  }
>;

/**
 * A settlement was undone, because the payment bounced at the external billing system or the wrong file was read. The
 * sum of amount, surplus (its unused and its cancelled amount) and shortfall is the amount undone.
 */
export type SettlementReversed = Recorded<
  'SettlementReversed',
  {
    /** The reversal's id, unique in the account. */
    readonly reversalId: string;
    /** The settlement that was undone. */
    readonly settlementId: string;
    /** The transfer. */
    readonly transferId: string;
    /** The amount that is pending again, a decimal string; may be zero. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** The amount withdrawn from the settlement's surplus credit. */
    readonly surplus?: WithdrawnCredit;
    /** The used part of the surplus credit: charged to this new fee, where it counts as given back. */
    readonly shortfall?: Shortfall;
    /** The external system's reference. */
    readonly externalReference?: string;
  }
>;

/** The external billing system handed back part or all of a transfer, which is owed to the library again. */
export type TransferRecalled = Recorded<
  'TransferRecalled',
  {
    /** The recall's id, unique in the account. */
    readonly recallId: string;
    /** The transfer that was handed back. */
    readonly transferId: string;
    /** The amount handed back, a decimal string. */
    readonly amount: string;
    /** ISO 4217 code. */
    readonly currency: string;
    /** The amounts used up of the fee's external credits, because what they reversed is no longer transferred. */
    readonly setOff?: readonly CreditPart[];
  }
>;
