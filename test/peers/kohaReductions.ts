import { findFee, refundableMoney } from '../../src/index.js';
import { blocks } from '../../src/views/index.js';
import {
  balanceOf,
  type Fact,
  idsIn,
  numbersIn,
  openFact,
  owedOn,
  type Played,
  pay,
  unusedOf,
  waive,
} from './fact.js';
import { apply, errorOf, only, takenOff } from './kohaWords.js';
import { type DeskCommand, dollars, mustAsk, openDesk } from './ourDesk.js';

/** Subtracts an amount from a fee that was charged too high. */
function reduction(fact: Fact, prior = 0) {
  const desk = openFact(fact);
  const { id } = only(fact);
  if (prior > 0) mustAsk(desk, { type: 'CancelFee', feeId: id, amount: dollars(prior) });
  const [cents = 0] = numbersIn(fact.when.op);
  const command: DeskCommand = { type: 'CancelFee', feeId: id, amount: dollars(cents) };
  return { desk, error: errorOf(desk, command) };
}

/** The facts of Koha's tests about reductions, payouts, refusals and blocks. */
export const kohaReductions: Readonly<Record<string, Played>> = {
  K025: {
    play: (fact) => ({
      error: errorOf(openFact(fact), { type: 'ApplyCredit', creditId: 'c1', feeIds: ['c2'] }),
    }),
  },
  K026: {
    play: (fact) => {
      const desk = openFact(fact);
      const error = errorOf(desk, { type: 'ApplyCredit', creditId: 'c2', feeIds: idsIn(fact.when.op) });
      return { error, outstanding: owedOn(desk, 'd1', 'd2', 'd3'), available: unusedOf(desk, 'c2') };
    },
  },
  K033: {
    play: (fact) => {
      const amount = dollars(numbersIn(fact.when.op)[0] ?? 0);
      return { error: errorOf(openFact(fact), { type: 'ReceivePayment', amount, method: 'CASH' }) };
    },
  },
  K057: {
    play: (fact) => {
      const desk = openFact(fact);
      const amount = dollars(numbersIn(fact.when.op)[0] ?? 0);
      mustAsk(desk, { type: 'RefundCredit', creditId: 'c1', amount, method: 'CASH' });
      // A payout is not a debit here, so it has nothing outstanding.
      return {
        balance: balanceOf(desk),
        outstanding: { ...owedOn(desk, 'd1'), payout: 0 },
        available: unusedOf(desk, 'c1'),
      };
    },
    unsaid: ['creditStatus'],
  },
  K058: {
    play: (fact) => {
      const amount = dollars(numbersIn(fact.when.op)[0] ?? 0);
      return {
        error: errorOf(openFact(fact), { type: 'RefundCredit', creditId: 'c1', amount, method: 'CASH' }),
      };
    },
  },
  K060: { play: (fact) => ({ error: errorOf(openFact(fact), { type: 'ReversePayment', paymentId: 'd1' }) }) },
  K062: {
    play: (fact) => {
      const { desk } = reduction(fact);
      const { amount, available } = takenOff(desk);
      return {
        outstanding: owedOn(desk, 'lost'),
        reduction: { amount, available, status: available === 0 ? 'APPLIED' : 'ADDED' },
        balance: balanceOf(desk),
      };
    },
    unsaid: ['debitStatus', 'offsets'],
  },
  K063: {
    play: (fact) => {
      const [debit] = fact.given.debits as unknown as [{ priorDiscount: number; amount: number; id: string }];
      const unpaid = { ...debit, outstanding: debit.amount, type: 'LOST' };
      const desk = openFact({ given: { ...fact.given, debits: [unpaid] } });
      mustAsk(desk, { type: 'CancelFee', feeId: debit.id, amount: dollars(debit.priorDiscount) });
      pay(desk, debit.amount - debit.priorDiscount, [debit.id]);
      const [cents = 0] = numbersIn(fact.when.op);
      mustAsk(desk, { type: 'CancelFee', feeId: debit.id, amount: dollars(cents) });
      return { reduction: takenOff(desk) };
    },
    unsaid: ['debitStatus', 'offsets'],
  },
  K064: { play: (fact) => ({ error: reduction(fact).error }) },
  K065: {
    play: (fact) => {
      const [{ priorReductions }] = fact.given.debits as unknown as [{ priorReductions: number }];
      return { error: reduction(fact, priorReductions).error };
    },
  },
  K068: {
    play: (fact) => {
      const desk = openFact(fact);
      mustAsk(desk, { type: 'CancelFee', feeId: 'd1' });
      return { outstanding: owedOn(desk, 'd1'), cancellation: takenOff(desk), balance: balanceOf(desk) };
    },
    unsaid: ['debitStatus', 'offsets'],
  },
  K070: { play: (fact) => ({ error: errorOf(openFact(fact), { type: 'CancelFee', feeId: 'c1' }) }) },
  K078: {
    play: (fact) => {
      const desk = openFact(fact);
      const [writeoff = 0, discount = 0, cancellation = 0, payment = 0, credit = 0] = numbersIn(fact.when.op);
      waive(desk, writeoff, 'm');
      waive(desk, discount, 'm');
      mustAsk(desk, { type: 'CancelFee', feeId: 'm', amount: dollars(cancellation) });
      pay(desk, payment, ['m']);
      mustAsk(desk, {
        type: 'IssueCredit',
        id: 'credit',
        amount: dollars(credit),
        cause: 'imported',
        purpose: 'refundable',
      });
      apply(desk, 'credit', ['m']);
      const fee = findFee(desk.account(), 'm');
      if (fee === undefined) return {};
      const count = (...kinds: string[]) =>
        fee.transactions.filter(({ kind }) => kinds.includes(kind)).length;
      return {
        nonReversible: { count: count('waiver', 'cancellation'), total: -(fee.waived + fee.cancelled) },
        reversible: { count: count('payment', 'creditApplied'), total: -refundableMoney(fee) },
      };
    },
  },
  K080: {
    play: (fact) => {
      const desk = openFact(fact);
      const amount = dollars(numbersIn(fact.when.op)[0] ?? 0);
      desk.ask({ type: 'AssessFee', feeType: 'OVERDUE', amount, owner: 'MAIN' });
      return { fineCount: desk.account().fees.length };
    },
  },
  K114: {
    play: (fact) => {
      const restrictions = fact.given.restrictions as { code: string; feeLimit: number }[];
      const limit = (cents: number) => ({ amount: dollars(cents) });
      const desk = openDesk({
        feeTypes: { ACCOUNT: { label: 'Account fee' } },
        blockLimits: Object.fromEntries(restrictions.map(({ code, feeLimit }) => [code, [limit(feeLimit)]])),
      });
      const { id, amount } = only(fact);
      mustAsk(desk, { type: 'AssessFee', id, feeType: 'ACCOUNT', amount: dollars(amount), owner: 'MAIN' });
      const restrictionsAfter = numbersIn(fact.when.op).map((cents) => {
        pay(desk, cents);
        return restrictions
          .filter(({ code }) => blocks(desk.account(), desk.policy, { group: code }).blocked)
          .map(({ code }) => code);
      });
      return { restrictionsAfter };
    },
  },
};
