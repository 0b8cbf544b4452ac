import * as v from 'valibot';
import type { CommandOf } from '../../account/commands/command.js';
import { decide } from '../../account/decide.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import { type Fee, owed } from '../../account/fee.js';
import { type IdUse, idUse } from '../../account/ids.js';
import {
  assertAccount,
  balancesInMinorUnits,
  findFee,
  type PatronAccount,
} from '../../account/patronAccount.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount } from '../../money/money.js';
import { definedPolicy, type FeePolicy, feeTypeRule } from '../../policy/feePolicy.js';
import {
  type BulkWaiveEntry,
  type BulkWaiveFee,
  type DirectoryPatron,
  directoryPatronFields,
  type EntryPatron,
  notWaivedEntry,
  waivedEntry,
} from './bulkWaiveEntry.js';
import { type BulkWaiveForm, type CheckedForm, checkedForm } from './bulkWaiveForm.js';
import { type NotWaived, refusalOf } from './notWaived.js';

/** The result of a bulk waive for one account. */
export type AccountBulkWaive = {
  /** What would be waived, or why nothing is. */
  readonly entry: BulkWaiveEntry;
  /** The events to append; empty if nothing is waived, or if this job did it before. */
  readonly events: readonly AccountEvent[];
};

/** What a bulk waive knows of a patron beside the account and the directory. */
export type BulkWaiveContext = {
  /** The patron's other accounts: what is owed there counts for the threshold; none if left out. */
  readonly others?: readonly PatronAccount[];
  /** The ids of the patron's fees in the file, if the form names one: no others are waived. Not used otherwise. */
  readonly feeIds?: readonly string[];
};

/**
 * Decides what a bulk waive does to one account. Pure: a bulk waive makes this decision for each account.
 *
 * As with {@link index.WaiveFees | WaiveFees}, everything owed on fees of the chosen types is waived, disputed ones
 * included; on a lost item's fee the waiver is a credit. Amounts transferred to an external system are not waived. A
 * patron who owes more than the threshold, over all types and all accounts merged with this one, keeps all fees.
 *
 * @param account - the patron's account
 * @param patron - the patron's entry in the directory
 * @param form - the form of the job
 * @param policy - the institution's policy
 * @param context - the patron's other accounts, and the fees in the file
 * @returns what is waived or why not, and the events
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for an invalid form or patron;
 * `INVALID_POLICY`; `INVALID_ACCOUNT`
 *
 * @example
 * ```ts
 * import { type AccountEvent, definePolicy, fold } from 'patron-fees';
 * import { bulkWaiveOfAccount } from 'patron-fees/jobs';
 *
 * const at = '2026-06-30T18:00:00Z';
 * const fee = (feeId: string, amount: string): AccountEvent => ({
 *   type: 'FeeAssessed',
 *   data: { feeId, feeType: 'OVERDUEFINE', amount, currency: 'USD', owner: 'MAIN', at },
 * });
 * const account = fold([fee('f1', '10.00'), fee('f2', '50.00'), fee('f3', '70.00')]);
 * const patron = { patronId: 'p1', group: 'STUDENT', hasOverdueLoans: false };
 * const by = { userId: 'mo', roles: ['USER_MANAGER'] };
 * const form = { jobId: 'june', at, by, institution: 'north', reason: 'OTHER' };
 * const policy = definePolicy({ currency: 'USD' });
 *
 * bulkWaiveOfAccount(account, patron, { ...form, threshold: '130' }, policy).entry.waived; //=> '130.00'
 * bulkWaiveOfAccount(account, patron, { ...form, threshold: '120' }, policy).entry.because;
 * //=> { type: 'OwedAboveThreshold', owed: '130.00', threshold: '120.00' }
 * ```
 */
export function bulkWaiveOfAccount(
  account: PatronAccount,
  patron: DirectoryPatron,
  form: BulkWaiveForm,
  policy: FeePolicy,
  context: BulkWaiveContext = {},
): AccountBulkWaive {
  for (const one of [account, ...(context.others ?? [])]) assertAccount(one);
  checkedArgument(v.object(directoryPatronFields), patron, 'patron');
  const rules = definedPolicy(policy);
  const checked = checkedForm(form, rules);
  const digits = digitsOf(rules.currency);
  const wasDone = idUse(account.ids, checked.jobId) !== undefined;
  const forbidden = wasDone ? undefined : directoryForbids(patron, checked);
  const because = refusalOf(checked, rules) ?? forbidden;
  if (because !== undefined)
    return { entry: notWaivedEntry(patron, checked.institution, digits, because), events: [] };
  return decideBulkWaive(account, patron, checked, rules, {
    ...context,
    feeIds: new Set(context.feeIds),
  });
}

/** Returns why a patron is left out because of the directory's data. */
export function directoryForbids(patron: DirectoryPatron, form: CheckedForm): NotWaived | undefined {
  if ((patron.institution ?? form.institution) !== form.institution) return { type: 'OtherInstitution' };
  if (form.groups !== undefined && !form.groups.has(patron.group)) return { type: 'GroupNotChosen' };
  if (form.excludeOverdueLoans && patron.hasOverdueLoans) return { type: 'HasOverdueLoans' };
  return undefined;
}

/**
 * Decides what a bulk waive does to one account, for a checked form and a patron who is not left out.
 */
export function decideBulkWaive(
  account: PatronAccount,
  patron: EntryPatron,
  form: CheckedForm,
  policy: FeePolicy,
  {
    others = [],
    feeIds = new Set(),
    before,
  }: {
    readonly others?: readonly PatronAccount[];
    /** Ignored if the form does not name a file. */
    readonly feeIds?: FeeIds;
    /** The account before this job's command, if it was done earlier. */
    readonly before?: PatronAccount | undefined;
  },
): AccountBulkWaive {
  const chosen: ChosenFees = { ...form, ...(form.fileName !== undefined && { feeIds }) };
  const { currency } = policy;
  const digits = digitsOf(currency);
  const money = (minor: number) => formatAmount(minor, digits);
  const none = (because: NotWaived, total: string | null = null): AccountBulkWaive => {
    const entry = notWaivedEntry(patron, form.institution, digits, because);
    return { entry: { ...entry, owed: total }, events: [] };
  };
  if (account.eventCount === 0) return none({ type: 'NoAccount' });
  const accountCurrency = account.currency ?? currency;
  if (accountCurrency !== currency) {
    return none({
      type: 'AccountInOtherCurrency',
      kind: 'conflict',
      accountCurrency,
      policyCurrency: currency,
    });
  }
  if (idUse(account.ids, form.jobId) !== undefined) {
    const fees = waivedBefore(account, form.jobId, money);
    // If the id belongs to this job, this repeats its earlier command; any other use of the id is refused.
    const again = decide(command(form, fees.length > 0 ? fees : [{ feeId: form.jobId }]), account, policy);
    if (!again.accepted) return none(again.rejection);
    const owedBefore = before === undefined ? null : money(balancesInMinorUnits(before).owed);
    const all = before === undefined ? fees : feesBefore(before, fees, chosen, policy, money);
    const entry = waivedEntry(patron, form.institution, digits, owedBefore, all);
    return { entry: { ...entry, earlier: true }, events: [] };
  }
  const total = balancesInMinorUnits(account).owed;
  const ofPatron = others.reduce((sum, other) => sum + balancesInMinorUnits(other).owed, total);
  if (ofPatron > form.thresholdMinor) {
    const threshold = money(form.thresholdMinor);
    return none({ type: 'OwedAboveThreshold', owed: money(ofPatron), threshold }, money(total));
  }
  const open = account.fees.filter((fee) => owed(fee) > 0);
  const fees = open.map((fee) => bulkWaiveFee(fee, chosen, policy, money));
  const waivable = fees.filter(({ because }) => because === null);
  const entry = waivedEntry(patron, form.institution, digits, money(total), fees);
  if (waivable.length === 0) return { entry: { ...entry, because: { type: 'NothingToWaive' } }, events: [] };
  const decision = decide(command(form, waivable), account, policy);
  return decision.accepted ? { entry, events: decision.events } : none(decision.rejection, money(total));
}

type FeeIds = { readonly has: (feeId: string) => boolean };

/** Which fees a form chooses, and why they are waived. */
type ChosenFees = Pick<CheckedForm, 'feeTypes' | 'reason' | 'isCreatedThen'> & {
  /** The fees of the patron in the file; all if undefined. */
  readonly feeIds?: FeeIds;
};

function command(
  { jobId, at, by, reason, comment, staffNote }: CheckedForm,
  fees: readonly { readonly feeId: string }[],
): CommandOf<'WaiveFees'> {
  return {
    type: 'WaiveFees',
    id: jobId,
    fees: fees.map(({ feeId }) => ({ feeId })),
    reason,
    at,
    by: { userId: by.userId, channel: 'job', roles: by.roles },
    ...(comment !== undefined && { comment }),
    ...(staffNote !== undefined && { staffNote }),
  };
}

/**
 * Returns what a bulk waive does with a fee that has an amount owed.
 *
 * @param chosen - which fees the form chooses, and the reason
 * @param money - formats minor units
 */
export function bulkWaiveFee(
  fee: Fee,
  chosen: ChosenFees,
  policy: FeePolicy,
  money: (minor: number) => string,
): BulkWaiveFee {
  const because = feeForbids(fee, chosen, policy);
  return {
    feeId: fee.feeId,
    feeType: fee.feeType,
    owed: money(owed(fee)),
    waived: money(because === null ? owed(fee) : 0),
    asCredit: because === null && fee.lostItem,
    writeOff: because === null && policy.waiveReasons[chosen.reason]?.kind === 'writeOff',
    because,
  };
}

function feeForbids(
  { feeId, feeType, assessedAt }: Fee,
  { feeTypes, isCreatedThen, feeIds }: ChosenFees,
  policy: FeePolicy,
): BulkWaiveFee['because'] {
  if (feeTypes !== undefined && !feeTypes.has(feeType)) return 'FeeTypeNotChosen';
  if (!isCreatedThen(assessedAt)) return 'CreatedOnOtherDays';
  if (feeIds !== undefined && !feeIds.has(feeId)) return 'FeeNotInFile';
  const rule = feeTypeRule(policy, feeType);
  if (rule === undefined) return 'FeeTypeUnknown';
  return rule.waiveable ? null : 'FeeTypeNotWaiveable';
}

/** Returns every fee with an amount owed before a job's command: those that it waived, and those that it left out. */
function feesBefore(
  before: PatronAccount,
  waived: readonly BulkWaiveFee[],
  chosen: ChosenFees,
  policy: FeePolicy,
  money: (minor: number) => string,
): readonly BulkWaiveFee[] {
  const byId = new Map(waived.map((fee) => [fee.feeId, fee]));
  return before.fees
    .filter((fee) => owed(fee) > 0)
    .map((fee) => byId.get(fee.feeId) ?? bulkWaiveFee(fee, chosen, policy, money))
    .filter((fee) => byId.has(fee.feeId) || fee.because !== null);
}

/**
 * Returns what a job waived of an account in an earlier run. Its command derived the ids `job`, `job#1` and so on; ids
 * of other commands are ignored.
 *
 * @param money - formats minor units
 */
export function waivedBefore(
  account: PatronAccount,
  jobId: string,
  money: (minor: number) => string,
): readonly BulkWaiveFee[] {
  const fees: BulkWaiveFee[] = [];
  for (let given = 0; ; given++) {
    const use = idUse(account.ids, given === 0 ? jobId : `${jobId}#${given}`);
    const made = given > 0 && use?.digest !== null ? undefined : recordOf(account, use);
    const fee = findFee(account, made?.feeId ?? '');
    if (made === undefined || fee === undefined) return fees;
    const { feeId, feeType } = fee;
    const asCredit = use?.kind === 'credit';
    fees.push({
      feeId,
      feeType,
      // A bulk waive waives all that is owed on a fee.
      owed: money(made.amount),
      waived: money(made.amount),
      asCredit,
      writeOff: made.writeOff,
      because: null,
    });
  }
}

/** Returns the waiver or the credit with an id. */
function recordOf(account: PatronAccount, use: IdUse | undefined) {
  if (use?.kind === 'waiver') return account.waivers[use.position];
  return use?.kind === 'credit' ? account.credits[use.position] : undefined;
}
