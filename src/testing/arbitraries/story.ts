import type { Command } from '../../account/commands/command.js';
import type { Decision } from '../../account/decision.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import type { FeePolicy } from '../../policy/feePolicy.js';

/** One step of a story: a command, the account before it, and the result. */
export type Step = {
  /** The command sent. */
  readonly command: Command;
  /** The policy in force: mostly the story's own, sometimes a variant of another time or place. */
  readonly policy: FeePolicy;
  /** The account before. */
  readonly before: PatronAccount;
  /** The decision. */
  readonly decision: Decision;
  /** The account after; the same as before if nothing happened. */
  readonly after: PatronAccount;
};

/** The step at which a story ended early, because something threw. */
export type Break = {
  /** The command sent. */
  readonly command: Command;
  /** The decision; left out if deciding threw. */
  readonly decision?: Decision;
  /** The thrown value. */
  readonly error: unknown;
};

/** Commands decided one after the other, including refused ones, and the resulting account. */
export type Story = {
  /** The policy. */
  readonly policy: FeePolicy;
  /** The steps, in order. */
  readonly steps: readonly Step[];
  /** All events: the valid history of the account. */
  readonly events: readonly AccountEvent[];
  /** The account at the end. */
  readonly account: PatronAccount;
  /** Where the story ended early; never present with this library's `decide` and `fold`. */
  readonly broken?: Break;
};
