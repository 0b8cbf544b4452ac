import type { DisputeOutcome } from '../account/events/feeEvents.js';
import type { NoticeKind } from '../policy/notices.js';

/** A fee in a notice. Amounts are decimal strings. */
export type NoticeFee = {
  /** The fee. */
  readonly feeId: string;
  /** Its type's code. */
  readonly feeType: string;
  /** The label of the type. */
  readonly feeTypeLabel: string;
  /** The title of its item; null without one. */
  readonly title: string | null;
  /** The library that owns it. */
  readonly owner: string;
  /** The part of the notice's amount for this fee; null if the notice only names the fee. */
  readonly amount: string | null;
  /** What is owed of it now. */
  readonly owed: string;
};

/** An instalment in a notice. Amounts are decimal strings. */
export type NoticeInstalment = {
  /** The last day for paying it, a local date of the library. */
  readonly dueOn: string;
  /** The amount. */
  readonly amount: string;
  /** What is still to be paid of it. */
  readonly open: string;
};

/**
 * A message to a patron about what happened on the account. Missing details are null. It has no staff notes, and a
 * comment only if the policy says so.
 */
export type Notice = {
  /** The same each time the notice is handed on: an e-mail system can drop an id that it has had. */
  readonly noticeId: string;
  /** What it tells. */
  readonly kind: NoticeKind;
  /**
   * What it is made of: the kind with the version of each event, or with the plan and day, or with the week or month.
   */
  readonly told: readonly string[];
  /** The institution. */
  readonly institution: string;
  /** The patron. */
  readonly patronId: string;
  /** The language of `message`, and of the labels if the policy has labels in it. */
  readonly language: string;
  /** When it happened, ISO 8601 with a zone; null for a notice of a day. */
  readonly at: string | null;
  /** The day, a local date of the library; null for a notice of an event. */
  readonly on: string | null;
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** What was charged, paid, waived and so on, a decimal string; null if the notice is not about an amount. */
  readonly amount: string | null;
  /** The part of it that is now a credit in the patron's favour, a decimal string; null for none. */
  readonly credited: string | null;
  /** The fees that it is about. */
  readonly fees: readonly NoticeFee[];
  /** The instalments of the plan that are not paid; empty without a plan. */
  readonly instalments: readonly NoticeInstalment[];
  /** The label of the payment method. */
  readonly methodLabel: string | null;
  /** The label of the external billing system. */
  readonly destinationLabel: string | null;
  /** The label of the reason of a waiver. */
  readonly reasonLabel: string | null;
  /** How a dispute ended. */
  readonly outcome: DisputeOutcome | null;
  /** The library's own paragraph. */
  readonly message: string | null;
  /** The comment of staff, if the rule of the policy has `comments`. */
  readonly comment: string | null;
  /** What the patron can pay now in all, a decimal string. */
  readonly payable: string;
};
