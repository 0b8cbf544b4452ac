import type * as v from 'valibot';
import { fold } from '../account/fold.js';
import type { PatronAccount } from '../account/patronAccount.js';
import { type ErrorCode, type Fault, isPatronFeesError, PatronFeesError } from '../errors.js';
import { type EventStore, type RecordedEvent, type StreamId, streamName } from '../history/eventStore.js';
import { faultText } from '../input/faults.js';
import { digitsOf } from '../money/currency.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import { type AccountFinding, otherCurrency, unreadable } from './accountFinding.js';
import { checkedJobOptions, everyAccount, type JobOptions, runJob } from './job.js';
import { type HeadOfForm, type JobReport, jobHead } from './jobHead.js';
import { checkedStores, type JobStores, storeReader } from './jobStores.js';
import { earlierOf } from './period.js';
import { planningStore } from './planningStore.js';
import { type FindingOptions, findingTally, onFindingField } from './tallies.js';

/** What a job declares about itself. */
type Declared<Form> = {
  /** Checks the form, for a checked policy. */
  readonly form: (policy: FeePolicy) => Form;
  /** The schemas of the job's own options. */
  readonly options?: v.ObjectEntries;
  /** Whether the job only plans: it decides as the run does, and appends nothing to accounts. */
  readonly plans?: boolean;
  /** Whether the job cannot run without the store of the office. */
  readonly needsOffice?: boolean;
  /** What the job erases, which not every store can. */
  readonly erases?: 'texts' | 'events';
  /** Whether amounts may be in any currency, each with its code; otherwise they are in the policy's. */
  readonly anyCurrency?: boolean;
};

/** What the frame needs of a form. */
type FormOfJob = HeadOfForm & {
  readonly recordedBefore?: string | undefined;
  /** The end of a period by the time of recording. */
  readonly before?: string | undefined;
};

/** A result of a task: findings go into the report, the rest is passed on. Null means no result. */
type Found<Result, Finding> = Result | Finding | null;

/**
 * Checks the arguments of a job, before it begins: every fault of the stores, the form and the options is thrown at the
 * call. All jobs are made of what this returns; see decision 12.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_POLICY`; `INVALID_ARGUMENT` with every fault
 */
export function openJob<
  Form extends FormOfJob,
  Accounts extends EventStore,
  Office = never,
  Finding extends { readonly code: string; readonly message: string } = AccountFinding,
>(
  stores: JobStores<Accounts, Office>,
  givenPolicy: FeePolicy,
  options: JobOptions & FindingOptions<Finding>,
  declared: Declared<Form>,
) {
  const policy = definedPolicy(givenPolicy);
  const given = checkedStores<Accounts, Office>(stores, declared);
  const [form] = withEveryFault(
    given.faults,
    () => declared.form(policy),
    () => checkedJobOptions(options, { onFinding: onFindingField, ...declared.options }),
  );
  const { institution } = form;
  const { shard, signal, onFinding } = options;
  const reader = storeReader(earlierOf(form.recordedBefore, form.before));
  const accountsToRead = declared.plans ? planningStore(given.accounts) : given.accounts;
  const store = reader.reading(accountsToRead as Accounts);
  const office = given.office && reader.reading(given.office);
  const findings = findingTally<Finding>();
  const { currency } = policy;
  let done = 0;

  const found = async (finding: Finding): Promise<void> => {
    findings.add(finding);
    await onFinding?.(finding);
  };
  const reportOf = <Figures extends object>(figures: Figures): Figures & JobReport<Finding> => ({
    job: jobHead(form, declared.anyCurrency ? null : currency),
    recordedBefore: reader.recordedBefore(),
    ...figures,
    findings: findings.result(),
  });
  /** Returns the error of a job that was cancelled; any other error unchanged. */
  const failed = (error: unknown, figures: () => object): unknown => {
    if (signal?.aborted !== true || error !== signal.reason) return error;
    const why = error instanceof Error ? error.message : String(error);
    const message = `the signal was aborted (${why}); \`details.report\` is the report so far`;
    const details = { report: reportOf(figures()), reason: error };
    return Object.assign(new PatronFeesError('JOB_CANCELLED', message, details), { cause: error });
  };
  /** Runs tasks; adds findings to the report, and yields everything else. */
  async function* each<Task, Result>(
    tasks: AsyncIterable<Task>,
    work: (task: Task) => Promise<Found<Result, Finding> | readonly Found<Result, Finding>[]>,
  ): AsyncGenerator<Result> {
    for await (const results of runJob(given.accounts, tasks, work, options)) {
      if (results !== null) done += 1;
      for (const result of Array.isArray(results) ? results : [results]) {
        if (isFinding<Finding>(result)) await found(result);
        else if (result !== null) yield result as Result;
      }
    }
  }
  const accounts = () => everyAccount(store, institution, shard);
  return {
    policy,
    currency,
    digits: digitsOf(currency),
    form,
    store,
    office,
    /** Adds a finding to the report, and calls `onFinding`. */
    found,
    /** Yields the accounts of the institution, or of the shard. */
    accounts,
    /** Returns the report so far, with the figures of the job. */
    report: reportOf,
    /** Returns the number of tasks done so far, without those whose result was null. */
    done: () => done,
    each,
    /** Works on every account, or on those given; one that cannot be read is a finding. */
    eachAccount: <Result>(
      work: (stream: StreamId) => Promise<Found<Result, Finding> | readonly Found<Result, Finding>[]>,
      which: AsyncIterable<StreamId> = accounts(),
    ) =>
      each<StreamId, Result>(which, async (stream) => {
        try {
          return await work(stream);
        } catch (error) {
          return unreadable(stream, error) as unknown as Finding;
        }
      }),
    /** Reads and folds an account. */
    read: async (stream: StreamId): Promise<ReadAccount> => {
      const { events } = await store.read(stream);
      const account = fold(
        events.map(({ event }) => event),
        undefined,
        { stream: streamName(stream) },
      );
      return { events, account, finding: otherCurrency(stream, account.currency, currency) };
    },
    /** Returns a job that returns its report, made of the figures at its end. */
    async working<Figures extends object>(
      work: () => Promise<void>,
      figures: () => Figures,
    ): Promise<Figures & JobReport<Finding>> {
      try {
        await work();
      } catch (error) {
        throw failed(error, figures);
      }
      return reportOf(figures());
    },
    /** Returns a job that yields lines and returns its report. */
    async *listing<Line, Figures extends object = object>(
      lines: () => AsyncGenerator<Line>,
      figures: () => Figures = () => ({}) as Figures,
    ): AsyncGenerator<Line, Figures & JobReport<Finding>, undefined> {
      try {
        yield* lines();
      } catch (error) {
        throw failed(error, figures);
      }
      return reportOf(figures());
    },
  };
}

/** An account that a job has read. */
type ReadAccount = {
  readonly events: readonly RecordedEvent[];
  readonly account: PatronAccount;
  /** The finding of an account in another currency than the policy's; null without. */
  readonly finding: AccountFinding | null;
};

function isFinding<Finding>(result: unknown): result is Finding {
  return typeof result === 'object' && result !== null && 'code' in result && 'message' in result;
}

const REFUSED: ErrorCode = 'INVALID_ARGUMENT';

/**
 * Makes several checks, and returns their results.
 *
 * @param known - faults that were found before
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with the faults of all
 */
export function withEveryFault<Results extends readonly unknown[]>(
  known: readonly Fault[],
  ...checks: { readonly [Index in keyof Results]: () => Results[Index] }
): Results {
  const faults = [...known];
  const results = checks.map((check) => {
    try {
      return check();
    } catch (error) {
      if (!isPatronFeesError(error, REFUSED) || error.details.faults === undefined) throw error;
      faults.push(...(error.details.faults as readonly Fault[]));
      return undefined;
    }
  });
  if (faults.length === 0) return results as unknown as Results;
  throw new PatronFeesError(REFUSED, faults.map((fault) => faultText(fault)).join('; '), { faults });
}
