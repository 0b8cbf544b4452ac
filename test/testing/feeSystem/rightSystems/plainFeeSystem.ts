import type { FeeSystem, FeeSystemAnswer } from '../../../../src/testing/index.js';

/** One fee, in cents. What happened to it is kept as sums that change in place. */
export type PlainFee = {
  readonly id: string;
  readonly amount: number;
  readonly lostItem: boolean;
  readonly refundPercent: number;
  owed: number;
  disputed: boolean;
  returned: boolean;
  /** Payments, and credits of the fee that were used on it. */
  moneyIn: number;
  /** The part of the money that became a credit. */
  givenBack: number;
  transferred: number;
  /** The part of the transferred amount that has to be reversed there. */
  reversed: number;
  /** Waived, or set free by a return, wherever it had gone. */
  forgiven: number;
  /** Charged in error, wherever it had gone. */
  cancelled: number;
  /** The part of it that had been paid. */
  cancelledMoney: number;
};

/** Money that is the patron's. */
export type PlainCredit = { readonly feeId: string | null; readonly amount: number; left: number };

/** A payment, and where its money went. */
export type PlainPayment = {
  readonly id: string;
  readonly parts: readonly { readonly fee: PlainFee; readonly cents: number }[];
  readonly credit: PlainCredit | null;
  reversed: boolean;
};

/** All that a plain system knows; the wrong systems write in it too. */
export type PlainBooks = {
  readonly fees: PlainFee[];
  readonly credits: PlainCredit[];
  readonly payments: PlainPayment[];
  external: number;
};

/** The rules in which plain systems differ. */
export type PlainRules = {
  /** Whether money above what is owed becomes a credit. */
  readonly overpayment: 'refuse' | 'credit';
  /** Spreads cents over what is owed on each fee, oldest first. */
  readonly split: (cents: number, owed: readonly number[]) => readonly number[];
};

/** A system and its books. */
export type PlainFeeSystem = { readonly books: PlainBooks; readonly system: Required<FeeSystem> };

export const accepted: FeeSystemAnswer = { accepted: true };
export const refused: FeeSystemAnswer = { accepted: false };

/** Reads an amount of dollars. */
export const cents = (amount: string) => Number(amount.replace('.', ''));

/** Writes an amount of dollars. */
export const dollars = (sum: number) =>
  `${sum < 0 ? '-' : ''}${Math.floor(Math.abs(sum) / 100)}.${String(Math.abs(sum) % 100).padStart(2, '0')}`;

/** Sums up. */
export const sumOf = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + amount, 0);

/** Half up, in whole numbers: 33.3 percent of 5.00 is 1.67, which floats make 1.66. */
const percentOf = (amount: number, percent: number) =>
  Math.floor((amount * Math.round(percent * 1000) + 50_000) / 100_000);

/** Fills the oldest fee first. */
export const oldestFirst: PlainRules['split'] = (total, owed) => {
  let rest = total;
  return owed.map((limit) => {
    const share = Math.min(limit, rest);
    rest -= share;
    return share;
  });
};

/** Keeps the answer to each id, so that a request that comes again is answered and not done. */
export function answeredOnce() {
  const answers = new Map<string, FeeSystemAnswer>();
  return <Request extends { readonly id: string }>(take: (request: Request) => FeeSystemAnswer) =>
    async (request: Request): Promise<FeeSystemAnswer> => {
      const answer = answers.get(request.id) ?? take(request);
      answers.set(request.id, answer);
      return answer;
    };
}

/**
 * A fee system as one writes it without events: rows that change in place. Written from the rules in words, with no
 * code of the library, to show that a system which is not ours can be right.
 */
export function plainFeeSystem(rules: Partial<PlainRules> = {}): PlainFeeSystem {
  const { overpayment = 'refuse', split = oldestFirst } = rules;
  const books: PlainBooks = { fees: [], credits: [], payments: [], external: 0 };
  const feeOf = (id: string) => books.fees.find((fee) => fee.id === id) as PlainFee;
  const once = answeredOnce();
  const give = (fee: PlainFee, amount: number) => {
    if (amount === 0) return;
    fee.givenBack += amount;
    books.credits.push({ feeId: fee.id, amount, left: amount });
  };
  const reverseThere = (fee: PlainFee, amount: number) => {
    fee.reversed += amount;
    books.external += amount;
  };

  const system: Required<FeeSystem> = {
    assess: once(({ id, amount, lostItem, refundPercent }) => {
      books.fees.push({
        id,
        lostItem,
        refundPercent,
        amount: cents(amount),
        owed: cents(amount),
        disputed: false,
        returned: false,
        moneyIn: 0,
        givenBack: 0,
        transferred: 0,
        reversed: 0,
        forgiven: 0,
        cancelled: 0,
        cancelledMoney: 0,
      });
      return accepted;
    }),
    pay: once(({ id, amount, feeIds }) => {
      const fees = books.fees.filter((fee) => feeIds.includes(fee.id));
      const room = fees.map((fee) => (fee.disputed ? 0 : fee.owed));
      const rest = cents(amount) - sumOf(room);
      if (overpayment === 'refuse' && (rest > 0 || fees.some(({ disputed }) => disputed))) return refused;
      const shares = split(Math.min(cents(amount), sumOf(room)), room);
      const credit = rest > 0 ? { feeId: null, amount: rest, left: rest } : null;
      if (credit !== null) books.credits.push(credit);
      const parts = fees.map((fee, index) => ({ fee, cents: shares[index] ?? 0 }));
      for (const part of parts) {
        part.fee.owed -= part.cents;
        part.fee.moneyIn += part.cents;
      }
      books.payments.push({ id, parts, credit, reversed: false });
      return accepted;
    }),
    waive: once(({ feeId, amount }) => {
      const fee = feeOf(feeId);
      const there = fee.transferred - fee.reversed;
      const waived = cents(amount);
      if (waived > (fee.owed > 0 ? fee.owed : there)) return refused;
      if (fee.owed > 0) fee.owed -= waived;
      else reverseThere(fee, waived);
      fee.forgiven += waived;
      return accepted;
    }),
    dispute: once(({ feeId }) => {
      const fee = feeOf(feeId);
      if (fee.disputed || fee.owed === 0) return refused;
      fee.disputed = true;
      return accepted;
    }),
    restore: once(({ feeId }) => {
      const fee = feeOf(feeId);
      if (!fee.disputed) return refused;
      fee.disputed = false;
      return accepted;
    }),
    transfer: once(({ feeId, amount }) => {
      const fee = feeOf(feeId);
      if (fee.disputed || cents(amount) > fee.owed) return refused;
      fee.owed -= cents(amount);
      fee.transferred += cents(amount);
      return accepted;
    }),
    returnLostItem: once(({ feeId }) => {
      const fee = feeOf(feeId);
      if (!fee.lostItem || fee.returned) return refused;
      fee.returned = true;
      const rightful = percentOf(fee.amount - fee.cancelled, fee.refundPercent);
      let due = Math.max(0, rightful - fee.forgiven - (fee.givenBack - fee.cancelledMoney));
      const take = (limit: number) => {
        const part = Math.min(due, limit);
        due -= part;
        return part;
      };
      const free = take(fee.owed);
      const there = take(fee.transferred - fee.reversed);
      fee.owed -= free;
      fee.forgiven += free + there;
      reverseThere(fee, there);
      give(fee, take(Math.max(0, fee.moneyIn - fee.givenBack)));
      return accepted;
    }),
    cancel: once(({ feeId, amount }) => {
      const fee = feeOf(feeId);
      const paid = Math.max(0, fee.moneyIn - fee.givenBack);
      const there = fee.transferred - fee.reversed;
      if (cents(amount) > fee.owed + paid + there) return refused;
      const fromOwed = Math.min(cents(amount), fee.owed);
      const fromPaid = Math.min(cents(amount) - fromOwed, paid);
      fee.owed -= fromOwed;
      fee.cancelled += cents(amount);
      fee.cancelledMoney += fromPaid;
      give(fee, fromPaid);
      reverseThere(fee, cents(amount) - fromOwed - fromPaid);
      return accepted;
    }),
    refund: once(({ amount }) => {
      let rest = cents(amount);
      if (rest > sumOf(books.credits.map(({ left }) => left))) return refused;
      for (const credit of books.credits) {
        const part = Math.min(rest, credit.left);
        credit.left -= part;
        rest -= part;
      }
      return accepted;
    }),
    reversePayment: once(({ paymentId }) => {
      const payment = books.payments.find(({ id }) => id === paymentId);
      if (payment === undefined || payment.reversed) return refused;
      const { credit, parts } = payment;
      if (credit !== null && credit.left < credit.amount) return refused;
      payment.reversed = true;
      if (credit !== null) credit.left = 0;
      for (const { fee, cents: part } of parts) {
        fee.owed += part;
        fee.moneyIn -= part;
        // Money that was given back, and was not there after all, is taken from what is left of the fee's credits.
        for (const own of books.credits.filter(({ feeId }) => feeId === fee.id)) {
          const back = Math.max(0, Math.min(own.left, fee.owed, fee.givenBack - fee.moneyIn));
          own.left -= back;
          fee.owed -= back;
          fee.moneyIn += back;
        }
      }
      return accepted;
    }),
    balances: async () => ({
      fees: books.fees.map(({ id, owed }) => ({ feeId: id, owed: dollars(owed) })),
      owed: dollars(sumOf(books.fees.map(({ owed }) => owed))),
      disputed: dollars(sumOf(books.fees.map(({ owed, disputed }) => (disputed ? owed : 0)))),
      refundable: dollars(sumOf(books.credits.map(({ left }) => left))),
      external: dollars(books.external),
    }),
    release: async () => undefined,
  };
  return { books, system };
}
