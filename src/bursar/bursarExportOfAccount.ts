import * as v from 'valibot';
import type { TransferFees } from '../account/commands/transferCommands.js';
import { decide } from '../account/decide.js';
import type { AccountEvent } from '../account/events/accountEvent.js';
import type { CreditTransferred, FeeTransferred } from '../account/events/transferEvents.js';
import { nameField } from '../account/fieldSchemas.js';
import { fold } from '../account/fold.js';
import { assertAccount, findFee, type PatronAccount } from '../account/patronAccount.js';
import { transferPendingOf } from '../account/records.js';
import type { EventStore, StreamId } from '../history/eventStore.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { busy, otherCurrency, unreadable } from '../job/accountFinding.js';
import { appendPlanned } from '../job/job.js';
import type { JobReport } from '../job/jobHead.js';
import type { openJob } from '../job/openJob.js';
import { amountTally, type CountedAmount } from '../job/tallies.js';
import { digitsOf } from '../money/currency.js';
import { formatAmount, parseAmount, parseLooseAmount } from '../money/money.js';
import { accountsOf } from '../patron/accountsOf.js';
import { definedPolicy, definePolicy, type FeePolicy } from '../policy/feePolicy.js';
import type { BursarFinding, TypeNotMapped } from './bursarFinding.js';
import {
  type BursarCodes,
  type BursarForm,
  CREDIT_TYPE,
  checkedBursarForm,
  ownersOf,
  transferCommand,
} from './bursarForm.js';
import {
  type BursarPatrons,
  type BursarSubject,
  type BursarTransfer,
  codeOf,
  patronLookup,
  recalledSince,
  transfersOfJob,
} from './bursarTransfer.js';

/** What an export does to one account. */
export type BursarPlan = {
  /** The events to append; empty if nothing is transferred, or if this job did it before. */
  readonly events: readonly AccountEvent[];
  /** All transfers of the job, earlier runs included: the rows of the file. */
  readonly transfers: readonly BursarTransfer[];
  /** Fees or credits that wrongly stay here, or were wrongly transferred. */
  readonly findings: readonly BursarFinding[];
};

/** A form with its command; without a command, nothing new is transferred. */
export type PreparedExport = {
  readonly jobId: string;
  readonly groups: readonly string[] | undefined;
  readonly codes: BursarCodes | undefined;
  readonly command: TransferFees | null;
  /** The same command, as if the external system had a code for every type. */
  readonly uncoded: TransferFees | null;
  /** Which accounts are transferred as a whole; null if each fee is transferred by its own minimum. */
  readonly whole: WholeAccountsRule | null;
  /** The policy without permissions, approvals and duties: what could be transferred does not depend on who may do it. */
  readonly open: FeePolicy;
};

/** Prepares a checked form for use with every account. */
export function preparedExport(form: BursarForm, policy: FeePolicy): PreparedExport {
  const { jobId, groups, codes } = form;
  const whole = wholeAccountsRule(form, codes, policy);
  const all = whole === null ? form : withoutMinimum(form, policy);
  const [command, uncoded] = [transferCommand(all, codes), transferCommand(all, undefined)];
  const { permissions, approvals, duties, ...open } = policy;
  return {
    jobId,
    groups,
    codes,
    command,
    uncoded,
    whole,
    open: (permissions ?? approvals ?? duties) === undefined ? policy : definePolicy(open),
  };
}

const subjectSchema = v.object({ institution: nameField, patronId: nameField });

/**
 * Decides what an export to an external billing system does to one account. Pure: an export makes this decision for
 * each account. Disputed fees are never exported.
 *
 * With a directory, only its patrons are exported, since the external system could not book others. A patron missing
 * from the directory is a finding if there is anything to export.
 *
 * @param account - the patron's account
 * @param subject - the patron, with the directory's entry
 * @param form - the form of the job
 * @param policy - the institution's policy
 * @returns the events, the rows of the file, and the findings
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for an invalid form or subject;
 * `INVALID_POLICY`; `INVALID_ACCOUNT`
 *
 * @example
 * ```ts
 * import { definePolicy, fold } from 'patron-fees';
 * import { bursarExportOfAccount } from 'patron-fees/bursar';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const account = fold([
 *   { type: 'FeeAssessed', data: { feeId: 'f1', feeType: 'OTHER', amount: '123.45', currency: 'USD', owner: 'MAIN', at } },
 *   { type: 'FeeAssessed', data: { feeId: 'f2', feeType: 'OTHER', amount: '0.82', currency: 'USD', owner: 'MAIN', at } },
 * ]);
 * const form = { jobId: 'export-9', institution: 'north', at, fees: { minimumAmount: '1' } };
 * const policy = definePolicy({ currency: 'USD' });
 *
 * const plan = bursarExportOfAccount(account, { institution: 'north', patronId: 'u17' }, form, policy);
 * plan.events.map(({ type }) => type); //=> ['FeeTransferred']
 * plan.transfers.map(({ reference, amount }) => [reference, amount]); //=> [['u17@export-9', '123.45']]
 * ```
 */
export function bursarExportOfAccount(
  account: PatronAccount,
  subject: BursarSubject,
  form: BursarForm,
  policy: FeePolicy,
): BursarPlan {
  assertAccount(account);
  checkedArgument(subjectSchema, subject, 'subject');
  const rules = definedPolicy(policy);
  return planExport(account, subject, preparedExport(checkedBursarForm(form, rules), rules), rules);
}

/** Decides what an export does to one account, for a checked and prepared form. */
function planExport(
  account: PatronAccount,
  subject: BursarSubject,
  prepared: PreparedExport,
  policy: FeePolicy,
): BursarPlan {
  const { institution, patronId } = subject;
  const { jobId, codes } = prepared;
  const foreign = otherCurrency({ institution, patronId }, account.currency, policy.currency);
  const { events, findings }: NewTransfers =
    foreign === null ? newTransfers(account, subject, prepared, policy) : { events: [], findings: [foreign] };
  const after = events.length === 0 ? account : fold(events, account);
  const transfers = transfersOfJob(after, jobId, subject, codes);
  const ofFile = [...ineligible(transfers, subject, codes), ...recalledSince(after, jobId, subject)];
  return { events, transfers, findings: [...findings, ...ofFile] };
}

type NewTransfers = Pick<BursarPlan, 'events' | 'findings'>;

const nothing: NewTransfers = { events: [], findings: [] };

/** Returns what is transferred now, and findings for what should be but cannot. */
function newTransfers(
  account: PatronAccount,
  { institution, patronId, patron, otherAccounts = [] }: BursarSubject,
  { groups, codes, command, uncoded, whole, open }: PreparedExport,
  policy: FeePolicy,
): NewTransfers {
  if (command === null || uncoded === null) return nothing;
  const whose = { institution, patronId };
  if (whole !== null && !isTransferredWhole([account, ...otherAccounts], whole, open)) return nothing;
  const chosen = groups === undefined || (typeof patron?.group === 'string' && groups.includes(patron.group));
  if (patron === null) {
    const code = 'PATRON_NOT_IN_DIRECTORY';
    const message = 'a patron with something to transfer is not in the directory';
    if (eligibleTransfers(uncoded, account, open).length === 0) return nothing;
    return { events: [], findings: [{ ...whose, code, transferred: false, message }] };
  }
  if (!chosen) return nothing;
  const inQuestion = codes === undefined ? [] : eligibleTransfers(uncoded, account, open);
  const findings: BursarFinding[] = inQuestion.flatMap(({ data }) => {
    const [feeId, creditId] = 'feeId' in data ? [data.feeId, null] : [null, data.creditId];
    const feeType = feeId === null ? CREDIT_TYPE : (findFee(account, feeId)?.feeType ?? '');
    if (codeOf(codes, feeType, feeId === null ? 'credit' : 'fee') !== undefined) return [];
    return [notMapped(whose, { feeId, creditId, feeType, amount: data.amount, transferred: false })];
  });
  const decision = decide(command, account, policy, { now: command.at });
  if (decision.accepted) return { events: decision.events, findings };
  const { rejection } = decision;
  if (rejection.type === 'NothingToTransfer') return { events: [], findings };
  const message = `nothing new could be transferred: ${rejection.type}`;
  return { events: [], findings: [...findings, { ...whose, code: 'REFUSED', rejection, message }] };
}

/**
 * Returns findings for what an earlier run transferred and this one would not. The file contains it, since it follows
 * the events.
 */
function ineligible(
  transfers: readonly BursarTransfer[],
  { institution, patronId, patron }: BursarSubject,
  codes: BursarCodes | undefined,
): BursarFinding[] {
  const whose = { institution, patronId };
  const findings: BursarFinding[] = [];
  if (patron === null && transfers.length > 0) {
    const message = 'a patron whose fees this job transferred is not in the directory';
    findings.push({ ...whose, code: 'PATRON_NOT_IN_DIRECTORY', transferred: true, message });
  }
  for (const { kind, id, type, amount } of transfers) {
    if (codeOf(codes, type, kind) !== undefined) continue;
    const [feeId, creditId] = kind === 'fee' ? [id, null] : [null, id];
    findings.push(notMapped(whose, { feeId, creditId, feeType: type, amount, transferred: true }));
  }
  return findings;
}

type Unmapped = Omit<TypeNotMapped, keyof StreamId | 'code' | 'message'>;

function notMapped(whose: StreamId, what: Unmapped): TypeNotMapped {
  const was = what.transferred ? 'was transferred by an earlier run' : 'stays here';
  const message = `${what.feeType} has no code of the external system: ${what.amount} ${was}`;
  return { ...whose, code: 'TYPE_NOT_MAPPED', ...what, message };
}

/** The rule for accounts that are transferred as a whole, for use with every account. */
type WholeAccountsRule = {
  readonly jobId: string;
  readonly owedAbove: number;
  readonly followsPlaced: boolean;
  readonly destination: string | null;
  /** The command that selects the fees that count. */
  readonly counting: TransferFees;
};

/** Returns the form that transfers every fee with debt, regardless of the policy's minimums. */
function withoutMinimum(form: BursarForm, policy: FeePolicy, minimumAgeDays = 0): BursarForm {
  const minimumAmount = formatAmount(1, digitsOf(policy.currency));
  return { ...form, fees: { ...form.fees, minimumAmount, minimumAgeDays } };
}

/** Prepares the rule of a checked form; null if each fee is transferred by its own minimum. */
function wholeAccountsRule(
  form: BursarForm,
  codes: BursarCodes | undefined,
  policy: FeePolicy,
): WholeAccountsRule | null {
  const { jobId, destination = null, wholeAccounts } = form;
  if (wholeAccounts === undefined) return null;
  const { owedAbove, minimumAgeDays, followsPlaced = false } = wholeAccounts;
  const digits = digitsOf(policy.currency);
  const counting = transferCommand(withoutMinimum(form, policy, minimumAgeDays), codes);
  // The limit may be zero, which the schema of amounts refuses.
  const minor = Math.max(0, parseLooseAmount(owedAbove, digits));
  return { jobId, owedAbove: minor, followsPlaced, destination, counting };
}

/**
 * Returns whether accounts of one patron are transferred: if the fees that are old enough exceed the limit in total, if
 * this job transferred one of the accounts already, or if their new fees follow those that are pending.
 */
function isTransferredWhole(
  accounts: readonly PatronAccount[],
  { jobId, owedAbove, followsPlaced, destination, counting }: WholeAccountsRule,
  policy: FeePolicy,
): boolean {
  let total = 0;
  for (const account of accounts) {
    for (const transfer of account.transfers) {
      if (transfer.batchId === jobId) return true;
      if (followsPlaced && transfer.destination === destination && transferPendingOf(transfer) > 0)
        return true;
    }
    for (const { data } of eligibleTransfers(counting, account, policy)) {
      total += parseAmount(data.amount, account.minorDigits);
    }
  }
  return total > owedAbove;
}

/** Returns what a command would transfer if its job had not run before. */
function eligibleTransfers(
  command: TransferFees,
  account: PatronAccount,
  policy: FeePolicy,
): readonly (FeeTransferred | CreditTransferred)[] {
  const nobodys = idLike(account, '?');
  const { events }: { readonly events: readonly AccountEvent[] } = decide(
    { ...command, id: nobodys },
    account,
    policy,
    { now: command.at },
  );
  return events.filter(isTransfer);
}

/** Returns an id that no id of the account is derived from. */
function idLike(account: PatronAccount, id: string): string {
  return account.ids.some((use) => use.id.startsWith(id)) ? idLike(account, `${id}?`) : id;
}

function isTransfer(event: AccountEvent): event is FeeTransferred | CreditTransferred {
  return event.type === 'FeeTransferred' || event.type === 'CreditTransferred';
}

/** The result for one account. */
type Done = BursarPlan & {
  readonly patronId: string;
  readonly doneNow: boolean;
  readonly wasRead: boolean;
};

/** Exports one account. If that fails, returns the reason as a finding. */
export async function exportAccount(
  store: EventStore,
  subject: BursarSubject,
  prepared: PreparedExport,
  policy: FeePolicy,
): Promise<Done> {
  const { institution, patronId } = subject;
  const stream = { institution, patronId };
  try {
    let isMerged = false;
    const alone = await appended(store, stream, (account) => {
      isMerged = account.merges.length > 0;
      return planExport(account, subject, prepared, policy);
    });
    if (prepared.whole === null || !isMerged || alone.doneNow) return alone;
    // Alone it is below the limit, and only these few patrons' other accounts are read.
    const joined = await accountsOf(store, stream);
    const others = joined.filter((other) => other.patronId !== patronId).map(({ account }) => account);
    const together = { ...subject, otherAccounts: others };
    return await appended(store, stream, (account) => planExport(account, together, prepared, policy));
  } catch (error) {
    return { ...notDone(patronId), findings: [unreadable(stream, error)] };
  }
}

async function appended(
  store: EventStore,
  stream: StreamId,
  plan: (account: PatronAccount) => BursarPlan,
): Promise<Done> {
  const { patronId } = stream;
  const done = await appendPlanned(store, stream, (account) => plan(account()));
  if (done !== undefined) return { ...done, patronId, doneNow: done.events.length > 0, wasRead: true };
  return { ...notDone(patronId), findings: [busy(stream)] };
}

function notDone(patronId: string) {
  return { patronId, events: [], transfers: [], doneNow: false, wasRead: false };
}

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
