import type { RecordedActor, RecordedApprover } from '../../account/circumstances.js';

/** Who acts at a till: always a known user. */
export type TillActor = RecordedActor & {
  /** The cashier, or the person who counts. */
  readonly userId: string;
};

/** What every event of a till, a remittance or a bank account has. */
export type OfficeEventBase = {
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** When it happened: ISO 8601 with a zone. */
  readonly at: string;
  /** Who did it. */
  readonly by: TillActor;
  /** Who approved it; left out without an approval. */
  readonly approvedBy?: RecordedApprover;
  /** A comment. */
  readonly comment?: string;
};

/** What every event of a till has. */
export type TillEventBase = OfficeEventBase & {
  /** The session. */
  readonly sessionId: string;
};

/** The ids of the command that caused an event. */
export type TillEventMetadata = {
  /** The id of the command. */
  readonly commandId: string;
  /** A hash of the command without `at`, `by` and comment: distinguishes a repeat from another command. */
  readonly commandDigest: string;
};

/** A till was opened with a float. */
export type TillOpened = {
  /** The event's name. */
  readonly type: 'TillOpened';
  /** What happened. */
  readonly data: TillEventBase & {
    /** The amount in the drawer at the start, a decimal string, 0 or more. */
    readonly float: string;
    /** The payment method whose money lies in the drawer: the method of the float, e.g. `CASH`. */
    readonly floatMethod: string;
  };
  /** The command. */
  readonly metadata: TillEventMetadata;
};

/** Money was put into the drawer or taken out of it during the session, e.g. change, or a drop to the safe. */
export type TillMoneyMoved = {
  /** The event's name. */
  readonly type: 'TillMoneyMoved';
  /** What happened. */
  readonly data: TillEventBase & {
    /** The movement. */
    readonly movementId: string;
    /** `in`: into the drawer; `out`: out of it. */
    readonly direction: 'in' | 'out';
    /** The amount, a decimal string above 0. */
    readonly amount: string;
  };
  /** The command. */
  readonly metadata: TillEventMetadata;
};

/** The count of one payment method when a till was closed. Decimal strings. */
export type TillCount = {
  /** The payment method's code. */
  readonly method: string;
  /** What the session took by this method: payments less reversals less refunds; negative if more was paid out. */
  readonly takings: string;
  /** What should be there: the takings; for the method of the float also the float and what was moved in and out. */
  readonly expected: string;
  /** What was counted; below 0 if a method without a drawer paid out more than it took, e.g. refunds to cards. */
  readonly counted: string;
  /** counted - expected: above 0 if there was too much (over), below 0 if money was missing (short). */
  readonly difference: string;
  /**
   * The money that left the till as the deposit: of what was counted, and of what was dropped to the safe during the
   * session; a count below 0 is taken as such.
   */
  readonly deposit: string;
};

/** A till was counted and closed. */
export type TillClosed = {
  /** The event's name. */
  readonly type: 'TillClosed';
  /** What happened. */
  readonly data: TillEventBase & {
    /** The closing. */
    readonly closingId: string;
    /** The count of each method, in the order of the command. */
    readonly counts: readonly TillCount[];
    /** The reference of the deposit, e.g. the number of the paying-in slip. */
    readonly depositReference?: string;
    /** The instant before which the takings were recorded: that of the report they are from. */
    readonly takenUntil?: string;
    /**
     * The highest difference that the policy lets pass without another user, a decimal string; only if the sum of the
     * differences, each taken as positive, is above it.
     */
    readonly differenceAbove?: string;
  };
  /** The command. */
  readonly metadata: TillEventMetadata;
};

/** Another user than the one who counted accepted the differences of a closed session. */
export type TillDifferenceAccepted = {
  /** The event's name. */
  readonly type: 'TillDifferenceAccepted';
  /** What happened. */
  readonly data: TillEventBase & {
    /** The acceptance. */
    readonly acceptanceId: string;
    /** The sum of the differences, each taken as positive: a decimal string above 0. */
    readonly amount: string;
  };
  /** The command. */
  readonly metadata: TillEventMetadata;
};

/** An event of a till. */
export type TillEvent = TillOpened | TillMoneyMoved | TillClosed | TillDifferenceAccepted;
