import type { Rejection } from '../../account/rejection.js';
import type { Fault } from '../../errors.js';
import type { BulkWaiveRefusal } from './bulkWaiveRefusal.js';

/** The entry of the directory is none, or is no entry of a plan. */
export type PatronInvalid = {
  /** The reason's name. */
  readonly type: 'PatronInvalid';
  /** Which entry of the directory it is, counted from 1. */
  readonly row: number;
  /** Everything that is wrong with it. */
  readonly faults: readonly Fault[];
};

/** The directory names the patron twice. The first entry counts, whatever the later ones say. */
export type PatronRepeated = {
  /** The reason's name. */
  readonly type: 'PatronRepeated';
  /** Which entry of the directory the later one is, counted from 1. */
  readonly row: number;
};

/** The directory has the patron at another institution than the job is for. */
export type OtherInstitution = {
  /** The reason's name. */
  readonly type: 'OtherInstitution';
};

/** The patron has no account: nothing was ever charged or paid. */
export type NoAccount = {
  /** The reason's name. */
  readonly type: 'NoAccount';
};

/** The patron's user group was not chosen. */
export type GroupNotChosen = {
  /** The reason's name. */
  readonly type: 'GroupNotChosen';
};

/** The patron has overdue loans, and such patrons are left out. */
export type HasOverdueLoans = {
  /** The reason's name. */
  readonly type: 'HasOverdueLoans';
};

/** The patron owes more than the threshold. */
export type OwedAboveThreshold = {
  /** The reason's name. */
  readonly type: 'OwedAboveThreshold';
  /** All that is owed, disputed or not, a decimal string. */
  readonly owed: string;
  /** The threshold, a decimal string. */
  readonly threshold: string;
};

/** Nothing is owed on what could be waived. */
export type NothingToWaive = {
  /** The reason's name. */
  readonly type: 'NothingToWaive';
};

/** The account's events cannot be read or folded: somebody should look at it. */
export type AccountUnreadable = {
  /** The reason's name. */
  readonly type: 'AccountUnreadable';
  /** The error's code: `CORRUPT_HISTORY` or `INVALID_EVENT`. */
  readonly code: string;
  /** One sentence for a person. */
  readonly message: string;
};

/** Others kept on appending to the account: run the job again. */
export type AccountBusy = {
  /** The reason's name. */
  readonly type: 'AccountBusy';
  /** How often it was tried. */
  readonly attempts: number;
};

/** Why nothing of a patron is waived, told apart by `type`. Amounts are decimal strings. */
export type NotWaived =
  | BulkWaiveRefusal
  | Rejection
  | PatronInvalid
  | PatronRepeated
  | OtherInstitution
  | NoAccount
  | GroupNotChosen
  | HasOverdueLoans
  | OwedAboveThreshold
  | NothingToWaive
  | AccountUnreadable
  | AccountBusy;
