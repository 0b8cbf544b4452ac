import type { AccountEvent } from './events.js';
import type { IdKind } from './ids.js';
import type { Rejection } from './rejection.js';

/** What a repeated command had recorded when it was done. */
export type Repeats = {
  /** The id of what was recorded: the command's own, or that of the payment that another command recorded. */
  readonly id: string;
  /** What the id names; a receipt can be made of a `payment`. */
  readonly kind: Exclude<IdKind, 'externalTransaction'>;
};

/** The command is done by these events. None at all: it was done before, or changes nothing. */
export type Accepted = {
  /** True: append the events. */
  readonly accepted: true;
  /** What happened, in order. */
  readonly events: readonly AccountEvent[];
  /**
   * What was recorded when this was done before; only without events. Of a list, what its first command had recorded.
   */
  readonly repeats?: Repeats;
};

/** The command is refused as a whole. */
export type Refused = {
  /** False: nothing happened. */
  readonly accepted: false;
  /** Always empty, so that callers who only append need not look. */
  readonly events: readonly [];
  /** Why, as data. */
  readonly rejection: Rejection;
  /** Which command of a list was refused, counted from 0; left out for a single command. */
  readonly commandIndex?: number;
};

/** What {@link decide} says to a command: the events that do it, or the rejection that refuses it. */
export type Decision = Accepted | Refused;
