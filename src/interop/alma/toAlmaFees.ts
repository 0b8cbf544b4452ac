import * as v from 'valibot';
import { amountCharged } from '../../account/accrual.js';
import type { Item } from '../../account/circumstances.js';
import { type Credit, unused } from '../../account/credit.js';
import { type Fee, feeStatus, remaining, type Status } from '../../account/fee.js';
import { nameField } from '../../account/fieldSchemas.js';
import { creditStatus, findFee, findTransfer, type PatronAccount } from '../../account/patronAccount.js';
import { feeVat } from '../../account/vat.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { instantOf } from '../../input/instant.js';
import { omitUndefined, plainObject } from '../../input/plainObject.js';
import { taxIncluded } from '../../money/rounding.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { amountWriter } from '../../views/amountWriter.js';
import { codeLabel, feeTypeLabel } from '../../views/codeLabel.js';
import {
  type AlmaCode,
  type AlmaFee,
  type AlmaFees,
  type AlmaStatus,
  almaStatuses,
  CREDIT_TYPE,
} from './almaFees.js';
import { policyArgument } from './importOptions.js';
import { type AlmaWriting, transactionsForAlma } from './transactionsForAlma.js';

/** Data that is not in an account, for {@link toAlmaFees}. */
export type AlmaExportOptions = {
  /** The institution's policy, for the descriptions of types, methods and reasons; the codes themselves if left out. */
  readonly policy?: FeePolicy;
  /**
   * The patron's primary id in Alma, for `user_primary_id`; left out if not given.
   *
   * @defaultValue no `user_primary_id`
   */
  readonly userPrimaryId?: string;
  /**
   * The names of libraries by code, for the descriptions of owners and of the places of payments.
   *
   * @defaultValue the codes
   */
  readonly libraries?: Readonly<Record<string, string>>;
};

const optionsSchema = v.strictObject({
  policy: v.exactOptional(policyArgument),
  userPrimaryId: v.exactOptional(nameField),
  libraries: v.exactOptional(v.pipe(plainObject, v.record(nameField, v.string()))),
});

const statusCodes: Readonly<Record<Status, AlmaStatus>> = {
  active: 'ACTIVE',
  disputed: 'INDISPUTE',
  transferred: 'EXPORTED',
  closed: 'CLOSED',
};

/**
 * Converts an account to Alma's list of a patron's fees, closed ones included.
 *
 * Nothing is invented for facts that Alma cannot express. {@link fromAlmaFees} restores the balances of every fee that
 * was charged, paid, waived, disputed, exported whole, or is a lost-item fee with a credit set off, and of credits that
 * are unused or exported whole. It reports a finding for a fee that was partly cancelled, settled by another credit or
 * exported in part, and for a credit that was partly used. Undone transactions are left out.
 *
 * Alma's credits have no purpose: the import gives every unused credit the purpose set in its options, even one that
 * was reserved for its lost-item fee or reverses a transfer. So use this to show an account to a client of Alma, not to
 * store it: store events.
 *
 * @param account - a patron account
 * @param options - data that is not in the account
 * @returns the fees, then the credits (type `CREDIT`, negative amounts), in the order of the account
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ACCOUNT`; `INVALID_ARGUMENT`, `INVALID_POLICY` when
 * the options have a fault
 *
 * @example
 * ```ts
 * import { fold } from 'patron-fees';
 * import { toAlmaFees } from 'patron-fees/alma';
 *
 * const at = '2026-03-02T09:00:00Z';
 * const account = fold([
 *   { type: 'FeeAssessed', data: { feeId: 'f1', feeType: 'RENEWFEE', amount: '10.00', currency: 'USD', owner: 'MAIN', at } },
 *   { type: 'FeeWaived', data: { waiverId: 'w1', feeId: 'f1', amount: '7.45', currency: 'USD', reason: 'OTHER', at } },
 * ]);
 * const { fee, total_sum } = toAlmaFees(account);
 * total_sum; //=> 2.55
 * fee[0]?.original_amount; //=> 10
 * fee[0]?.transaction?.[0]?.amount; //=> 7.45
 * ```
 */
export function toAlmaFees(account: PatronAccount, options: AlmaExportOptions = {}): AlmaFees {
  const { policy, userPrimaryId, libraries = {} } = checkedArgument(optionsSchema, options, 'options');
  const writing = writingFor(account, policy && definedPolicy(policy), libraries);
  const patron = userPrimaryId === undefined ? undefined : { value: userPrimaryId };
  const fees = account.fees.map((fee) => feeForAlma(fee, writing, patron));
  const credits = account.credits.flatMap((credit) => creditForAlma(credit, writing, patron));
  const rows = [...fees, ...credits];
  const sum =
    account.fees.reduce((total, fee) => total + remaining(fee), 0) -
    account.credits.reduce((total, credit) => total + unused(credit), 0);
  return omitUndefined({
    fee: rows,
    total_record_count: rows.length,
    total_sum: writing.number(sum),
    currency: account.currency ?? policy?.currency,
  });
}

function writingFor(
  account: PatronAccount,
  policy: FeePolicy | undefined,
  libraries: Readonly<Record<string, string>>,
): AlmaWriting {
  const amount = amountWriter(account, policy);
  return {
    account,
    number: (minor) => Number(amount(minor)),
    time: (at) => {
      const ms = instantOf(at);
      return Number.isNaN(ms) ? at : new Date(ms).toISOString();
    },
    feeType: (value) => ({ value, desc: feeTypeLabel(policy, value) }),
    method: (value) => ({ value, desc: codeLabel(policy?.paymentMethods, value) }),
    reason: (value) => ({ value, desc: codeLabel(policy?.waiveReasons, value) }),
    library: (value) => ({ value, desc: codeLabel(libraries, value) }),
  };
}

function feeForAlma(fee: Fee, writing: AlmaWriting, patron: AlmaCode | undefined): AlmaFee {
  const status = statusCodes[feeStatus(fee)];
  return {
    ...opening(fee.feeId, writing.feeType(fee.feeType), status, patron),
    balance: writing.number(remaining(fee)),
    original_amount: writing.number(amountCharged(fee)),
    ...taxes(fee, writing),
    ...details(fee, fee.assessedAt, fee.owner, fee.item, writing),
  };
}

/** Returns the tax of a fee; nothing for a fee without tax. */
function taxes(fee: Fee, { account, number }: AlmaWriting) {
  const vat = feeVat(account, fee.feeId);
  if (vat === null) return {};
  return {
    original_vat_amount: number(taxIncluded(amountCharged(fee), vat.percent)),
    remaining_vat_amount: number(vat.remaining),
  };
}

/** Converts a credit to a row; none if it is set off already, which shows as a waiver of its fee. */
function creditForAlma(credit: Credit, writing: AlmaWriting, patron: AlmaCode | undefined): AlmaFee[] {
  const left = unused(credit);
  const amount = credit.purpose === 'setOff' ? left : credit.amount;
  if (amount === 0) return [];
  const fee = credit.feeId === null ? undefined : findFee(writing.account, credit.feeId);
  const status = statusCodes[creditStatus(writing.account, credit)];
  const owner = credit.owner ?? fee?.owner;
  return [
    {
      ...opening(credit.creditId, { value: CREDIT_TYPE, desc: 'Credit' }, status, patron),
      balance: writing.number(-left),
      original_amount: writing.number(-amount),
      ...details(credit, credit.issuedAt, owner, credit.item ?? fee?.item ?? null, writing),
    },
  ];
}

function opening(id: string, type: AlmaCode, status: AlmaStatus, patron: AlmaCode | undefined) {
  return omitUndefined({
    id,
    type,
    status: { value: status, desc: almaStatuses[status] },
    user_primary_id: patron,
  });
}

function details(
  row: Fee | Credit,
  since: string,
  owner: string | undefined,
  item: Item | null,
  writing: AlmaWriting,
) {
  const transactions = transactionsForAlma(row, writing);
  const transferIds = row.transactions.flatMap(({ kind, id }) => (kind === 'transfer' ? id : []));
  const transfer = findTransfer(writing.account, transferIds.at(-1) ?? '');
  return omitUndefined({
    creation_time: writing.time(since),
    status_time: writing.time(row.transactions.at(-1)?.at ?? since),
    comment: row.transactions[0]?.comment || undefined,
    owner: owner === undefined ? undefined : writing.library(owner),
    title: item?.title || undefined,
    barcode: item?.barcode ? { value: item.barcode } : undefined,
    bursar_transaction_id: transfer?.externalReference || undefined,
    transaction: transactions.length > 0 ? transactions : undefined,
  });
}
