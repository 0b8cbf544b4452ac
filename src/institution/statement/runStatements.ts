import * as v from 'valibot';
import { instantField, nameField } from '../../account/fieldSchemas.js';
import type { EventStore, StreamId } from '../../history/eventStore.js';
import { compareInstants } from '../../history/instants.js';
import { plainObject } from '../../plainObject.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import type { ReportPatron } from '../../views/activityReport.js';
import { checkedArgument } from '../../views/checkedArgument.js';
import { type AccountFinding, otherCurrency, unreadable } from '../accountFinding.js';
import { everyAccount } from '../everyAccount.js';
import { type JobOptions, runJob } from '../job.js';
import { type AccountStatement, accountStatement } from './accountStatement.js';

/** Which statements to make. */
export type StatementsForm = {
  /** What was recorded until then is in the opening balances, ISO 8601 with a zone; from the first event on if left out. */
  readonly from?: string;
  /** What was recorded until then is in the statements; all there is if left out. A period that is over stays as it is. */
  readonly to?: string;
  /** Whether to leave out accounts where nothing moved and nothing is open; false if left out. */
  readonly skipQuiet?: boolean;
  /** Tells a patron's name and barcode; the patron's id stands for the name if left out. */
  readonly patronOf?: (stream: StreamId) => ReportPatron | Promise<ReportPatron>;
};

/** The statement of one account. */
export type StatementOfAccount = StreamId & {
  /** The statement. */
  readonly statement: AccountStatement;
};

const formSchema = v.pipe(
  plainObject,
  v.strictObject({
    from: v.optional(instantField),
    to: v.optional(instantField),
    skipQuiet: v.optional(v.boolean(), false),
    patronOf: v.optional(v.function('a function')),
  }),
  v.check(({ from, to }) => !isBackward(from, to), 'from to be no later than to'),
);

function isBackward(from: string | undefined, to: string | undefined): boolean {
  return from !== undefined && to !== undefined && compareInstants(from, to) > 0;
}

/**
 * Makes the statements of all accounts at an institution, one after the other: each is yielded when it is made, and
 * none is kept, so memory stays flat however many there are. Changes nothing; run it again and it makes the same ones.
 *
 * @param store - where the events are
 * @param policy - the institution's policy, for the currency and for labels
 * @param institution - whose accounts
 * @param form - the period, and what is known of the patrons
 * @param options - progress, how to stop it, how many accounts at a time
 * @returns the statements, in the order of the store's accounts; in place of one, what is wrong with an account that
 * cannot be read. Asking for the next one throws the signal's reason once it is aborted, and whatever the store throws
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault of the form in `details.faults`;
 * `INVALID_POLICY` for a policy with faults
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
 * const form = { from: '2026-03-01T00:00:00-05:00', to: '2026-04-01T00:00:00-04:00' };
 * for await (const result of runStatements(store, policy, 'north', form)) {
 *   'statement' in result && result.statement.closing.balance; //=> '5.00'
 * }
 * ```
 */
export function runStatements(
  store: EventStore,
  policy: FeePolicy,
  institution: string,
  form: StatementsForm,
  options: JobOptions = {},
): AsyncGenerator<StatementOfAccount | AccountFinding> {
  const which = checkedArgument(nameField, institution, 'institution');
  const known = definedPolicy(policy);
  const { from, to, skipQuiet } = checkedArgument(formSchema, form, 'form');
  const { patronOf = ({ patronId }: StreamId) => ({ name: patronId }) } = form;
  const period = { ...(from && { from: { recordedAt: from } }), ...(to && { to: { recordedAt: to } }) };
  const statementOf = async (stream: StreamId) => {
    const patron = await patronOf(stream);
    try {
      const { events } = await store.read(stream);
      const statement = accountStatement(events, known, { patron, ...period });
      return otherCurrency(stream, statement.currency, known.currency) ?? { ...stream, statement };
    } catch (error) {
      return unreadable(stream, error);
    }
  };
  return wanted(runJob(everyAccount(store, which), statementOf, options), skipQuiet);
}

async function* wanted(
  results: AsyncIterable<StatementOfAccount | AccountFinding>,
  skipQuiet: boolean,
): AsyncGenerator<StatementOfAccount | AccountFinding> {
  for await (const result of results) {
    if (!(skipQuiet && 'statement' in result && isQuiet(result.statement))) yield result;
  }
}

/** Tells whether nothing moved in an account and nothing is open. */
function isQuiet({ lines, closing }: AccountStatement): boolean {
  const { active, disputed, transferred } = closing;
  return lines.length === 0 && [active, disputed, transferred].every((amount) => !/[1-9]/.test(amount));
}
