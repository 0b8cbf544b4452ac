import type { EventStore, StreamId } from '../history/eventStore.js';
import type { JobReport } from '../job/jobHead.js';
import type { openJob } from '../job/openJob.js';
import { amountTally, type CountedAmount } from '../job/tallies.js';
import { formatAmount } from '../money/money.js';
import type { FeePolicy } from '../policy/feePolicy.js';
import type { PreparedExport } from './bursarExportOfAccount.js';
import type { BursarFinding } from './bursarFinding.js';
import { type BursarForm, checkedBursarForm, ownersOf } from './bursarForm.js';
import { type BursarPatrons, patronLookup } from './bursarPatron.js';
import { type Done, exportAccount } from './exportAccount.js';

/** The export whose file {@link rewriteBursarFile} writes again. */
export type BursarRewriteForm = Pick<BursarForm, 'jobId' | 'institution' | 'codes'>;

/** The result of an export. Its figures are those of the file, earlier runs of the job included. */
export type BursarExportReport = JobReport<BursarFinding> & {
  /** The number of accounts read. */
  readonly accounts: number;
  /** The number of accounts from which this run transferred something. */
  readonly accountsDoneNow: number;
  /** The number of patrons in the file. */
  readonly patrons: number;
  /** The fees in the file. */
  readonly fees: CountedAmount;
  /** The credits in the file; their sum is positive. */
  readonly credits: CountedAmount;
  /** Fees less credits, a decimal string. */
  readonly net: string;
};

/** Checks the form of an export. */
export function checkedExportForm(
  form: BursarForm,
  rules: FeePolicy,
  options: { readonly patrons?: BursarPatrons } | undefined,
) {
  const checked = checkedBursarForm(form, rules, options?.patrons !== undefined);
  return { by: { channel: 'job' } as const, ...checked, owners: ownersOf(checked) };
}

/** The form of an export, checked. */
export type ExportForm = ReturnType<typeof checkedExportForm>;

/** What an export needs of its job. */
export type ExportJob = Pick<
  ReturnType<typeof openJob<BursarRewriteForm, EventStore, never, BursarFinding>>,
  'store' | 'policy' | 'digits' | 'form' | 'accounts' | 'each' | 'found' | 'working'
>;

/** Returns the export of each account, one after the other, and the figures so far. */
export function exportedAccounts(
  { store, policy, digits, form: { institution }, accounts, each, found }: Omit<ExportJob, 'working'>,
  prepared: PreparedExport,
  patrons: BursarPatrons | undefined,
) {
  const [fees, credits] = [amountTally(digits), amountTally(digits)];
  const counts = { accounts: 0, accountsDoneNow: 0, patrons: 0 };
  async function* exported(): AsyncGenerator<Done> {
    const lookUp = patrons && (await patronLookup(patrons, institution));
    const work = async (stream: StreamId): Promise<Done> => {
      const entry = await lookUp?.(stream.patronId);
      return exportAccount(store, { ...stream, patron: entry }, prepared, policy);
    };
    for await (const done of each<StreamId, Done>(accounts(), work)) {
      counts.accounts += 1;
      if (done.doneNow) counts.accountsDoneNow += 1;
      for (const finding of done.findings) await found(finding);
      if (done.transfers.length > 0) counts.patrons += 1;
      for (const { kind, amount, currency } of done.transfers) {
        if (currency === policy.currency) (kind === 'fee' ? fees : credits).add(amount);
      }
      yield done;
    }
  }
  const figures = () => ({
    ...counts,
    fees: fees.result(),
    credits: credits.result(),
    net: formatAmount(fees.sum() - credits.sum(), digits),
  });
  return { exported, figures };
}
