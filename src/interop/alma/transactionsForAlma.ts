import type { Credit } from '../../account/credit.js';
import type { Fee } from '../../account/fee.js';
import {
  findCredit,
  findPayment,
  findTransfer,
  type PatronAccount,
  positionOf,
} from '../../account/patronAccount.js';
import type { Transaction } from '../../account/transaction.js';
import { feeVat } from '../../account/vat.js';
import { omitUndefined } from '../../input/plainObject.js';
import { type AlmaCode, type AlmaTransaction, NOT_AT_DESK } from './almaFees.js';

/** The account and the formats used to write transactions. */
export type AlmaWriting = {
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
