import { minorUnits } from '../../money/money.js';
import type { PayoutRow } from '../../office/onlinePayments/keptReport.js';
import type { OnlinePayment } from '../../office/onlinePayments/onlinePayment.js';
import type { OnlineReport } from '../../online/report/onlineReport.js';

/** A payment as the provider knows it: what it was asked to take, and the reference that it was given. */
export type Checkout = {
  readonly onlinePaymentId: string;
  readonly total: number;
  readonly patrons: readonly string[];
  /** Debits that the payer's bank takes days for. */
  readonly debits: Debit[];
  /** Whether the provider has said that it takes nothing more. */
  isClosed: boolean;
};

export type Debit = { readonly at: string; readonly until: string; failedAt: string | null };

/** Money that the provider took. Amounts are in minor units. */
export type Taken = {
  readonly kind: 'capture';
  /** The provider's id. */
  readonly id: string;
  readonly checkout: Checkout;
  readonly minor: number;
  /** The return that came back. */
  readonly back: GivenBack | null;
  /** Whether the provider's messages and rows have lost the reference. */
  readonly isLost: boolean;
};

/** Money that the provider gave back. */
export type GivenBack = {
  readonly kind: 'return';
  /** The provider's id. */
  readonly id: string;
  readonly of: Taken;
  readonly checkout: Checkout;
  readonly minor: number;
  readonly how: 'refund' | 'chargeback';
};

/** Money that moved at the provider. */
export type Fact = Taken | GivenBack;

/** A payment provider: the only one who knows what was really taken, given back and paid out. */
export function newProvider(currency: string, money: (minor: number) => string) {
  const checkouts: Checkout[] = [];
  const facts: Fact[] = [];
  const rows: PayoutRow[] = [];
  /** Rows of money that has nothing to do with the library's payments. */
  const strange = new Set<string>();
  /** Rows of which the provider changed the content. */
  const changed = new Set<string>();
  const paid = new Set<Fact>();
  let payouts = 0;
  const newId = (what: string) => `${what}_${facts.length + 1}`;

  /** Returns what is left of a capture, with what came back of it. */
  const leftOf = (taken: Taken): number =>
    facts.reduce((left, fact) => {
      if (fact.kind === 'return') return fact.of === taken ? left - fact.minor : left;
      return fact === taken || fact.back?.of === taken ? left + fact.minor : left;
    }, 0);

  const told = (fact: Fact, code: string) => {
    const amount = { amount: money(fact.minor), currency: code };
    if (fact.kind === 'capture') return { externalTransactionId: fact.id, ...amount };
    return { externalTransactionId: fact.id, of: fact.of.id, kind: fact.how, ...amount };
  };

  /** Returns a message about money. */
  const reportOf = (some: readonly Fact[], code = currency): OnlineReport => ({
    captures: some.flatMap((fact) => (fact.kind === 'capture' ? [told(fact, code)] : [])),
    returns: some.flatMap((fact) => (fact.kind === 'return' ? [told(fact, code) as never] : [])),
  });

  const rowOf = (fact: Fact, payoutId: string, bare: boolean): PayoutRow => {
    const sign = fact.kind === 'capture' ? 1 : -1;
    const amount = money(sign * fact.minor);
    const fee = fact.kind === 'capture' ? Math.ceil(fact.minor / 50) : 0;
    const figures = {
      amount,
      currency,
      gross: amount,
      fee: money(fee),
      net: money(sign * fact.minor - fee),
      payoutCurrency: currency,
    };
    const common = {
      rowId: `row_${fact.id}`,
      transaction: fact.id,
      payoutId,
      paidOn: '2026-03-10',
      ...figures,
    };
    if (fact.kind === 'capture') {
      const of = fact.back === null ? {} : { of: fact.back.of.id };
      const reference = fact.isLost ? null : fact.checkout.onlinePaymentId;
      return { ...common, type: 'capture', reference, ...of };
    }
    // Some rows of returns name the capture, some the payment, some both.
    const reference = bare || fact.of.isLost ? null : fact.checkout.onlinePaymentId;
    return { ...common, type: fact.how, reference, of: fact.of.id };
  };

  return {
    checkouts,
    facts,
    rows,
    strange,
    changed,
    leftOf,
    reportOf,
    /** The same payment always has the same page. */
    open(payment: OnlinePayment): void {
      const { onlinePaymentId, total, parts } = payment;
      if (checkouts.some((one) => one.onlinePaymentId === onlinePaymentId)) return;
      const patrons = [...new Set(parts.map(({ patronId }) => patronId))];
      checkouts.push({
        onlinePaymentId,
        total: Number(minorUnits(total)),
        patrons,
        debits: [],
        isClosed: false,
      });
    },
    take(checkout: Checkout, minor: number, isLost: boolean): void {
      if (checkout.isClosed || minor === 0) return;
      const id = newId('pi');
      facts.push({ kind: 'capture', id, checkout, minor, back: null, isLost });
    },
    giveBack(of: Taken, minor: number, how: 'refund' | 'chargeback'): void {
      const amount = Math.min(minor === 0 ? of.minor : minor, leftOf(of));
      if (amount <= 0) return;
      const id = newId('re');
      facts.push({ kind: 'return', id, of, checkout: of.checkout, minor: amount, how });
    },
    /** A chargeback is won, or a refund fails: the money is here again, once. */
    comeBack(back: GivenBack): void {
      if (facts.some((fact) => fact.kind === 'capture' && fact.back === back)) return;
      const id = newId('txn');
      const { checkout, minor, of } = back;
      facts.push({ kind: 'capture', id, checkout, minor, back, isLost: of.isLost });
    },
    /** What the provider answers when it is asked about a payment. */
    answer({ onlinePaymentId }: OnlinePayment): OnlineReport | null {
      const checkout = checkouts.find((one) => one.onlinePaymentId === onlinePaymentId);
      if (checkout === undefined) return { ended: { cause: 'expired', final: true } };
      const own = facts.filter(
        (fact) => fact.checkout === checkout && !(fact.kind === 'capture' ? fact : fact.of).isLost,
      );
      const ended = { cause: own.length > 0 ? 'completed' : 'expired', final: true } as const;
      return { ...reportOf(own), ...(checkout.isClosed && { ended }) };
    },
    /** Pays out what was not paid out yet, all or the first `count`. */
    payOut(count: number, bare: boolean): void {
      payouts += 1;
      const due = facts.filter((fact) => !paid.has(fact)).slice(0, count === 0 ? undefined : count);
      for (const fact of due) {
        paid.add(fact);
        rows.push(rowOf(fact, `po_${payouts}`, bare));
      }
    },
    /** A payout failed at the bank: its rows come again in another one, and the report of the first is not read any more. */
    payoutFails(which: number): void {
      const ids = [...new Set(rows.map(({ payoutId }) => payoutId))];
      const failed = ids[which % Math.max(1, ids.length)];
      payouts += 1;
      for (const [index, row] of rows.entries())
        if (row.payoutId === failed)
          rows[index] = { ...row, payoutId: `po_${payouts}`, paidOn: '2026-03-14' };
    },
    /** The provider corrects its fee of a row. */
    changeRow(which: number): void {
      const row = rows[which % Math.max(1, rows.length)];
      if (row === undefined || row.type !== 'capture' || strange.has(row.rowId)) return;
      changed.add(row.rowId);
      const fee = Number(minorUnits(row.fee)) + 1;
      const net = money(Number(minorUnits(row.gross)) - fee);
      rows[rows.indexOf(row)] = { ...row, fee: money(fee), net };
    },
    /** A cost of the provider, or money of another shop. */
    addRow(type: 'other' | 'capture', minor: number): void {
      const id = `${type}_${rows.length + 1}`;
      const amount = money(type === 'other' ? -minor : minor);
      const figures = {
        amount,
        currency,
        gross: amount,
        fee: money(0),
        net: amount,
        payoutCurrency: currency,
      };
      const transaction = type === 'other' ? null : `pi_shop_${rows.length + 1}`;
      rows.push({
        rowId: id,
        type,
        reference: null,
        transaction,
        payoutId: 'po_x',
        paidOn: '2026-03-10',
        ...figures,
      });
      if (type === 'capture') strange.add(id);
    },
  };
}
