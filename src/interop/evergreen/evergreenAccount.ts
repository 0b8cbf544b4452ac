import type { ForeignAccount, ForeignBalance, ForeignChange } from '../import/foreignAccount.js';
import { grouped } from '../import/grouped.js';
import type { CheckedReadOptions } from '../import/readOptions.js';
import { type Intake, newIntake, readRows } from '../import/refusedRows.js';
import { uniqueRows } from '../import/rowReader.js';
import { type ChargedBilling, isRefundable, notBefore, paymentChanges } from './evergreenPayments.js';
import {
  type EvergreenBilling,
  type EvergreenPayment,
  type EvergreenXact,
  evergreenFigures,
  readBillings,
  readPayments,
  readXacts,
} from './evergreenRows.js';

/** Turns the rows of one patron into changes and balances. */
export function evergreenAccount(
  patronId: string,
  rows: Readonly<Record<string, readonly unknown[]>>,
  options: CheckedReadOptions,
): ForeignAccount {
  const intake = newIntake({
    billing: 'evergreen/billing/',
    payment: 'evergreen/payment/',
    usr: 'evergreen/usr/',
  });
  const xacts = readXacts(rows.billable_xact, patronId, options, intake);
  const billings = readBillings(rows.billing, patronId, options, intake);
  const payments = readPayments(rows.payment, patronId, options, intake);
  const billingsOf = grouped(billings, ({ xact }) => xact);
  const paymentsOf = grouped(payments, ({ xact }) => xact);
  const changes: ForeignChange[] = [];
  const balances: ForeignBalance[] = [];
  for (const xact of xacts) {
    const own = {
      billings: billingsOf.get(xact.rowId) ?? [],
      payments: paymentsOf.get(xact.rowId) ?? [],
    };
    if (own.billings.length + own.payments.length === 0) continue;
    if (xact.owner === undefined) {
      xact.reader.refuse('MalformedField', 'owner', 'a library, or the option `owner`', 'missing');
      for (const { reader } of [...own.billings, ...own.payments]) intake.refused.add(reader.origin);
      continue;
    }
    const read = readXact(xact, xact.owner, own, options);
    changes.push(...read.changes);
    balances.push(read.balance);
  }
  const known = new Set(xacts.map(({ rowId }) => rowId));
  for (const { xact, reader } of [...billings, ...payments]) {
    if (!known.has(xact)) reader.refuse('UnknownRow', 'xact', 'a row of billable_xact', xact);
  }
  for (const credit of patronCredits(rows.usr, patronId, options, intake)) {
    if (credit.change !== undefined) changes.push(credit.change);
    balances.push(credit.balance);
  }
  const count = Object.values(rows).reduce((total, list) => total + list.length, 0);
  return {
    system: 'evergreen',
    patronId,
    currency: options.currency,
    rows: count,
    changes,
    balances,
    ...readRows(intake, evergreenFigures, options),
  };
}

type Own = { readonly billings: readonly EvergreenBilling[]; readonly payments: readonly EvergreenPayment[] };

function readXact(xact: EvergreenXact, owner: string, own: Own, options: CheckedReadOptions) {
  const balanceId = `evergreen/${xact.rowId}`;
  const charged = chargesOf(xact, owner, balanceId, own.billings, options);
  const payments = own.payments.flatMap((payment) =>
    paymentChanges(payment, balanceId, charged.chargedBy, options),
  );
  const { origin } = xact.reader;
  const times = [xact.time, ...own.billings.map(({ time }) => time), ...own.payments.map(({ time }) => time)];
  const time = times.reduce((latest, one) => (one.ms > latest.ms ? one : latest));
  const { owed, credit } = figuresOf(own);
  const feeType = options.named('feeTypes', own.billings[0]?.type ?? 'Misc');
  const figure = 'billed - voided - paid';
  const names = { balanceId, figure, feeType, owner, pooled: true };
  const balance: ForeignBalance = { ...names, owed, credit, time, origin };
  return { changes: [...charged.changes, ...payments], balance };
}

/**
 * The balance of a transaction: what is billed and not voided, less what is paid and not voided. A negative balance
 * counts only as far as it is money: what was forgiven, worked off or paid with a patron's credit is not paid back.
 */
function figuresOf({ billings, payments }: Own): { readonly owed: number; readonly credit: number } {
  const billed = billings.reduce((sum, { amount, voided }) => sum + (voided === null ? amount : 0), 0);
  let [paid, notPaidBack] = [0, 0];
  for (const { amount, type, isVoid } of payments) {
    if (isVoid) continue;
    paid += amount;
    if (!isRefundable(type)) notPaidBack += amount;
  }
  const balance = billed - paid;
  return { owed: Math.max(0, balance), credit: Math.max(0, -balance - Math.max(0, notPaidBack)) };
}

/** Charges the billings of a transaction. The overdue fines of its days are one fine that grows. */
function chargesOf(
  xact: EvergreenXact,
  owner: string,
  balanceId: string,
  billings: readonly EvergreenBilling[],
  options: CheckedReadOptions,
) {
  const { item, loanId, note, stopped } = xact;
  const fineId = `${balanceId}/overdue`;
  const charged = new Map<string, ChargedBilling>();
  const changes: ForeignChange[] = [];
  let last: EvergreenBilling | undefined;
  let hasFine = false;
  for (const billing of billings) {
    const { id, amount, isOverdue, time, sequence, voided, type, reader } = billing;
    const { origin } = reader;
    if (amount <= 0) {
      // Evergreen has no such rows; one counts in the balance, and a line corrects it.
      reader.report('AmountHasWrongSign', 'amount', 'above 0', String(reader.value('amount')));
      continue;
    }
    const feeType = options.named('feeTypes', type);
    const lostItem = options.isLostItem(feeType);
    const isFine = isOverdue && !lostItem;
    const feeId = isFine ? fineId : id;
    charged.set(id, { feeId, time });
    const comment = isFine ? note : (billing.note ?? note);
    const change = { time, sequence, origin, ...(comment === undefined ? {} : { comment }) };
    if (isFine && hasFine) changes.push({ ...change, kind: 'increase', id, feeId, amount });
    else {
      const about = { ...(item === undefined ? {} : { item }), ...(loanId === undefined ? {} : { loanId }) };
      const charge = { ...change, kind: 'charge', feeId, balanceId, feeType, owner, amount } as const;
      changes.push({ ...charge, ...about, lostItem, grows: isFine });
    }
    if (isFine) [hasFine, last] = [true, billing];
    if (voided === null) continue;
    const by = voided.userId === undefined ? {} : { userId: voided.userId };
    const undone = {
      ...by,
      time: notBefore(voided.time, time),
      sequence,
      origin,
      id: `${id}/void`,
      feeId,
      amount,
    };
    changes.push({ ...undone, kind: 'cancellation', givesBack: true });
  }
  if (last !== undefined && stopped !== null) {
    const time = stopped.time.ms > last.time.ms ? stopped.time : last.time;
    const end = {
      id: `${fineId}/end`,
      feeId: fineId,
      cause: stopped.cause,
      sequence: Number.MAX_SAFE_INTEGER,
    };
    changes.push({ ...end, kind: 'end', time, origin: xact.reader.origin });
  }
  return { changes, chargedBy: (billing: string) => charged.get(`evergreen/billing/${billing}`) };
}

/** The credit of a patron; Evergreen keeps no history of it. */
function patronCredits(
  rows: readonly unknown[] | undefined,
  patronId: string,
  options: CheckedReadOptions,
  intake: Intake,
) {
  return uniqueRows('usr', rows, 'id', patronId, options, intake).flatMap(({ reader, id }) => {
    const amount = reader.requiredAmount('credit_forward_balance');
    const time = reader.requiredTime('last_update_time', 'create_date');
    if (!reader.isSound()) return [];
    const creditId = `evergreen/usr/${id}`;
    const { origin } = reader;
    const balance: ForeignBalance = {
      balanceId: creditId,
      owed: Math.max(0, -amount),
      credit: Math.max(0, amount),
      figure: 'credit_forward_balance',
      feeType: options.named('feeTypes', 'CREDIT'),
      owner: options.owner ?? '-',
      time,
      origin,
    };
    const issued = { kind: 'credit', creditId, balanceId: creditId, amount, purpose: 'refundable' } as const;
    const change: ForeignChange | undefined = amount > 0 ? { ...issued, time, origin } : undefined;
    return [{ change, balance }];
  });
}
