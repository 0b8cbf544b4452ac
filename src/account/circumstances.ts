/** The channels through which something can be done. */
export const channels = ['desk', 'selfCheck', 'online', 'job', 'import'] as const;

/**
 * The channel through which something was done.
 *
 * - `desk`: a member of staff did it, at a desk.
 * - `selfCheck`: the patron did it, at a machine in the library.
 * - `online`: the patron did it on the web.
 * - `job`: a job over many accounts did it.
 * - `import`: it was taken over from another system.
 */
export type Channel = (typeof channels)[number];

/** Who did something, and where. */
export type RecordedActor = {
  /** The user who acted: a staff member at a desk, the patron online; left out for jobs. */
  readonly userId?: string;
  /** The channel used. `desk` means that a member of staff acts. */
  readonly channel: Channel;
  /** The circulation desk, if one was used. */
  readonly desk?: string;
  /** The library of the desk. Becomes the fee's owner if the command names none. */
  readonly library?: string;
  /** The institution of the actor. */
  readonly institution?: string;
  /** The session of the till through which the money passed, the id of its `OpenTill`; left out if no till was used. */
  readonly tillSession?: string;
};

/** Who gives a command. */
export type CommandActor = RecordedActor & {
  /** The roles of a member of staff, for the policy's permissions. They are read and never recorded. */
  readonly roles?: readonly string[];
};

/** The second member of staff who approved a command. */
export type RecordedApprover = {
  /** The user who approved. */
  readonly userId: string;
  /**
   * The highest amount that is approved, which is what the approver was shown: a decimal string. A command that moves
   * more is refused again. Without it no amount is approved; events of early versions lack it.
   */
  readonly upTo?: string;
};

/** Who approves a command. */
export type Approver = RecordedApprover & {
  /** The roles of the approver, for the policy's approvals. They are read and never recorded. */
  readonly roles?: readonly string[];
};

/** When, by whom and why something happened. Part of the data of every event. */
export type Circumstances = {
  /**
   * When it happened: ISO 8601 with a zone. Events are ordered by their position in the stream, not by this time (a
   * late webhook carries an earlier time).
   */
  readonly at: string;
  /** Who did it; left out if unknown. */
  readonly by?: RecordedActor;
  /** Who approved it; left out without an approval. */
  readonly approvedBy?: RecordedApprover;
  /** A code from one of the policy's lists of reasons, or free text if there is no list. */
  readonly reason?: string;
  /**
   * A comment that the patron may see. Like all free texts at most 10,000 characters, unless an early version stored
   * it.
   */
  readonly comment?: string;
  /** A note that is never shown to patrons. */
  readonly staffNote?: string;
};

/** Technical metadata of an event. */
export type EventMetadata = {
  /** The id of the command that caused this event; the same for all events of one decision. */
  readonly commandId?: string;
  /**
   * The digest of that command without `at`, `by`, comments and metadata. Distinguishes a repeated command from a
   * different one with the same id. Two hashes, separated by a dot: of what a redaction keeps, and of what it erases;
   * `-` instead of the second if there is nothing to erase, and nothing once it is erased.
   */
  readonly commandDigest?: string;
  /** Shared by everything that belongs to one request or one job. */
  readonly correlationId?: string;
  /** The id of the message that caused this one. */
  readonly causationId?: string;
  /**
   * What a redaction erases of this event, encrypted under a key of its account. Only events in a store behind
   * `keyedEventStore` have it; commands and the events that callers of that store read do not.
   */
  readonly sealed?: string;
};

/**
 * An event as it is stored: its name, what happened with its circumstances, and technical metadata.
 *
 * @typeParam Type - the event's name
 * @typeParam Data - the fields that only this event has
 */
export type Recorded<Type extends string, Data> = {
  /** The event's name in storage. */
  readonly type: Type;
  /** The recorded facts. */
  readonly data: Circumstances & Data;
  /** Technical metadata, not part of the facts. */
  readonly metadata?: EventMetadata;
};

/** The item that a fee was charged for. All fields are for display only. */
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

/** A part of a payment or credit that pays one fee. */
export type Allocation = {
  /** The fee that is paid. */
  readonly feeId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
};

/** A part of a credit. */
export type CreditPart = {
  /** The credit. */
  readonly creditId: string;
  /** The amount, a decimal string. */
  readonly amount: string;
};

/** The purposes of credits. */
export const creditPurposes = ['setOff', 'refundable', 'external', 'goodwill'] as const;

/**
 * What a credit may be used for. Each credit has exactly one purpose.
 *
 * - `setOff`: reduces what is owed on its own lost-item fee, nothing else.
 * - `refundable`: money owed to the patron; may be applied to any active fee, refunded, or transferred.
 * - `external`: reverses what was transferred to the external system; can only be transferred, or used up by a recall.
 * - `goodwill`: may be applied to any active fee, never refunded or transferred.
 */
export type CreditPurpose = (typeof creditPurposes)[number];

/**
 * Why a credit was issued.
 *
 * - `waived`: a waiver that does not reduce what remains (of a lost-item fee, or of a fee that was transferred).
 * - `returned`: the lost item was returned.
 * - `cancelled`: a fee that was paid or transferred had been charged in error, or a growing fine was reduced.
 * - `overpayment`: a payment exceeded what was owed.
 * - `settlement`: the external system was paid more than was pending.
 * - `manual`: goodwill, issued by staff.
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
