import * as v from 'valibot';
import { amountCharged } from '../../account/accrual.js';
import type { Item } from '../../account/circumstances.js';
import { type Credit, unused } from '../../account/credit.js';
import { type Fee, feeStatus, remaining, type Status } from '../../account/fee.js';
import { ID_LENGTH_MAX, nameField } from '../../account/fieldSchemas.js';
import {
  creditStatus,
  findCredit,
  findFee,
  findPayment,
  findTransfer,
  type PatronAccount,
  positionOf,
} from '../../account/patronAccount.js';
import type { Transaction } from '../../account/transaction.js';
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
  type AlmaTransaction,
  almaStatuses,
  CREDIT_TYPE,
  NOT_AT_DESK,
} from './almaFees.js';
import { type AlmaFinding, described, findingOfRow } from './almaFinding.js';
import type { FeeRow, TransactionRow } from './feeRow.js';
import { policyArgument } from './importOptions.js';

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

/** The account and the formats used to write transactions. */
type AlmaWriting = {
  /** The account that is written. */
  readonly account: PatronAccount;
  /** Writes minor units as a number of whole currency units. */
  readonly number: (minor: number) => number;
  /** Writes an instant as Alma does. */
  readonly time: (at: string) => string;
  /** Describes a fee type. */
  readonly feeType: (code: string) => AlmaCode;
  /** Describes a payment method. */
  readonly method: (code: string) => AlmaCode;
  /** Describes a waiving reason. */
  readonly reason: (code: string) => AlmaCode;
  /** Describes a library. */
  readonly library: (code: string) => AlmaCode;
};

/** The fields of Alma's transaction that depend on its kind. */
type Particulars = {
  readonly type: AlmaCode;
  /** Minor units, net of undone parts. */
  readonly amount: number;
  /** The tax that the amount includes, in minor units; undefined without tax. */
  readonly tax?: number | undefined;
  readonly reason?: string | null;
  readonly externalTransactionId?: string | null;
  readonly method?: string | null;
};

const PAYMENT: AlmaCode = { value: 'PAYMENT', desc: 'Payment' };
const WAIVE: AlmaCode = { value: 'WAIVE', desc: 'Waive' };
const EXPORT: AlmaCode = { value: 'EXPORT', desc: 'Export' };
const EXPORTED: AlmaCode = { value: 'EXPORTED', desc: 'Exported' };
const PAYMENT_IMPORTED: AlmaCode = { value: 'PAYMENT_IMPORTED', desc: 'Payment Imported' };

/** Returns Alma's transactions of a fee or credit: payments, waivers and exports, net of undone parts. */
export function transactionsForAlma(row: Fee | Credit, writing: AlmaWriting): AlmaTransaction[] {
  const taxes = 'original' in row ? feeVat(writing.account, row.feeId)?.parts : undefined;
  return row.transactions.flatMap((transaction, index) => {
    const particulars = kindFields(transaction, row, writing.account);
    if (particulars === undefined || particulars.amount === 0) return [];
    const undone = undoings(row, transaction.id).reduce((sum, at) => sum + (taxes?.[at] ?? 0), 0);
    const tax = taxes === undefined ? undefined : (taxes[index] as number) - undone;
    return [written(transaction, { ...particulars, tax }, writing)];
  });
}

/** Returns the places of the transactions that undo a part of a payment, transfer or settlement. */
function undoings({ transactions }: Fee | Credit, id: string): number[] {
  return transactions.flatMap(({ kind, references: { paymentId, transferId, settlementId } }, at) => {
    const undone = { paymentReversed: paymentId, recall: transferId, settlementReversed: settlementId };
    return kind in undone && undone[kind as keyof typeof undone] === id ? [at] : [];
  });
}

function kindFields(
  transaction: Transaction,
  row: Fee | Credit,
  account: PatronAccount,
): Particulars | undefined {
  switch (transaction.kind) {
    case 'payment': {
      const payment = findPayment(account, transaction.id);
      const part = payment?.allocations.find(({ feeId }) => feeId === row.feeId);
      const amount = part === undefined ? 0 : part.amount - part.reversed;
      const { method } = transaction;
      return { type: PAYMENT, amount, method, externalTransactionId: payment?.externalTransactionId ?? null };
    }
    case 'waiver': {
      const waiver = account.waivers[positionOf(account, 'waiver', transaction.id)];
      return {
        type: WAIVE,
        amount: waiver?.reversed === false ? waiver.amount : 0,
        reason: transaction.reason,
      };
    }
    case 'creditApplied':
      return 'original' in row ? setOff(transaction, account) : undefined;
    case 'transfer': {
      const transfer = findTransfer(account, transaction.id);
      const amount = transfer === undefined ? 0 : transfer.amount - transfer.recalled;
      return { type: transfer?.expectsSettlement ? EXPORTED : EXPORT, amount };
    }
    case 'settlement': {
      const settlement = account.settlements[positionOf(account, 'settlement', transaction.id)];
      const amount = settlement === undefined ? 0 : settlement.amount - settlement.reversed;
      return {
        type: PAYMENT_IMPORTED,
        amount,
        externalTransactionId: transaction.references.externalReference ?? null,
      };
    }
    default:
      return undefined;
  }
}

/** Returns a waiver for a lost-item credit that was set off against its fee, as Alma shows it. */
function setOff(transaction: Transaction, account: PatronAccount): Particulars | undefined {
  const application = account.applications[positionOf(account, 'application', transaction.id)];
  const credit = application && findCredit(account, application.creditId);
  // A set-off credit has one fee, so its use has one part.
  if (application?.allocations[0]?.reversed !== false || credit?.purpose !== 'setOff') return undefined;
  const reason = transaction.reason ?? credit.transactions[0]?.reason ?? null;
  return { type: WAIVE, amount: transaction.amount, reason };
}

function written(transaction: Transaction, particulars: Particulars, writing: AlmaWriting): AlmaTransaction {
  const { by, comment, at } = transaction;
  const { type, amount, tax, reason, externalTransactionId, method } = particulars;
  const { desk, library } = by ?? {};
  const hasPlace = desk !== undefined || library !== undefined;
  const place = library === undefined ? undefined : writing.library(library).desc;
  return omitUndefined({
    type,
    amount: writing.number(amount),
    vat_amount: tax === undefined ? undefined : writing.number(tax),
    reason: reason ? writing.reason(reason) : undefined,
    comment: comment || undefined,
    created_by: by?.userId,
    external_transaction_id: externalTransactionId ?? undefined,
    transaction_time: writing.time(at),
    received_by: hasPlace ? omitUndefined({ value: desk ?? NOT_AT_DESK, desc: place }) : undefined,
    payment_method: method ? writing.method(method) : undefined,
  });
}

/** The prefix of derived ids. */
const PREFIX = 'alma/';

/** The kind of event or record that a derived id is for. */
type DerivedIdKind = 'payment' | 'waiver' | 'credit' | 'application' | 'transfer' | 'settlement' | 'dispute';

/**
 * Derives an id for a record without one in Alma. The same row always gives the same id, so that a second import is
 * noticed.
 *
 * @param number - its number among the records of its kind, in the order of their times; a later transaction does not
 * change it
 */
export function derivedId(feeId: string, kind: DerivedIdKind, number: number): string {
  return `${PREFIX}fee/${escaped(feeId)}/${kind}/${number}`;
}

/** The id of a payment: from its method and external transaction id, which all of its transactions share. */
export function paymentId(
  feeId: string,
  number: number,
  { method, externalTransactionId }: TransactionRow,
): string {
  if (externalTransactionId === undefined) return derivedId(feeId, 'payment', number);
  return `${PREFIX}payment/${escaped(method ?? '')}/${externalTransactionId}`;
}

/** Escapes slashes, so that two records never get the same id. */
function escaped(name: string): string {
  return name.replaceAll(/[%/]/g, (sign) => encodeURIComponent(sign));
}

/** Returns a finding for a row whose id looks like a derived one, or is too long. */
export function unusableId(row: FeeRow): AlmaFinding | undefined {
  const { origin, feeId, status, transactions } = row;
  if (feeId.startsWith(PREFIX)) {
    return findingOfRow(
      origin,
      'IdNotUsable',
      'id',
      `an id that does not begin with ${PREFIX}`,
      described(feeId),
    );
  }
  const longest = derivedId(feeId, 'application', transactions.length);
  const needsIds = transactions.length > 0 || status !== 'ACTIVE';
  if (needsIds && longest.length > ID_LENGTH_MAX) {
    return findingOfRow(origin, 'IdNotUsable', 'id', 'a shorter id', `${feeId.length} characters`);
  }
  const payment = transactions.find((transaction) => paymentId(feeId, 1, transaction).length > ID_LENGTH_MAX);
  return (
    payment &&
    findingOfRow(origin, 'IdNotUsable', payment.field, 'a shorter external_transaction_id', 'a long one')
  );
}
