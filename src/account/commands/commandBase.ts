import type { Actor } from '../circumstances.js';

/** What a command tells its events about its place in a larger job; every field is passed on unread. */
export type CommandMetadata = {
  /** Ties together what belongs to one request or one job. */
  readonly correlationId?: string;
  /** The message that caused this one. */
  readonly causationId?: string;
};

/** What every command has. */
export type CommandBase = {
  /**
   * Names what the command creates (the fee, the payment, the waiver): 1 to 190 characters. What else it creates is
   * `id#1`, `id#2` and so on. Sending the same command again under the same id changes nothing.
   */
  readonly id: string;
  /** When it happened: ISO 8601 with a zone. */
  readonly at: string;
  /** Who does it. */
  readonly by?: Actor;
  /** Why: a code from the policy's list where there is one, else free. */
  readonly reason?: string;
  /** A comment that the patron may see. */
  readonly comment?: string;
  /** A note that is never shown to patrons. */
  readonly staffNote?: string;
  /** Technical data, passed on to the events. */
  readonly metadata?: CommandMetadata;
};

/** A fee, whole or a part of it. */
export type FeePart = {
  /** The fee. */
  readonly feeId: string;
  /** The part, a decimal string; all that is open if left out. */
  readonly amount?: string;
};

/** A credit, whole or a part of it. */
export type CreditChoice = {
  /** The credit. */
  readonly creditId: string;
  /** The part, a decimal string; all that is unused if left out. */
  readonly amount?: string;
};
