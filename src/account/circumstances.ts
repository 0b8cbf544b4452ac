/** Through which channel something was done. */
export const channels = ['desk', 'selfCheck', 'online', 'job', 'import'] as const;

/** Through which channel something was done: at a desk by staff, by the patron, by a job, or by an import. */
export type Channel = (typeof channels)[number];

/** Who did something, and where. */
export type Actor = {
  /** The user who acted: a staff member at a desk, the patron online; left out for jobs. */
  readonly userId?: string;
  /** The channel it came through. `desk` means that a person of the staff acts. */
  readonly channel: Channel;
  /** The circulation desk, if it was done at one. */
  readonly desk?: string;
  /** The library the desk belongs to; a fee's owner when the command names none. */
  readonly library?: string;
  /** The institution of the actor. */
  readonly institution?: string;
};

/** When, by whom and why something happened; part of the data of every event. */
export type Circumstances = {
  /** When it happened: ISO 8601 with a zone. Order is the stream's order, never this (a late webhook is earlier). */
  readonly at: string;
  /** Who did it; left out when nobody in particular did. */
  readonly by?: Actor;
  /** A code from one of the policy's lists of reasons, or free text where there is no list. */
  readonly reason?: string;
  /** A comment that the patron may see. */
  readonly comment?: string;
  /** A note that is never shown to patrons. */
  readonly staffNote?: string;
};

/** Technical data beside an event. */
export type EventMetadata = {
  /** The id of the command that this event was decided for; all events of one decision carry it. */
  readonly commandId?: string;
  /** A hash of that command without `at`, `by`, comments and metadata: tells a repeated command from another one. */
  readonly commandDigest?: string;
  /** Ties together what belongs to one request or one job. */
  readonly correlationId?: string;
  /** The message that caused this one. */
  readonly causationId?: string;
};

/** The item that a fee was charged for; every field is for people to read, none is interpreted. */
export type Item = {
  /** The item's id in the library system. */
  readonly id?: string;
  /** The barcode. */
  readonly barcode?: string;
  /** The title. */
  readonly title?: string;
  /** The call number. */
  readonly callNumber?: string;
  /** The library the item belongs to. */
  readonly library?: string;
  /** The location within the library. */
  readonly location?: string;
  /** When the loan was due, ISO 8601. */
  readonly dueAt?: string;
};

/** A part of a payment or credit that goes to one fee. */
export type Allocation = {
  /** The fee. */
  readonly feeId: string;
  /** The part, a decimal string. */
  readonly amount: string;
};

/** A part of a credit. */
export type CreditPart = {
  /** The credit. */
  readonly creditId: string;
  /** The part, a decimal string. */
  readonly amount: string;
};

/** What a credit may be used for. */
export const creditPurposes = ['setOff', 'refundable', 'external', 'goodwill'] as const;

/**
 * What a credit may be used for; each credit has exactly one purpose.
 *
 * - `setOff`: reduces what is owed on its own lost-item fee, nothing else.
 * - `refundable`: money owed back; may be applied to any active fee, refunded, or transferred.
 * - `external`: reverses what was sent to the external system; can only be transferred, or used up by a recall.
 * - `goodwill`: may be applied to any active fee, never refunded or transferred.
 */
export type CreditPurpose = (typeof creditPurposes)[number];

/**
 * Why a credit exists.
 *
 * - `waived`: a waiver that could not reduce what is owed (a lost-item fee, or a fee that was transferred).
 * - `returned`: the lost item came back.
 * - `cancelled`: a fee that was paid or transferred had been assessed in error.
 * - `overpayment`: a payment was larger than what was owed.
 * - `settlement`: the external system was paid more than was pending.
 * - `manual`: goodwill, by hand.
 * - `imported`: taken over from another system.
 */
export type CreditCause =
  | 'waived'
  | 'returned'
  | 'cancelled'
  | 'overpayment'
  | 'settlement'
  | 'manual'
  | 'imported';
