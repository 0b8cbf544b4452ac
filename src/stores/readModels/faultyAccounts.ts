import { type ErrorCode, PatronFeesError } from '../../errors.js';
import { type StreamId, streamName } from '../../history/eventStore.js';

/** What a query says about the accounts of an institution that cannot be read or are parked. */
export type FaultyAccounts = {
  /** Selects, as one value, the fault of the patron's account, or the number of accounts with a fault. */
  readonly text: string;
  /** The values of the text. */
  readonly values: readonly string[];
  /** Converts the selected value to the number of accounts; throws if it is a fault. */
  readonly count: (value: unknown) => number;
};

/** Stands for a fault if the row of an account is missing, or older than its events. */
const BEHIND = 'BEHIND';

const OF_PATRON = 'from patron_fees_accounts where institution = ? and patron_id = ?';

/** A table with a cursor is kept by following: it may be behind, and its events may be in another store. */
const FAULT_OF_PATRON = `coalesce(
  (select fault ${OF_PATRON}),
  case when (select cursor from patron_fees_read_model where name = 'accounts') is null and exists (
    select 1 from patron_fees_event where institution = ? and patron_id = ?
      and version > coalesce((select version ${OF_PATRON}), 0)
  ) then '${BEHIND}' end)`;

/** Nothing is known of what an account with a fault owes: it must not look like one that owes nothing. */
export function faultyAccounts(institution: string, patronId: string | undefined): FaultyAccounts {
  if (patronId === undefined) {
    const text = '(select count(*) from patron_fees_accounts where institution = ? and fault is not null)';
    return { text, values: [institution], count: Number };
  }
  return {
    text: FAULT_OF_PATRON,
    values: [institution, patronId, institution, patronId, institution, patronId],
    count: (fault) => {
      if (fault !== null) throw faultyAccount({ institution, patronId }, String(fault));
      return 0;
    },
  };
}

function faultyAccount(account: StreamId, fault: string): PatronFeesError {
  const name = streamName(account);
  if (fault === BEHIND) {
    return new PatronFeesError(
      'READ_MODEL_INCOMPLETE',
      `${name} has events that the table of accounts lacks: they were appended without inlineAccounts. Rebuild it (rebuildAccounts)`,
      { stream: name },
    );
  }
  const code: ErrorCode =
    fault === 'CORRUPT_HISTORY' || fault === 'INVALID_EVENT' ? fault : 'READ_MODEL_INCOMPLETE';
  return new PatronFeesError(
    code,
    `${name} cannot be read, or is parked (${fault}): the table of accounts does not say what it owes`,
    { stream: name, fault },
  );
}
