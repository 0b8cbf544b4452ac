import { type Accrual, isAccruing } from '../../account/accrual.js';
import { type Credit, unused } from '../../account/credit.js';
import { digestOf } from '../../account/digest.js';
import { type Fee, feeStatus, owed } from '../../account/fee.js';
import { findCredit } from '../../account/patronAccount.js';
import { type Payment, reversedOf, type Waiver } from '../../account/records.js';
import { sumOf } from '../../account/shares.js';
import { digitsOf } from '../../money/currency.js';
import type { JoinedAccount } from '../../patron/accountsOf.js';
import type { GroupRow, PatronGroup } from '../../patron/patronGroup.js';
import { jsonNumber } from '../clientAmount.js';
import type { KohaSettings } from './kohaOptions.js';

/** A line of an account, as clients of Koha get it: a debit or a credit. */
type KohaAccountLine = {
  /** The line's number, always the same for a fee, a payment, a waiver or a credit. */
  readonly account_line_id: number;
  /** The patron, as the client named it. */
  readonly patron_id: number | string;
  /** The item; null without one, and always if there is no hook for items. */
  readonly item_id: number | string | null;
  /** Always null: loans are not known here. */
  readonly checkout_id: null;
  /** The day, `YYYY-MM-DD`. */
  readonly date: string;
  /** The time: ISO 8601 with a zone. */
  readonly timestamp: string;
  /** The amount; below 0 for credits. */
  readonly amount: number;
  /** What is owed, or the unused credit below 0. */
  readonly amount_outstanding: number;
  /** The comment that the patron may see, the title, or the name of the fee type; empty for credits without a comment. */
  readonly description: string;
  /** The code of its type. */
  readonly type: string;
  /** The same, for a debit; null for a credit. */
  readonly debit_type: string | null;
  /** The same, as other versions call it. */
  readonly debit_type_code: string | null;
  /** The code of its type, for a credit; null for a debit. */
  readonly credit_type: string | null;
  /** The same, as other versions call it. */
  readonly credit_type_code: string | null;
  /** The payment method; null if it is no payment. */
  readonly payment_type: string | null;
  /** The library that owns the fee or took the payment; null if unknown. */
  readonly library_id: string | null;
  /** Koha's status, or `DISPUTED`, which Koha does not have; null without one. */
  readonly status: string | null;
  /** Always null: notes for staff are not shown. */
  readonly internal_note: null;
  /** Always null: staff are not numbered here. */
  readonly user_id: null;
  /** Always null: tills are not numbered here. */
  readonly cash_register_id: null;
};

/** Some lines of an account, and what is outstanding on all of them. */
export type KohaOutstanding = {
  readonly total: number;
  readonly lines: readonly KohaAccountLine[];
};

/** The lines of a patron's accounts. */
export type KohaLines = {
  readonly debits: readonly KohaAccountLine[];
  readonly credits: readonly KohaAccountLine[];
  /** What the patron owes less the credits that can be used: what `GET /patrons/{patron_id}/account` answers. */
  readonly account: {
    readonly balance: number;
    /** The debits that can be paid: what is owed and not disputed. */
    readonly outstanding_debits: KohaOutstanding;
    /** The credits that can be used or paid out. */
    readonly outstanding_credits: KohaOutstanding;
  };
  /** Returns the fees with a number: none for an unknown one, several if they have the same number by chance. */
  readonly feesOf: (line: number) => readonly GroupRow[];
};

/** Koha's ids are 32-bit integers with a sign. */
export const NUMBERS = 2_147_483_647;

/** What has a line. */
export type LineKind = 'fee' | 'credit' | 'payment' | 'waiver';

/**
 * Returns the number of a line: a hash, since ids here are texts. Two lines of one patron have the same number once in
 * four thousand patrons with a thousand lines each.
 */
export function lineNumber(kind: LineKind, { patronId, id }: GroupRow): number {
  const digest = digestOf(['koha-line', kind, patronId, id]);
  return (Number.parseInt(digest.slice(0, 13), 16) % NUMBERS) + 1;
}

/** The fields in which lines of different kinds differ. */
type Particulars = Pick<KohaAccountLine, 'description' | 'library_id' | 'status'> & {
  readonly row: GroupRow;
  readonly kind: LineKind;
  readonly at: string;
  /** Minor units, with Koha's sign. */
  readonly amount: number;
  readonly outstanding: number;
  readonly type: string;
  readonly itemId?: string | undefined;
  readonly method?: string;
};

/**
 * Returns the lines of a patron's accounts.
 *
 * @param asked - the patron's id in the request
 */
export function kohaLines(group: PatronGroup, asked: string, settings: KohaSettings): KohaLines {
  const digits = digitsOf(group[0].account.currency ?? settings.policy.currency);
  const fees = group.flatMap(({ patronId, account }) => account.fees.map((fee) => ({ patronId, fee })));
  const write = (particulars: Particulars) => written(particulars, asked, digits, settings);
  const debits = fees.map(({ patronId, fee }) => debitOf(fee, patronId, settings));
  const credits = group.flatMap((account) => creditsOf(account));
  const isPayable = ({ outstanding }: Particulars, index: number) =>
    outstanding > 0 && fees[index]?.fee.disputed === false;
  const owing = debits.filter(isPayable);
  const unspent = credits.filter(({ outstanding }) => outstanding < 0);
  const sum = (lines: readonly Particulars[]) => sumOf(lines.map(({ outstanding }) => outstanding));
  const of = (lines: readonly Particulars[]) => {
    return { total: jsonNumber(sum(lines), digits), lines: lines.map(write) };
  };
  const byNumber = new Map<number, GroupRow[]>();
  for (const { row } of debits) {
    const number = lineNumber('fee', row);
    byNumber.set(number, [...(byNumber.get(number) ?? []), row]);
  }
  return {
    debits: debits.map(write),
    credits: credits.map(write),
    account: {
      balance: jsonNumber(sum(owing) + sum(unspent), digits),
      outstanding_debits: of(owing),
      outstanding_credits: of(unspent),
    },
    feesOf: (number) => byNumber.get(number) ?? [],
  };
}

function written(
  { row, kind, at, amount, outstanding, type, itemId, method, ...fields }: Particulars,
  asked: string,
  digits: number,
  { dayOf, item }: KohaSettings,
): KohaAccountLine {
  const isDebit = kind === 'fee';
  return {
    account_line_id: lineNumber(kind, row),
    patron_id: numberOrText(asked),
    item_id: item === undefined || itemId === undefined ? null : numberOrText(itemId),
    checkout_id: null,
    date: dayOf(at),
    timestamp: at,
    amount: jsonNumber(amount, digits),
    amount_outstanding: jsonNumber(outstanding, digits),
    ...fields,
    type,
    debit_type: isDebit ? type : null,
    debit_type_code: isDebit ? type : null,
    credit_type: isDebit ? null : type,
    credit_type_code: isDebit ? null : type,
    payment_type: method ?? null,
    internal_note: null,
    user_id: null,
    cash_register_id: null,
  };
}

/** Koha's ids are integers; others stay texts. */
function numberOrText(id: string): number | string {
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : id;
}

function debitOf(fee: Fee, patronId: string, { debitTypes, policy }: KohaSettings): Particulars {
  const { feeId, feeType, item, owner, original } = fee;
  const label = policy.feeTypes[feeType]?.label ?? feeType;
  return {
    row: { patronId, id: feeId },
    kind: 'fee',
    at: fee.assessedAt,
    amount: original,
    outstanding: owed(fee),
    description: fee.transactions[0]?.comment ?? item?.title ?? label,
    type: Object.hasOwn(debitTypes, feeType) ? (debitTypes[feeType] as string) : feeType,
    library_id: owner,
    itemId: item?.id,
    status: debitStatus(fee),
  };
}

function debitStatus(fee: Fee): string | null {
  if (feeStatus(fee) === 'disputed') return 'DISPUTED';
  if (fee.returned) return 'FOUND';
  return fee.accrual === null ? null : accrualStatus(fee.accrual, isAccruing(fee));
}

function accrualStatus({ endCause }: Accrual, grows: boolean): string {
  if (grows) return 'UNRETURNED';
  return endCause === 'lost' ? 'LOST' : endCause === 'renewed' ? 'RENEWED' : 'RETURNED';
}

/** Returns the lines of the payments, the waivers, and the credits that come from neither. */
function creditsOf({ patronId, account }: JoinedAccount): Particulars[] {
  const { payments, waivers, credits, fees } = account;
  const atOf = new Map(fees.flatMap((fee) => fee.transactions.map(({ id, at }) => [id, at] as const)));
  return [
    ...payments.map((payment) => paymentLine(payment, patronId, account)),
    ...waivers.map((waiver) => waiverLine(waiver, patronId, atOf.get(waiver.waiverId) as string)),
    ...credits.filter(({ paymentId }) => paymentId === null).map((credit) => creditLine(credit, patronId)),
  ];
}

function paymentLine(payment: Payment, patronId: string, account: JoinedAccount['account']): Particulars {
  const { paymentId, amount, at, method, comment, by, overpayment } = payment;
  const credit = overpayment === null ? undefined : findCredit(account, overpayment.creditId);
  return {
    row: { patronId, id: paymentId },
    kind: 'payment',
    at,
    amount: -amount,
    outstanding: credit === undefined ? 0 : -unused(credit),
    description: comment ?? '',
    type: 'PAYMENT',
    method,
    library_id: by?.library ?? null,
    status: reversedOf(payment) === amount ? 'VOID' : null,
  };
}

function waiverLine(
  { waiverId, amount, writeOff, reversed }: Waiver,
  patronId: string,
  at: string,
): Particulars {
  return {
    row: { patronId, id: waiverId },
    kind: 'waiver',
    at,
    amount: -amount,
    outstanding: 0,
    description: '',
    type: writeOff ? 'WRITEOFF' : 'FORGIVEN',
    library_id: null,
    status: reversed ? 'VOID' : null,
  };
}

function creditLine(credit: Credit, patronId: string): Particulars {
  const { creditId, amount, issuedAt, owner, cause, purpose } = credit;
  const types: Partial<Record<Credit['cause'], string>> = {
    waived: 'FORGIVEN',
    returned: 'LOST_FOUND',
    cancelled: 'CANCELLATION',
  };
  return {
    row: { patronId, id: creditId },
    kind: 'credit',
    at: issuedAt,
    amount: -amount,
    // A reserved credit is already deducted from what its fee owes.
    outstanding: purpose === 'setOff' ? 0 : -unused(credit),
    description: credit.transactions[0]?.comment ?? '',
    type: types[cause] ?? 'CREDIT',
    library_id: owner,
    status: null,
  };
}
