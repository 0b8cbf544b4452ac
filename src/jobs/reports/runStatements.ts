import * as v from 'valibot';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { nameField } from '../../account/fieldSchemas.js';
import { fold } from '../../account/fold.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { type AccountStatement, accountStatement } from '../../books/statement/accountStatement.js';
import {
  type HouseholdStatement,
  type HouseholdStatementInput,
  householdStatement,
  type StatementMember,
} from '../../books/statement/householdStatement.js';
import { type EventStore, type StreamId, streamName } from '../../history/eventStore.js';
import { compareInstants } from '../../history/instants.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { instantField } from '../../input/instant.js';
import { plainObject } from '../../input/plainObject.js';
import { type AccountFinding, otherCurrency, unreadable } from '../../job/accountFinding.js';
import { checkedJobOptions, everyAccount, type JobOptions, runJob } from '../../job/job.js';
import { type JobReport, jobHead, type OrderedForm, orderedFormFields, reported } from '../../job/jobHead.js';
import { recordedBefore } from '../../job/localDay.js';
import { groupAround } from '../../patron/accountsOf.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import type { ReportPatron } from '../../views/activityReport.js';

/** The accounts and the period of a statements job. */
export type StatementsForm = OrderedForm & {
  /** The institution of the accounts. */
  readonly institution: string;
  /** The beginning of the period, ISO 8601 with a zone; the first event if left out. */
  readonly from?: string;
  /**
   * The end of the period, exclusive; after the last event if left out. Once a period is over, its statements never
   * change.
   */
  readonly to?: string;
  /**
   * Whether to leave out accounts without lines and without any balance.
   *
   * @defaultValue false
   */
  readonly skipQuiet?: boolean;
};

/** Options of a statements job. */
export type StatementsOptions = JobOptions & {
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
    ...orderedFormFields,
    institution: nameField,
    from: v.optional(instantField),
    to: v.optional(instantField),
    skipQuiet: v.optional(v.boolean(), false),
  }),
  v.check(({ from, to }) => !isBackward(from, to), 'from to be no later than to'),
);

function isBackward(from: string | undefined, to: string | undefined): boolean {
  return from !== undefined && to !== undefined && compareInstants(from, to) > 0;
}

/**
 * Makes the statements of all accounts at an institution, one after the other. Each is yielded when it is made, and
 * none is kept, so memory does not grow with the number of accounts. Changes nothing; another run makes the same
 * statements.
 *
 * Accounts that were merged at the end of the period have one statement ({@link householdStatement}), that of the account
 * that is kept.
 *
 * @param store - the store with the events
 * @param policy - the institution's policy, for the currency and for labels
 * @param form - the institution and the period
 * @param options - callbacks for patron names and progress; signal; concurrency
 * @returns the statements, in the order of the store's accounts, then who ordered the job; a finding in place of a statement if an account cannot
 * be read. Iterating rejects with the signal's reason once it is aborted, and with any error of the store
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault of the form or the
 * options in `details.faults`; `INVALID_POLICY` for an invalid policy
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { runStatements } from 'patron-fees/institution';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const policy = definePolicy({ currency: 'USD' });
 * const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at } as const;
 * await execute(store, policy, { institution: 'north', patronId: 'dverma' }, fee);
 *
 * const form = { institution: 'north', from: '2026-03-01T00:00:00-05:00', to: '2026-04-01T00:00:00-04:00' };
 * for await (const result of runStatements(store, policy, form)) {
 *   'statement' in result && result.statement.closing.balance; //=> '5.00'
 * }
 * ```
 */
export function runStatements(
  store: EventStore,
  policy: FeePolicy,
  form: StatementsForm,
  options: StatementsOptions = {},
): AsyncGenerator<StatementOfAccount | AccountFinding, JobReport, undefined> {
  const known = definedPolicy(policy);
  const { institution, from, to, skipQuiet, job } = checkedArgument(formSchema, form, 'form');
  checkedJobOptions(options, { patronOf: v.optional(v.function('a function')) });
  const { patronOf = ({ patronId }: StreamId) => ({ name: patronId }) } = options;
  const period = { ...(from && { from: { recordedAt: from } }), ...(to && { to: { recordedAt: to } }) };
  const make = statementMaker(store, known, patronOf, period);
  const results = runJob(store, everyAccount(store, institution, options.shard), make, options);
  const head = jobHead({ ...job, institution }, known.currency);
  return reported(shown(results, skipQuiet), head);
}

type Period = Pick<HouseholdStatementInput, 'from' | 'to'>;

/** Returns a function that makes the statement of an account; null for one that is merged into another one. */
function statementMaker(
  store: EventStore,
  policy: FeePolicy,
  patronOf: NonNullable<StatementsOptions['patronOf']>,
  period: Period,
) {
  const { to } = period;
  const read = async (stream: StreamId): Promise<StatementMember & { readonly account: PatronAccount }> => {
    const { events } = await store.read(stream);
    const known = to === undefined ? events : events.slice(0, recordedBefore(events, to.recordedAt));
    const account = fold(
      known.map(({ event }) => event),
      undefined,
      { stream: streamName(stream) },
    );
    return { patronId: stream.patronId, events, account };
  };
  const statementOf = async (stream: StreamId): Promise<Statement | AccountFinding | null> => {
    const { institution, patronId } = stream;
    const { events } = await store.read(stream);
    if (!events.some(({ event }) => isMerge(event)))
      return accountStatement(events, policy, { patron: await patronOf(stream), ...period });
    // As merged at the end of the period: once it is over, its statements never change.
    const group = await groupAround(patronId, (id) => read({ institution, patronId: id }));
    if (group[0]?.patronId !== patronId) return null;
    for (const { account, ...member } of group) {
      const finding = otherCurrency({ institution, ...member }, account.currency, policy.currency);
      if (finding !== null) return finding;
    }
    const patron = await patronOf(stream);
    return group.length === 1
      ? accountStatement(events, policy, { patron, ...period })
      : householdStatement(group, policy, { patron, ...period });
  };
  return async (stream: StreamId): Promise<StatementOfAccount | AccountFinding | null> => {
    try {
      const statement = await statementOf(stream);
      if (statement === null || 'code' in statement) return statement;
      return otherCurrency(stream, statement.currency, policy.currency) ?? { ...stream, statement };
    } catch (error) {
      return unreadable(stream, error);
    }
  };
}

function isMerge({ type }: AccountEvent): boolean {
  return type === 'AccountMerged' || type === 'AccountJoined';
}

async function* shown(
  results: AsyncIterable<StatementOfAccount | AccountFinding | null>,
  skipQuiet: boolean,
): AsyncGenerator<StatementOfAccount | AccountFinding> {
  for await (const result of results) {
    const isHidden = result === null || (skipQuiet && 'statement' in result && isQuiet(result.statement));
    if (!isHidden) yield result;
  }
}

/** Returns whether an account has no lines and no balance. */
function isQuiet({ lines, closing }: Statement): boolean {
  const { active, disputed, transferred } = closing;
  return lines.length === 0 && [active, disputed, transferred].every((amount) => !/[1-9]/.test(amount));
}
