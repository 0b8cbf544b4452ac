import * as v from 'valibot';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { fold } from '../../account/fold.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import {
  type AccountStatement,
  accountStatement,
  type HouseholdStatement,
  householdStatement,
  type StatementMember,
} from '../../books/statement/accountStatement.js';
import { type StreamId, streamName } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { instantField } from '../../input/instant.js';
import { plainObject } from '../../input/plainObject.js';
import { type AccountFinding, otherCurrency } from '../../job/accountFinding.js';
import type { AccountJobOptions } from '../../job/job.js';
import { type JobReport, type ReportForm, reportFormFields } from '../../job/jobHead.js';
import type { JobStores } from '../../job/jobStores.js';
import { openJob } from '../../job/openJob.js';
import { endsAfterBeginning } from '../../job/period.js';
import { groupAround } from '../../patron/accountsOf.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { ReportPatron } from '../../views/activityReport.js';

/** The accounts and the period of a statements job. */
export type StatementsForm = ReportForm & {
  /** The beginning of the period, ISO 8601 with a zone; the first event if left out. */
  readonly from?: string;
  /**
   * The end of the period, exclusive; after the last event if left out. Once a period is over, its statements never
   * change.
   */
  readonly before?: string;
  /**
   * Whether to leave out accounts without lines and without any balance.
   *
   * @defaultValue false
   */
  readonly skipQuiet?: boolean;
};

/** Options of a statements job. */
export type StatementsOptions = AccountJobOptions & {
  /** Returns a patron's name and barcode; the name is the patron's id if left out. */
  readonly patronOf?: (stream: StreamId) => ReportPatron | Promise<ReportPatron>;
};

type Statement = AccountStatement | HouseholdStatement;

/** The statement of one patron. */
export type StatementOfAccount = StreamId & {
  /** The statement; of a patron with merged accounts, one over all of them, at the account that is kept. */
  readonly statement: AccountStatement | HouseholdStatement;
};

const formSchema = v.pipe(
  plainObject,
  v.strictObject({
    ...reportFormFields,
    from: v.optional(instantField),
    before: v.optional(instantField),
    skipQuiet: v.optional(v.boolean(), false),
  }),
  endsAfterBeginning(),
);

/**
 * Makes the statements of all accounts at an institution, one after the other. Each is yielded when it is made, and
 * none is kept, so memory does not grow with the number of accounts. Changes nothing; another run makes the same
 * statements.
 *
 * Accounts that were merged at the end of the period have one statement ({@link householdStatement}), that of the
 * account that is kept.
 *
 * @param stores - the store with the accounts
 * @param policy - the institution's policy, for the currency and for labels
 * @param form - the institution and the period
 * @param options - callbacks for patron names, findings and progress; signal; concurrency
 * @returns the statements, in the order of the store's accounts, then the report
 * @throws {@link index.PatronFeesError | PatronFeesError} at the call: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runStatements } from 'patron-fees/reports';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at } as const;
 * await execute(store, policy, { institution: 'north', patronId: 'dverma' }, fee);
 *
 * const form = { institution: 'north', from: '2026-03-01T00:00:00-05:00', before: '2026-04-01T00:00:00-04:00' };
 * for await (const { statement } of runStatements(store, policy, form)) statement.closing.balance; //=> '5.00'
 * ```
 */
export function runStatements(
  stores: JobStores,
  policy: FeePolicy,
  form: StatementsForm,
  options: StatementsOptions = {},
): AsyncGenerator<StatementOfAccount, JobReport, undefined> {
  const job = openJob(stores, policy, options, {
    form: () => checkedArgument(formSchema, form, 'form'),
    options: { patronOf: v.optional(v.function('a function')) },
  });
  const { store, currency } = job;
  const { institution, from, before, skipQuiet } = job.form;
  const { patronOf = ({ patronId }: StreamId) => ({ name: patronId }) } = options;
  const period = {
    ...(from && { from: { recordedAt: from } }),
    ...(before && { before: { recordedAt: before } }),
  };
  const read = async (patronId: string): Promise<StatementMember & { readonly account: PatronAccount }> => {
    const stream = { institution, patronId };
    const { events } = await store.read(stream);
    const account = fold(
      events.map(({ event }) => event),
      undefined,
      { stream: streamName(stream) },
    );
    return { patronId, events, account };
  };
  /** Makes the statement of an account; null for one that is merged into another one. */
  const statementOf = async (stream: StreamId): Promise<Statement | AccountFinding | null> => {
    const { patronId } = stream;
    const { events } = await store.read(stream);
    if (events.length === 0) return null;
    const alone = async () =>
      accountStatement(events, job.policy, { patron: await patronOf(stream), ...period });
    if (!events.some(({ event }) => isMerge(event))) return alone();
    // As merged at the end of the period: once it is over, its statements never change.
    const group = await groupAround(patronId, read);
    if (group[0]?.patronId !== patronId) return null;
    for (const { account, ...member } of group) {
      const finding = otherCurrency({ institution, ...member }, account.currency, currency);
      if (finding !== null) return finding;
    }
    return group.length === 1
      ? alone()
      : householdStatement(group, job.policy, { patron: await patronOf(stream), ...period });
  };
  const make = async (stream: StreamId): Promise<StatementOfAccount | AccountFinding | null> => {
    const statement = await statementOf(stream);
    if (statement === null || 'code' in statement) return statement;
    const finding = otherCurrency(stream, statement.currency, currency);
    return finding ?? (skipQuiet && isQuiet(statement) ? null : { ...stream, statement });
  };
  return job.listing(() => job.eachAccount(make));
}

function isMerge({ type }: AccountEvent): boolean {
  return type === 'AccountMerged' || type === 'AccountJoined';
}

/** Returns whether an account has no lines and no balance. */
function isQuiet({ lines, closing }: Statement): boolean {
  const { active, disputed, transferred } = closing;
  return lines.length === 0 && [active, disputed, transferred].every((amount) => !/[1-9]/.test(amount));
}
