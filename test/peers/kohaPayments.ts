import { findFee, owed } from '../../src/index.js';
import {
  balanceOf,
  idsIn,
  numbersIn,
  openFact,
  owedOn,
  type Played,
  pay,
  totals,
  unusedOf,
  waive,
} from './fact.js';
import { apply, lastOffsets } from './kohaWords.js';
import { dollars, mustAsk } from './ourDesk.js';

/** The facts of Koha's tests about balances, payments and the use of credits. */
export const kohaPayments: Readonly<Record<string, Played>> = {
  K002: {
    play: (fact) => {
      const desk = openFact(fact);
      const open = desk.account().fees.filter((fee) => owed(fee) > 0);
      return { outstandingDebitsTotal: totals(desk).debits, count: open.length, onlyLine: open[0]?.feeId };
    },
  },
  K003: {
    play: (fact) => {
      const desk = openFact(fact);
      const open = desk.account().fees.filter((fee) => owed(fee) > 0);
      return { outstandingDebitsTotal: totals(desk).debits, count: open.length };
    },
  },
  K005: { play: (fact) => ({ outstandingCreditsTotal: totals(openFact(fact)).credits }) },
  K014: {
    play: ({ given, when }) => {
      const desk = openFact({ given: { ...given, debits: [], credits: [] } });
      const balancesSeen = [balanceOf(desk)];
      const lines = [...when.op.matchAll(/(debit|credit) (\d+)/g)];
      for (const [index, [, kind, text]] of lines.entries()) {
        const amount = dollars(Number(text));
        if (kind === 'debit') mustAsk(desk, { type: 'AssessFee', feeType: 'ACCOUNT', amount, owner: 'MAIN' });
        else mustAsk(desk, { type: 'IssueCredit', amount, cause: 'imported', purpose: 'refundable' });
        // Koha's test checks for the first time after two debits.
        if (index > 0) balancesSeen.push(balanceOf(desk));
      }
      return { assertedTotals: balancesSeen };
    },
  },
  K016: { play: (fact) => ({ balance: balanceOf(openFact(fact)) }) },
  K021: {
    play: (fact) => {
      const desk = openFact(fact);
      apply(desk, 'c1', ['d1']);
      return { outstanding: owedOn(desk, 'd1'), available: unusedOf(desk, 'c1'), offsets: lastOffsets(desk) };
    },
  },
  K022: {
    play: (fact) => {
      const desk = openFact(fact);
      apply(desk, 'c1', ['d2']);
      return { outstanding: owedOn(desk, 'd2'), available: unusedOf(desk, 'c1'), offsets: lastOffsets(desk) };
    },
  },
  K027: {
    play: (fact) => {
      const desk = openFact(fact);
      apply(desk, 'c2', idsIn(fact.when.op));
      return { outstanding: owedOn(desk, 'd1', 'd2', 'd3'), available: unusedOf(desk, 'c2') };
    },
  },
  K031: {
    play: (fact) => {
      const desk = openFact(fact);
      for (const step of fact.when.op.split(';')) apply(desk, /c\d/.exec(step)?.[0] ?? '', idsIn(step));
      const { applications } = desk.account();
      const feesOf = (id: string) =>
        applications
          .filter(({ creditId }) => creditId === id)
          .flatMap((use) => use.allocations.map(({ feeId }) => feeId));
      const creditsOf = (id: string) =>
        applications
          .filter((use) => use.allocations.some(({ feeId }) => feeId === id))
          .map(({ creditId }) => creditId);
      return {
        creditsOf: { d1: creditsOf('d1'), d2: creditsOf('d2') },
        debitsOf: { c1: feesOf('c1'), c2: feesOf('c2') },
      };
    },
  },
  K032: {
    play: (fact) => {
      const desk = openFact(fact);
      for (const step of fact.when.steps as {
        amount: number;
        expectDebits: number;
        expectCredits: number;
      }[]) {
        pay(desk, step.amount);
        const { debits, credits } = totals(desk);
        if (debits !== step.expectDebits || credits !== step.expectCredits)
          throw new Error(`after ${step.amount}: ${debits}, ${credits}`);
      }
      return { outstandingDebits: totals(desk).debits, outstandingCredits: totals(desk).credits };
    },
  },
  K034: {
    play: (fact) => {
      const desk = openFact(fact);
      pay(desk, numbersIn(fact.when.op)[0] ?? 0, idsIn(fact.when.op));
      return { outstanding: owedOn(desk, 'd1', 'd2', 'd3', 'd4') };
    },
  },
  K035: {
    play: (fact) => {
      const desk = openFact(fact);
      waive(desk, numbersIn(fact.when.op)[0] ?? 0, 'd1');
      const event = desk.events().at(-1);
      return {
        outstanding: owedOn(desk, 'd1'),
        creditType: event?.type === 'FeeWaived' ? 'WRITEOFF' : event?.type,
        creditAmount: -(findFee(desk.account(), 'd1')?.waived ?? 0),
      };
    },
  },
  K037: {
    play: (fact) => {
      const desk = openFact(fact);
      pay(desk, numbersIn(fact.when.op)[0] ?? 0, idsIn(fact.when.op));
      return { offsets: lastOffsets(desk) };
    },
  },
  K050: {
    play: (fact) => {
      const desk = openFact(fact);
      pay(desk, numbersIn(fact.when.op)[0] ?? 0, idsIn(fact.when.op));
      const offsets = lastOffsets(desk).map(({ type, amount }) => [type, amount]);
      return { outstanding: owedOn(desk, 'd4', 'd5'), totalOutstanding: totals(desk).debits, offsets };
    },
  },
};
