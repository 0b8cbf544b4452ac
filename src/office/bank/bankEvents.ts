import type { OfficeEventBase, TillEventMetadata } from '../till/tillEvents.js';

/** The amount of an item that an entry confirms or a person ends; below 0 if the bank took the money. */
export type BankItemAmount = {
  /**
   * The amount, a decimal string other than 0. With `of` a part of the item, of the other sign where the bank took a part
   * back.
   */
  readonly amount: string;
  /** The amount of the whole item, a decimal string; left out if `amount` is all of it. */
  readonly of?: string;
};

/**
 * Money in the library's books, all or part of which a bank's entry confirms.
 *
 * - `deposit`: what left a till with one payment method, see {@link TillCount}.
 * - `safeDeposit`: what was deposited from the safe.
 * - `returned`: a payment that the bank returned, such as a cheque: the account's reversal of it.
 * - `remittance`: money that an external system handed over, or was paid.
 * - `payout`: what a payment provider paid out of online payments, less its fees.
 */
export type BankItem = BankItemAmount &
  (
    | {
        /** What a session of a till deposited. */
        readonly kind: 'deposit';
        /** The till. */
        readonly till: string;
        /** Its session. */
        readonly sessionId: string;
        /** The payment method. */
        readonly method: string;
      }
    | {
        /** What was deposited from the safe. */
        readonly kind: 'safeDeposit';
        /** The deposit. */
        readonly depositId: string;
        /** The payment method. */
        readonly method: string;
      }
    | {
        /** A payment that the bank returned. */
        readonly kind: 'returned';
        /** The patron whose payment was reversed. */
        readonly patronId: string;
        /** The reversal. */
        readonly reversalId: string;
        /** The payment method. */
        readonly method: string;
      }
    | {
        /** What an external system handed over, or was paid. */
        readonly kind: 'remittance';
        /** The remittance. */
        readonly remittanceId: string;
        /** The external system; left out if transfers name none. */
        readonly destination?: string;
      }
    | {
        /** What a payment provider paid out. */
        readonly kind: 'payout';
        /** The payment method of the online payments. */
        readonly method: string;
        /** The provider's payout. */
        readonly payoutId: string;
      }
  );

/** The part of a bank entry that belongs to no item: too little or too much in a deposit, or the bank's own charge. */
export type BankDifference = {
  /**
   * - `overShort`: the bank counted another amount than the library.
   * - `charges`: the bank charged for it.
   */
  readonly kind: 'overShort' | 'charges';
  /** The entry's amount less the items', a decimal string with a sign. */
  readonly amount: string;
};

/**
 * How the items of an entry were found.
 *
 * - `reference`: the entry names their reference.
 * - `hand`: a person says so.
 */
export type BankMatchedBy = 'reference' | 'hand';

/** Money from the safe was brought to the bank. */
export type SafeDeposited = {
  /** The event's name. */
  readonly type: 'SafeDeposited';
  /** What happened. */
  readonly data: OfficeEventBase & {
    /** The deposit. */
    readonly depositId: string;
    /** The payment method whose money it is, e.g. `CASH`. */
    readonly method: string;
    /** The amount, a decimal string above 0. */
    readonly amount: string;
    /** The reference of the deposit, e.g. the number of the paying-in slip. */
    readonly reference?: string;
  };
  /** The command. */
  readonly metadata: TillEventMetadata;
};

/** An entry of the bank's statement confirms money of the library's own books. */
export type BankEntryConfirmed = {
  /** The event's name. */
  readonly type: 'BankEntryConfirmed';
  /** What happened. */
  readonly data: OfficeEventBase & {
    /** The confirmation. */
    readonly confirmationId: string;
    /** The entry of the bank. */
    readonly entryId: string;
    /** The day on which the bank booked it, a local date `YYYY-MM-DD`. */
    readonly bookedOn: string;
    /** The amount of the entry, a decimal string: above 0 if the bank received it. */
    readonly amount: string;
    /** What it confirms. */
    readonly items: readonly BankItem[];
    /** What the entry has beside the items; left out if nothing. */
    readonly difference?: BankDifference;
    /** How the items were found; events of earlier releases do not say. */
    readonly matchedBy?: BankMatchedBy;
  };
  /** The command. */
  readonly metadata: TillEventMetadata;
};

/** A person ended an item, or what is left of it: the bank will never have it. */
export type BankItemEnded = {
  /** The event's name. */
  readonly type: 'BankItemEnded';
  /** What happened. */
  readonly data: OfficeEventBase & {
    /** The ending. */
    readonly endingId: string;
    /** What is ended: the item, or with `of` a part of it. */
    readonly item: BankItem;
    /** Why, a code of the policy's `bankReasons`; left out if it is over or short. */
    readonly reason?: string;
  };
  /** The command. */
  readonly metadata: TillEventMetadata;
};

/** An entry of the bank's own, such as a fee or interest, was booked. */
export type BankEntryBooked = {
  /** The event's name. */
  readonly type: 'BankEntryBooked';
  /** What happened. */
  readonly data: OfficeEventBase & {
    /** The booking. */
    readonly bookingId: string;
    /** The entry of the bank. */
    readonly entryId: string;
    /** The day on which the bank booked it, a local date `YYYY-MM-DD`. */
    readonly bookedOn: string;
    /** The amount of the entry, a decimal string: above 0 if the bank credited it. */
    readonly amount: string;
    /** What it is for, a code of the policy's `bankReasons`. */
    readonly reason: string;
  };
  /** The command. */
  readonly metadata: TillEventMetadata;
};

/** A deposit from the safe, a confirmation, an ending or a booking was recorded in error: it no longer counts. */
export type BankRecordReversed = {
  /** The event's name. */
  readonly type: 'BankRecordReversed';
  /** What happened. */
  readonly data: OfficeEventBase & {
    /** The reversal. */
    readonly reversalId: string;
    /** The deposit, the confirmation, the ending or the booking. */
    readonly recordId: string;
    /** Its amount, a decimal string. */
    readonly amount: string;
  };
  /** The command. */
  readonly metadata: TillEventMetadata;
};

/** An event of a bank account. */
export type BankEvent =
  | SafeDeposited
  | BankEntryConfirmed
  | BankItemEnded
  | BankEntryBooked
  | BankRecordReversed;
