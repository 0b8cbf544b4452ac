import type { AccrualEndCause } from '../../account/accrual.js';
import type { Item } from '../../account/circumstances.js';
import type { ForeignRefused, ForeignRow, ImportFinding } from './importFinding.js';
import type { ForeignTime } from './rowTime.js';

/** When, by whom and why something happened there. */
export type ForeignCircumstances = {
  /** When. */
  readonly time: ForeignTime;
  /**
   * Orders what happened in the same millisecond: a lower number comes first.
   *
   * @defaultValue 0
   */
  readonly sequence?: number;
  /** The member of staff. */
  readonly userId?: string;
  /** The desk. */
  readonly desk?: string;
  /** The library. */
  readonly library?: string;
  /** The reason's code. */
  readonly reason?: string;
  /** A comment that the patron may see. */
  readonly comment?: string;
  /** A note that is never shown to patrons. */
  readonly staffNote?: string;
  /** The row that records it. */
  readonly origin: ForeignRow;
};

/** A part of an amount that went to one fee. */
export type ForeignPart = {
  /** The fee. */
  readonly feeId: string;
  /** Minor units, above 0. */
  readonly amount: number;
};

/** An amount of a balance. */
export type ForeignSum = {
  /** The balance. */
  readonly balanceId: string;
  /** Minor units, above 0. */
  readonly amount: number;
};

/** A fee was charged. */
export type ForeignCharge = ForeignCircumstances & {
  /** The kind of change. */
  readonly kind: 'charge';
  /** The fee's id in the account. */
  readonly feeId: string;
  /** The balance that the fee is a part of. */
  readonly balanceId: string;
  /** The fee type's code. */
  readonly feeType: string;
  /** The library that owns the fee. */
  readonly owner: string;
  /** Minor units, above 0. */
  readonly amount: number;
  /** Whether the item is lost, so that its return gives money back. */
  readonly lostItem: boolean;
  /** Whether the fee is a fine that can grow. */
  readonly grows: boolean;
  /** The item. */
  readonly item?: Item;
  /** The loan. */
  readonly loanId?: string;
};

/** An amount of one fee. */
export type ForeignFeeChange = ForeignCircumstances & {
  /** Its id; the ids of its events begin with it. */
  readonly id: string;
  /** The fee. */
  readonly feeId: string;
  /** Minor units, above 0. */
  readonly amount: number;
};

/** A fine grew. If the fine has ended in the account, the increase becomes a separate fee. */
export type ForeignIncrease = ForeignFeeChange & {
  /** The kind of change. */
  readonly kind: 'increase';
};

/** A fine fell: what is owed falls first. What was paid above the new fine comes back as a {@link ForeignCredit}. */
export type ForeignDecrease = ForeignFeeChange & {
  /** The kind of change. */
  readonly kind: 'decrease';
};

/** A fine stopped growing. */
export type ForeignEnd = ForeignCircumstances & {
  /** The kind of change. */
  readonly kind: 'end';
  /** Its id; the ids of its events begin with it. */
  readonly id: string;
  /** The fee. */
  readonly feeId: string;
  /** Why it stopped. */
  readonly cause: AccrualEndCause;
};

/** Money was received. */
export type ForeignPayment = ForeignCircumstances & {
  /** The kind of change. */
  readonly kind: 'payment';
  /** The payment's id in the account. */
  readonly paymentId: string;
  /** The payment method's code. */
  readonly method: string;
  /** The fees it paid; or the amount, which is spread over the fees of a balance, and the rest becomes a credit. */
  readonly paid: readonly ForeignPart[] | ForeignSum;
  /** The part that was above the fees then, in minor units, and the balance that its credit is a part of. */
  readonly credit?: ForeignSum;
  /** The payment provider's id. */
  readonly externalTransactionId?: string;
  /** A reference, e.g. the number of a cheque. */
  readonly reference?: string;
};

/** An amount was forgiven: on fees, or spread over the fees of a balance. */
export type ForeignWaiver = ForeignCircumstances & {
  /** The kind of change. */
  readonly kind: 'waiver';
  /** Its id; the ids of its events begin with it. */
  readonly id: string;
  /** Whether the debt was given up as a loss. */
  readonly writeOff?: boolean;
  /** The fees; or the amount, which is spread over the fees of a balance. */
  readonly waived:
    | readonly ForeignPart[]
    | (ForeignSum & {
        /** The fee that it goes to first; any fee of the balance if left out. */
        readonly feeId?: string;
      });
};

/** A fee was transferred to a billing system, which reports nothing back. */
export type ForeignTransfer = ForeignFeeChange & {
  /** The kind of change. */
  readonly kind: 'transfer';
  /** The billing system. */
  readonly destination?: string;
};

/** A fee was cancelled: what is owed, or an amount of it. Money comes back as a credit if `givesBack`. */
export type ForeignCancellation = ForeignCircumstances & {
  /** The kind of change. */
  readonly kind: 'cancellation';
  /** Its id; the ids of its events begin with it. */
  readonly id: string;
  /** The fee. */
  readonly feeId: string;
  /** Minor units; all that is owed if left out. */
  readonly amount?: number;
  /** Cancels only what is owed above this, in minor units. */
  readonly downTo?: number;
  /** Whether what was paid towards the amount becomes a credit of the fee's balance. */
  readonly givesBack?: boolean;
};

/** A credit was issued. */
export type ForeignCredit = ForeignCircumstances & {
  /** The kind of change. */
  readonly kind: 'credit';
  /** The credit. */
  readonly creditId: string;
  /** The balance that it is a part of. */
  readonly balanceId: string;
  /** Minor units, above 0. */
  readonly amount: number;
  /** What the credit may be used for. */
  readonly purpose: 'refundable' | 'goodwill';
  /** The library that owns it. */
  readonly owner?: string;
  /** Whether it gives back what was paid on a fine that decreased at the same time. */
  readonly ofDecrease?: boolean;
};

/** A credit paid a fee. */
export type ForeignUse = ForeignCircumstances & {
  /** The kind of change. */
  readonly kind: 'use';
  /** Its id; the ids of its events begin with it. */
  readonly id: string;
  /** The credit. */
  readonly creditId: string;
  /** The fee. */
  readonly feeId: string;
  /** Minor units, above 0. */
  readonly amount: number;
};

/** Money of a credit or of a balance was paid out: of a balance first its credits, then payments are taken back. */
export type ForeignRefund = ForeignCircumstances & {
  /** The kind of change. */
  readonly kind: 'refund';
  /** Its id; the ids of its events begin with it. */
  readonly id: string;
  /** The credit, or the balance. */
  readonly of:
    | {
        /** The credit. */
        readonly creditId: string;
      }
    | {
        /** The balance that it is a part of. */
        readonly balanceId: string;
      };
  /** Minor units, above 0. */
  readonly amount: number;
  /** The payment method's code. */
  readonly method: string;
};

/** A settled fee was opened again: payments went back to the patron, or a transfer came back from the billing system. */
export type ForeignReopening = ForeignFeeChange & {
  /** The kind of change. */
  readonly kind: 'reopening';
  /** Where the money or the debt comes back from. */
  readonly from: 'payments' | 'transfers';
};

/** A payment, waiver or credit was undone whole. */
export type ForeignVoid = ForeignCircumstances & {
  /** The kind of change. */
  readonly kind: 'void';
  /** Its id; the ids of its events begin with it. */
  readonly id: string;
  /** The id of the payment, waiver or credit. */
  readonly of: string;
};

/** Something that happened to an account in another system. */
export type ForeignChange =
  | ForeignCharge
  | ForeignIncrease
  | ForeignDecrease
  | ForeignEnd
  | ForeignPayment
  | ForeignWaiver
  | ForeignTransfer
  | ForeignCancellation
  | ForeignCredit
  | ForeignUse
  | ForeignRefund
  | ForeignReopening
  | ForeignVoid;

/** A balance that the other system states: of a debit line, an account, a transaction, a credit. */
export type ForeignBalance = {
  /** Its id; the beginning of the ids of corrections. */
  readonly balanceId: string;
  /** What is owed according to the rows, in minor units. */
  readonly owed: number;
  /** The unused credit according to the rows, in minor units. */
  readonly credit: number;
  /** The column or sum with the balance, for findings, e.g. `amountoutstanding`. */
  readonly figure: string;
  /** The fee type of a fee that has to be added. */
  readonly feeType: string;
  /** The library that owns it. */
  readonly owner: string;
  /** Whether credits pay later charges, as within a transaction of Evergreen. */
  readonly pooled?: boolean;
  /** The time of a correction: the latest that the rows know. */
  readonly time: ForeignTime;
  /** The row that states it. */
  readonly origin: ForeignRow;
};

/** A patron's account as another system has it: the same for every system, ready to become events. */
export type ForeignAccount = {
  /** The system, and the beginning of all ids: `koha`. */
  readonly system: string;
  /** The patron's id there; null for rows without a patron, and for rows that are not sorted: they have only findings. */
  readonly patronId: string | null;
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** The number of rows that were read. */
  readonly rows: number;
  /** What happened, in any order. */
  readonly changes: readonly ForeignChange[];
  /** The balances according to the rows. */
  readonly balances: readonly ForeignBalance[];
  /** What could not be read. */
  readonly findings: readonly ImportFinding[];
  /** What the rows state that are not used; nothing if left out. */
  readonly refused?: readonly ForeignRefused[];
  /** The ids here of all rows that are there, also of those without a change; those of the changes if left out. */
  readonly rowIds?: readonly string[];
  /** Whether each row has a balance that no other row changes, so that missing rows leave the others right. */
  readonly rowsStandAlone?: boolean;
};
