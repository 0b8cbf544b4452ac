import type { AccountEvent } from './events/accountEvent.js';
import type { IdKind } from './ids.js';
import type { Rejection } from './rejections/rejection.js';

/** What was recorded when a repeated command was first accepted. */
export type Repeats = {
  /** The id of what was recorded: the command's own id, or the id of the payment that another command recorded. */
  readonly id: string;
  /** What the id names. A receipt can be made from a `payment`. */
  readonly kind: Exclude<IdKind, 'externalTransaction'>;
};

/** The command is accepted; append its events. An empty list means that the command is a repeat or changes nothing. */
export type Accepted = {
  /** Always true. */
  readonly accepted: true;
  /** What happened, in order. */
  readonly events: readonly AccountEvent[];
  /**
   * What was recorded before, if the command is a repeat; only present without events. For a list, what its first
   * command recorded.
   */
  readonly repeats?: Repeats;
};

/** The command, or the whole list of commands, is refused. */
export type Refused = {
  /** Always false. */
  readonly accepted: false;
  /** Always empty, so that callers who append events need no check. */
  readonly events: readonly [];
  /** Why the command is refused. */
  readonly rejection: Rejection;
  /** The index of the refused command in the list, starting at 0; left out for a single command. */
  readonly commandIndex?: number;
};

/** The result of {@link decide}: the events to append, or the rejection. */
export type Decision = Accepted | Refused;
