import type { Approver, CommandActor } from '../circumstances.js';

/** Ids that relate a command to a larger job. Copied to its events unchanged. */
export type CommandMetadata = {
  /** Shared by everything that belongs to one request or one job; none if left out. */
  readonly correlationId?: string;
  /** The id of the message that caused this command; none if left out. */
  readonly causationId?: string;
};

/**
 * The fields of every command. Every command can also be refused with {@link InvalidCommand}, {@link IdAlreadyUsed},
 * {@link AccountInOtherCurrency}, {@link NotPermitted}, {@link ApprovalRequired}, {@link TooFarBack},
 * {@link InTheFuture}, {@link LooksLikeCardNumber} or {@link AccountTotalTooLarge}.
 */
export type CommandBase = {
  /**
   * Names what the command creates (the fee, the payment, the waiver): 1 to 190 characters. Anything else it creates is
   * named `id#1`, `id#2` and so on. Sending the same command again with the same id changes nothing.
   */
  readonly id: string;
  /** When it happened: ISO 8601 with a zone. */
  readonly at: string;
  /** Who does it; not recorded if left out. */
  readonly by?: CommandActor;
  /**
   * Another member of staff who approved it, up to an amount, if the policy's `approvals` require one; none if left out.
   */
  readonly approvedBy?: Approver;
  /** The reason, a code from the policy's list or free text without a list; none if left out. */
  readonly reason?: string;
  /** A comment that the patron may see; none if left out. Like all free texts at most 10,000 characters. */
  readonly comment?: string;
  /** A note that is never shown to patrons; none if left out. */
  readonly staffNote?: string;
  /** Technical data, passed on to the events; none if left out. */
  readonly metadata?: CommandMetadata;
};

/** A fee, in full or in part. */
export type FeePart = {
  /** The fee. */
  readonly feeId: string;
  /** The amount, a decimal string; all that is owed if left out. */
  readonly amount?: string;
};

/** A credit, in full or in part. */
export type CreditChoice = {
  /** The credit. */
  readonly creditId: string;
  /** The amount, a decimal string; all that is unused if left out. */
  readonly amount?: string;
};
