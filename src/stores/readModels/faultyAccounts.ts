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

/** Nothing is known of what an account with a fault owes: it must not look like one that owes nothing. */
export function faultyAccounts(institution: string, patronId: string | undefined): FaultyAccounts {
  if (patronId === undefined) {
    const text = '(select count(*) from patron_fees_accounts where institution = ? and fault is not null)';
    return { text, values: [institution], count: Number };
  }
  return {
    text: '(select fault from patron_fees_accounts where institution = ? and patron_id = ?)',
    values: [institution, patronId],
    count: (fault) => {
      if (fault !== null) throw faultyAccount({ institution, patronId }, String(fault));
      return 0;
    },
  };
}

function faultyAccount(account: StreamId, fault: string): PatronFeesError {
  const name = streamName(account);
  const code: ErrorCode =
    fault === 'CORRUPT_HISTORY' || fault === 'INVALID_EVENT' ? fault : 'READ_MODEL_INCOMPLETE';
  return new PatronFeesError(
    code,
    `${name} cannot be read, or is parked (${fault}): the table of accounts does not say what it owes`,
    { stream: name, fault },
  );
}
