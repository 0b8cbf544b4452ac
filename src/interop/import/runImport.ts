import * as v from 'valibot';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { commandIdField, nameField } from '../../account/fieldSchemas.js';
import { applyOne } from '../../account/fold.js';
import type { AccountState, PatronAccount } from '../../account/patronAccount.js';
import { isPatronFeesError } from '../../errors.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { type AccountFinding, busy, otherCurrency, unreadable } from '../../job/accountFinding.js';
import { appendPlanned, type JobOptions } from '../../job/job.js';
import { type JobOrder, orderFields } from '../../job/jobHead.js';
import type { JobStores } from '../../job/jobStores.js';
import { openJob } from '../../job/openJob.js';
import type { FindingOptions } from '../../job/tallies.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { ForeignAccount } from './foreignAccount.js';
import { importedLedger, isImported } from './importEvents.js';
import type { ForeignRow } from './importFinding.js';
import { findingOf, type ImportFinding } from './importFinding.js';
import type { ImportLedger } from './importLedger.js';
import { type ImportReport, importTally } from './importReport.js';

/** What to import, and as which job. */
export type ImportForm = Omit<JobOrder, 'jobId'> & {
  /** The id of the job, 1 to 190 characters: the correlation id of all events. */
  readonly jobId: string;
  /** The institution of the accounts. */
  readonly institution: string;
  /**
   * Whether rows of earlier imports that are no longer there were withdrawn in the other system: what the others state
   * is then corrected here.
   *
   * @defaultValue `false`: such an account is left as it is, with a finding
   */
  readonly withdrawn?: boolean;
};

/** The accounts of an import, and how the job runs. Progress counts accounts. */
export type ImportOptions = JobOptions &
  FindingOptions<ImportFinding | AccountFinding> & {
    /** The accounts in the other system, e.g. from `kohaAccounts`. */
    readonly accounts: AsyncIterable<ForeignAccount> | Iterable<ForeignAccount>;
    /**
     * The patron's id here, if it differs from the other system's.
     *
     * @defaultValue the other system's
     */
    readonly patronIdOf?: (patronId: string) => string;
  };

const formSchema = v.strictObject({
  ...orderFields,
  jobId: commandIdField,
  institution: nameField,
  withdrawn: v.exactOptional(v.boolean(), false),
});

const accountsField = v.custom<ImportOptions['accounts']>(
  (input) =>
    typeof input === 'object' &&
    input !== null &&
    (Symbol.asyncIterator in input || Symbol.iterator in input),
  'accounts one after the other',
);

/** The result for one account. */
type Imported = {
  readonly account: ForeignAccount;
  readonly ledger: ImportLedger | null;
  readonly events: readonly AccountEvent[];
  readonly findings: readonly (ImportFinding | AccountFinding)[];
  /** Whether the account has no event, also none of before. */
  readonly isEmpty: boolean;
};

/**
 * Imports accounts of another system into a store: what {@link importEvents} makes of each is appended to the patron's
 * stream, all of it or nothing.
 *
 * A job that stopped, was aborted or killed runs again with the same accounts: it finds in the store what was done,
 * adds the rest, and reports on both runs. A later import of all rows of a patron adds what is new. What was done here
 * in the meantime stays: an event that no longer fits the account, such as a payment in the old system of a fee already
 * paid in this one, is a finding.
 *
 * A row that cannot be imported is a finding, and so is an account that cannot be read, or that lacks rows of an earlier
 * import (`ROWS_MISSING`); the job continues.
 *
 * @param stores - the store with the accounts
 * @param policy - the institution's policy
 * @param form - the job and the institution
 * @param options - the accounts; callbacks for findings and progress; signal; concurrency
 * @returns the totals by fee type and library, here and in the rows, and the findings
 * @throws {@link index.PatronFeesError | PatronFeesError} at the call: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the store, the stream of accounts or `onFinding`
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { openingBalances, runImport } from 'patron-fees/import';
 *
 * const policy = definePolicy({ currency: 'USD' });
 * const store = memoryEventStore({ now: () => '2026-03-10T02:00:00Z' });
 * const fee = { feeType: 'OTHER', owner: 'MAIN', at: '2026-03-02' };
 * const rows = [
 *   { ...fee, patronId: 'u17', id: 'F-1', amount: '12.50' },
 *   { ...fee, patronId: 'u18', id: 'F-2', amount: '3.00', remaining: '1.00' },
 * ];
 * const accounts = () => openingBalances(rows, { policy });
 * const form = { jobId: 'opening balances', institution: 'north' };
 * const report = await runImport(store, policy, form, { accounts: accounts() });
 * report.total; //=> { fees: 2, charged: '15.50', owed: '13.50', owedByRows: '13.50', difference: '0.00' }
 * report.events; //=> 3
 *
 * const again = await runImport(store, policy, form, { accounts: accounts() });
 * again.total.owed; //=> '13.50'
 * again.events; //=> 0
 * ```
 */
export function runImport(
  stores: JobStores,
  policy: FeePolicy,
  form: ImportForm,
  options: ImportOptions,
): Promise<ImportReport> {
  const job = openJob(stores, policy, options, {
    form: () => checkedArgument(formSchema, form, 'form'),
    options: { accounts: accountsField, patronIdOf: v.optional(v.function('a function')) },
  });
  const { store, currency, form: checked } = job;
  const { accounts, patronIdOf = (patronId: string) => patronId } = options;
  const work = async (account: ForeignAccount): Promise<Imported> => {
    const { patronId, findings } = account;
    const nothing = { account, ledger: null, events: [], isEmpty: false };
    if (patronId === null) return { ...nothing, findings };
    const stream = { institution: checked.institution, patronId: patronIdOf(patronId) };
    const wrong = otherCurrency(stream, account.currency, currency);
    const failed = (finding: AccountFinding) => ({ ...nothing, findings: [finding] });
    if (wrong !== null) return failed(wrong);
    try {
      const planned = await appendPlanned(store, stream, (current, history) =>
        planImport(account, current, history, checked),
      );
      return planned ?? failed(busy(stream));
    } catch (error) {
      return failed(unreadable(stream, error));
    }
  };
  const tally = importTally(currency);
  return job.working(
    async () => {
      for await (const imported of job.each<ForeignAccount, Imported>(each(accounts), work)) {
        tally.add(imported);
        for (const finding of imported.findings) await job.found(finding);
      }
    },
    () => tally.result(),
  );
}

async function* each(accounts: ImportOptions['accounts']): AsyncGenerator<ForeignAccount> {
  yield* accounts;
}

/** Makes the events of an account. Those that do not fit after what was done here are findings. */
function planImport(
  account: ForeignAccount,
  current: () => PatronAccount,
  history: readonly AccountEvent[],
  { jobId, institution, withdrawn = false }: Pick<ImportForm, 'jobId' | 'institution' | 'withdrawn'>,
): Imported {
  const ledger = importedLedger(account, { history, institution, withdrawn });
  const events = ledger.events.map((event) => ({ ...event, metadata: { correlationId: jobId } }));
  const isOurs = history.every((event) => isImported(event, account.system));
  const isEmpty = history.length + events.length === 0;
  if (isOurs || events.length === 0) return { account, ledger, events, findings: ledger.findings, isEmpty };
  const state = current() as AccountState;
  const findings: ImportFinding[] = [];
  const taken = events.filter((event) => {
    try {
      applyOne(state, event);
      return true;
    } catch (error) {
      if (!isPatronFeesError(error, 'CORRUPT_HISTORY')) throw error;
      const row: ForeignRow = { table: 'events', rowId: null, row: event };
      const expected = `an account that can take ${event.type}`;
      findings.push(findingOf(account.patronId, row, ['Refused', '', expected, error.message]));
      return false;
    }
  });
  return { account, ledger, events: taken, findings: [...ledger.findings, ...findings], isEmpty };
}
