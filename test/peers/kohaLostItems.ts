import { findFee } from '../../src/index.js';
import { feesOfLoan } from '../../src/views/index.js';
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
import { apply } from './kohaWords.js';
import { type Desk, dollars, mustAsk } from './ourDesk.js';

function isPaidFor(desk: Desk): boolean {
  return feesOfLoan(desk.account(), desk.policy, { loanId: 'loan' }).lostAndPaid;
}

/** Pays a lost item in two halves, and checks after each whether it is settled. */
function payHalves(fact: Fact, feeIds: readonly string[] | undefined) {
  const desk = openFact(fact);
  const after = numbersIn(fact.when.op).map((cents) => {
    pay(desk, cents, feeIds);
    return { outstanding: owedOn(desk, 'lost').lost, itemCheckedOut: !isPaidFor(desk) };
  });
  return { after };
}

/** The credits of a fee from a returned item: their amount, as a negative number, and their unused amount. */
function foundCredit(desk: Desk, feeId: string) {
  const credits = desk
    .account()
    .credits.filter((credit) => credit.feeId === feeId && credit.cause === 'returned');
  if (credits.length === 0) return null;
  const amount = -credits.reduce((total, credit) => total + credit.amount, 0);
  const available = credits.reduce(
    (total, { creditId }) => total + (unusedOf(desk, creditId)[creditId] ?? 0),
    0,
  );
  return { amount, available };
}

function bringBack(desk: Desk): void {
  mustAsk(desk, { type: 'ReturnLostItem', loanId: 'loan' });
}

function lostStatus(desk: Desk): string | undefined {
  return findFee(desk.account(), 'lost')?.returned ? 'FOUND' : undefined;
}

/** The facts of Koha's tests about lost items. */
export const kohaLostItems: Readonly<Record<string, Played>> = {
  K030: {
    play: (fact) => {
      const desk = openFact(fact);
      const [amount = 0] = numbersIn(fact.when.op);
      mustAsk(desk, {
        type: 'IssueCredit',
        id: 'credit',
        amount: dollars(amount),
        cause: 'imported',
        purpose: 'refundable',
      });
      apply(desk, 'credit', idsIn(fact.when.op));
      return { outstanding: owedOn(desk, 'proc', 'lost'), itemCheckedIn: isPaidFor(desk) };
    },
  },
  K042: { play: (fact) => payHalves(fact, ['lost']) },
  K044: { play: (fact) => payHalves(fact, undefined) },
  K094: {
    play: (fact) => {
      const desk = openFact(fact);
      mustAsk(desk, { type: 'WaiveFees', fees: [{ feeId: 'lost' }, { feeId: 'proc' }], reason: 'OTHER' });
      bringBack(desk);
      return {
        lostFoundCredit: foundCredit(desk, 'lost'),
        outstanding: owedOn(desk, 'lost'),
        lostStatus: lostStatus(desk),
        balance: balanceOf(desk),
      };
    },
  },
  K095: {
    play: (fact) => {
      const desk = openFact(fact);
      pay(desk, numbersIn(fact.when.op)[0] ?? 0, ['lost', 'proc']);
      bringBack(desk);
      const processing = { amount: foundCredit(desk, 'proc')?.amount };
      return {
        lostFoundCredit: foundCredit(desk, 'lost'),
        processingFoundCredit: processing,
        outstanding: owedOn(desk, 'lost'),
        lostStatus: lostStatus(desk),
        balance: balanceOf(desk),
      };
    },
  },
  K096: {
    play: (fact) => {
      const desk = openFact(fact);
      bringBack(desk);
      return {
        lostFoundCredit: foundCredit(desk, 'lost'),
        outstanding: owedOn(desk, 'lost'),
        lostStatus: lostStatus(desk),
        balance: balanceOf(desk),
      };
    },
  },
  K097: {
    play: (fact) => {
      const desk = openFact(fact);
      const [first = 0, second = 0, third = 0, fourth = 0] = numbersIn(fact.when.op);
      pay(desk, first, ['lost']);
      waive(desk, second, 'lost');
      pay(desk, third, ['lost'], 'mistaken payment');
      waive(desk, fourth, 'lost', 'mistaken waiver');
      const balanceBeforeVoids = balanceOf(desk);
      mustAsk(
        desk,
        { type: 'ReversePayment', paymentId: 'mistaken payment' },
        { type: 'ReverseWaiver', waiverId: 'mistaken waiver' },
      );
      const balanceAfterVoids = balanceOf(desk);
      const lostOutstandingBeforeFound = owedOn(desk, 'lost').lost;
      bringBack(desk);
      return {
        balanceBeforeVoids,
        balanceAfterVoids,
        lostOutstandingBeforeFound,
        lostFoundCredit: foundCredit(desk, 'lost'),
        outstanding: owedOn(desk, 'lost'),
        balance: balanceOf(desk),
      };
    },
  },
  K098: {
    play: (fact) => {
      const desk = openFact(fact);
      pay(desk, numbersIn(fact.when.op)[0] ?? 0, ['lost']);
      bringBack(desk);
      // Koha reconciles at once if configured to; here the credit is applied by a command.
      const credit = desk.account().credits.find(({ purpose }) => purpose === 'refundable');
      apply(desk, credit?.creditId ?? '', ['od']);
      return { balance: balanceOf(desk), outstanding: owedOn(desk, 'od') };
    },
  },
  K107: {
    play: (fact) => {
      const desk = openFact(fact);
      const markLost = (loan: string) => {
        for (const feeType of ['LOST', 'PROCESSING']) {
          mustAsk(desk, {
            type: 'AssessFee',
            id: `${feeType} of ${loan}`,
            feeType,
            amount: '10.00',
            owner: 'MAIN',
            loanId: loan,
          });
        }
        return desk.account().fees.filter(({ feeType }) => feeType === 'LOST').length;
      };
      markLost('one loan');
      const lostChargesAfter = [markLost('one loan'), markLost('another loan')];
      return {
        lostChargesAfter,
        processingChargesAfter: lostChargesAfter.map((count, index) =>
          index === 0 ? count : desk.account().fees.length - count,
        ),
      };
    },
  },
};
