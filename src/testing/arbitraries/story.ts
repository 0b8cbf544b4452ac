import type { Command } from '../../account/commands.js';
import type { Decision } from '../../account/decision.js';
import type { AccountEvent } from '../../account/events.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import type { FeePolicy } from '../../policy/feePolicy.js';

/** One step of a story: what was asked of which account, and what came of it. */
export type Step = {
  /** What was asked. */
  readonly command: Command;
  /** The policy in force: mostly the story's own, sometimes that of another time or place. */
  readonly policy: FeePolicy;
  /** The account before. */
  readonly before: PatronAccount;
  /** What was decided. */
  readonly decision: Decision;
  /** The account after; the same as before where nothing happened. */
  readonly after: PatronAccount;
};

/** The step at which a story broke off, because something threw. */
export type Break = {
  /** What was asked. */
  readonly command: Command;
  /** What was decided; left out where deciding threw. */
  readonly decision?: Decision;
  /** What was thrown. */
  readonly error: unknown;
};

/** Commands that were decided one after the other, refused ones included, and what became of the account. */
export type Story = {
  /** The policy. */
  readonly policy: FeePolicy;
  /** The steps, in order. */
  readonly steps: readonly Step[];
  /** All that happened: the valid history of the account. */
  readonly events: readonly AccountEvent[];
  /** The account at the end. */
  readonly account: PatronAccount;
  /** Where it broke off; never, with the `decide` and `fold` of this library. */
  readonly broken?: Break;
};
