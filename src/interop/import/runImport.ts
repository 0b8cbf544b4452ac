import * as v from 'valibot';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { commandIdField, nameField } from '../../account/fieldSchemas.js';
import { applyOne } from '../../account/fold.js';
import type { AccountState, PatronAccount } from '../../account/patronAccount.js';
import { isPatronFeesError, PatronFeesError } from '../../errors.js';
import type { EventStore } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { faultText, MISSING } from '../../input/faults.js';
import { instantField } from '../../input/instant.js';
import { oneByOneField } from '../../input/iterable.js';
import { type AccountFinding, busy, otherCurrency, unreadable } from '../../job/accountFinding.js';
import { appendPlanned, type JobOptions } from '../../job/job.js';
import { type JobOrder, orderFields } from '../../job/jobHead.js';
import type { JobStores } from '../../job/jobStores.js';
import { openJob } from '../../job/openJob.js';
import type { FindingOptions } from '../../job/tallies.js';
import { isUnreadable } from '../../job/unreadableRow.js';
import {
  type FileFinding,
  type FileForm,
  fileFinding,
  fileFormFields,
  fileHash,
  recordFile,
} from '../../office/files/importedFile.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { ForeignAccount } from './foreignAccount.js';
import { importedLedger, isImported } from './importEvents.js';
import { type ForeignRow, findingOf, type ImportFinding, type Rows, rowsField } from './importFinding.js';
import type { ImportLedger } from './importLedger.js';
import { type ImportReport, importTally } from './importReport.js';

/** What to import, and as which job. */
export type ImportForm = Omit<JobOrder, 'jobId'> &
  FileForm & {
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
  FindingOptions<ImportFinding | AccountFinding | FileFinding> & {
    /** The accounts in the other system, e.g. from `kohaAccounts`. */
    readonly accounts: AsyncIterable<ForeignAccount> | Iterable<ForeignAccount>;
    /**
     * The rows of opening balances, to be read once more, before the accounts: the file is recorded in the office with the
     * `at` of the form, and another job with the same rows imports nothing, unless it says `again`. Opening balances need them.
     *
     * @defaultValue none: imports that recognise each row need none
     */
    readonly rows?: Rows;
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
  ...fileFormFields,
});

/** The form of an import with rows: the file is recorded at a time. */
const fileSchema = v.strictObject({ ...formSchema.entries, at: instantField });

type CheckedForm = v.InferOutput<typeof formSchema>;

type Found = ImportFinding | AccountFinding | FileFinding;

const accountsField = oneByOneField<ImportOptions['accounts']>('accounts one after the other');

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
 * Opening balances are recorded in the office before the first account, by the hash of their `rows`: the same file in another
 * job imports nothing (`FILE_ALREADY_IMPORTED`), unless the form says `again`.
 *
 * A row that cannot be imported is a finding, and so is an account that cannot be read, or that lacks rows of an earlier
 * import (`ROWS_MISSING`); the job continues.
 *
 * @param stores - the store with the accounts, and that of the office, which opening balances need
 * @param policy - the institution's policy
 * @param form - the job and the institution
 * @param options - the accounts; callbacks for findings and progress; signal; concurrency
 * @returns the totals by fee type and library, here and in the rows, and the findings
 * @throws {@link index.PatronFeesError | PatronFeesError} before anything is read: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the store, the stream of accounts or `onFinding`
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { openingBalances, runImport } from 'patron-fees/import';
 * import { officeEvents } from 'patron-fees/office';
 *
 * const policy = definePolicy({ currency: 'USD' });
 * const at = '2026-03-10T02:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const fee = { feeType: 'OTHER', owner: 'MAIN', at: '2026-03-02' };
 * const rows = [
 *   { ...fee, patronId: 'u17', id: 'F-1', amount: '12.50' },
 *   { ...fee, patronId: 'u18', id: 'F-2', amount: '3.00', remaining: '1.00' },
 * ];
 * const stores = { accounts: store, office: memoryEventStore({ now: () => at, codec: officeEvents }) };
 * const options = () => ({ accounts: openingBalances(rows, { policy }), rows });
 * const form = { jobId: 'opening balances', institution: 'north', at };
 * const report = await runImport(stores, policy, form, options());
 * report.total; //=> { fees: 2, charged: '15.50', owed: '13.50', owedByRows: '13.50', difference: '0.00' }
 * report.events; //=> 3
 *
 * const again = await runImport(stores, policy, form, options());
 * again.total.owed; //=> '13.50'
 * again.events; //=> 0
 * const other = await runImport(stores, policy, { ...form, jobId: 'another' }, options());
 * other.findings.byCode; //=> { FILE_ALREADY_IMPORTED: 1 }
 * ```
 */
export async function runImport(
  stores: JobStores<EventStore, OfficeStore>,
  policy: FeePolicy,
  form: ImportForm,
  options: ImportOptions,
): Promise<ImportReport> {
  const isOfFile = options?.rows !== undefined;
  const job = openJob<CheckedForm, EventStore, OfficeStore, Found>(stores, policy, options, {
    form: () => checkedArgument(isOfFile ? fileSchema : formSchema, form, 'form'),
    options: {
      accounts: accountsField,
      rows: v.optional(rowsField),
      patronIdOf: v.optional(v.function('a function')),
    },
    needsOffice: isOfFile,
  });
  const { store, office, currency, form: checked } = job;
  const { accounts, rows, signal, patronIdOf = (patronId: string) => patronId } = options;
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
  /** Records the file in the office, once its first account could be read; returns whether it may be imported. */
  const begun = async (): Promise<boolean> => {
    if (office === undefined || rows === undefined) return true;
    const { at = '', fileId, ...order } = checked;
    const hash = fileHash('openingBalances', fileId);
    for await (const row of rows) {
      signal?.throwIfAborted();
      if (typeof row === 'object' && row !== null && !isUnreadable(row)) hash.add(row);
    }
    const refused = await recordFile(office, { ...order, at }, hash.identity(), 'run');
    if (refused !== null) await job.found(fileFinding(checked.institution, refused));
    return refused === null;
  };
  return job.working(
    async () => {
      for await (const imported of job.each<ForeignAccount, Imported>(
        each(accounts, isOfFile ? begun : null),
        work,
      )) {
        tally.add(imported);
        for (const finding of imported.findings) await job.found(finding);
      }
    },
    () => tally.result(),
  );
}

/** Yields the accounts; opening balances only if their file can be recorded. */
async function* each(
  accounts: ImportOptions['accounts'],
  begun: (() => Promise<boolean>) | null,
): AsyncGenerator<ForeignAccount> {
  let isBegun = false;
  for await (const account of accounts) {
    if (account.rowsStandAlone && begun === null) {
      const expected = 'the rows of the opening balances, so that their file is imported once';
      const faults = [{ path: 'options.rows', expected, found: MISSING }];
      throw new PatronFeesError('INVALID_ARGUMENT', faults.map((fault) => faultText(fault)).join('; '), {
        faults,
      });
    }
    if (!isBegun && begun !== null && !(await begun())) return;
    isBegun = true;
    yield account;
  }
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
