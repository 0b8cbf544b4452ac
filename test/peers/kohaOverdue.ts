import { findFee, owed } from '../../src/index.js';
import { defineCalendar, likeEvergreen, likeKoha, overdueFine } from '../../src/overdue/index.js';
import { type Fact, numbersIn, type Played, pay } from './fact.js';
import { type Desk, dollars, mustAsk, openDesk } from './ourDesk.js';

type GivenFine = {
  readonly id?: string;
  readonly amount: number;
  readonly outstanding?: number;
  readonly status?: string;
};

/** Reports the current total of a fine. */
function accrue(desk: Desk, feeId: string, cents: number, ends?: 'returned' | 'renewed'): void {
  mustAsk(desk, {
    type: 'AccrueFine',
    feeId,
    feeType: 'OVERDUE',
    total: dollars(cents),
    owner: 'MAIN',
    ...(ends === undefined ? {} : { ends }),
  });
}

/** Opens an account with Koha's growing fines, under its limit for all of them; 0 means no limit. */
function openFines({ given }: Fact): Desk {
  const limit = given.maxFine as number | undefined;
  const desk = openDesk({
    feeTypes: { OVERDUE: { label: 'OVERDUE' } },
    overpayment: 'credit',
    accrualLimits: limit ? { OVERDUE: dollars(limit) } : {},
  });
  const fines = (given.fines ?? given.debits ?? []) as readonly GivenFine[];
  for (const [index, { id = `fine ${index}`, amount, outstanding = amount, status }] of fines.entries()) {
    accrue(desk, id, amount, status === 'RETURNED' ? 'returned' : undefined);
    if (outstanding < amount) pay(desk, amount - outstanding, [id]);
  }
  return desk;
}

function fineOf(desk: Desk, id: string): { readonly amount: number; readonly outstanding: number } {
  const fee = findFee(desk.account(), id);
  if (fee === undefined) throw new Error(`there is no fine ${id}`);
  return { amount: fee.accrual?.accrued ?? fee.original, outstanding: owed(fee) };
}

function totalOf(desk: Desk, figure: 'amount' | 'outstanding'): number {
  return desk.account().fees.reduce((sum, { feeId }) => sum + fineOf(desk, feeId)[figure], 0);
}

/** Adjusts the only given fine: `adjust to 15000`. */
const adjusted: Played = {
  play: (fact) => {
    const desk = openFines(fact);
    const [{ id = '' } = {}] = fact.given.debits ?? [];
    accrue(desk, id, numbersIn(fact.when.op).at(-1) ?? 0);
    return fineOf(desk, id);
  },
  // Koha's ledger of signed lines.
  unsaid: ['offset'],
};

/** Updates a fine by its id: `update f1 to 8000`. */
function updated(figures: (desk: Desk, id: string) => Readonly<Record<string, unknown>>): Played {
  return {
    play: (fact) => {
      const desk = openFines(fact);
      const id = /update (\S+)/.exec(fact.when.op)?.[1] ?? '';
      accrue(desk, id, numbersIn(fact.when.op).at(-1) ?? 0);
      return { [id]: fineOf(desk, id), ...figures(desk, id) };
    },
  };
}

/** Days after a due date at noon. */
function loanOf(days: number) {
  const dueAt = '2026-03-02T12:00:00Z';
  const until = new Date(Date.parse(dueAt) + days * 86_400_000).toISOString();
  return { dueAt, until };
}

const calendar = defineCalendar({ timeZone: 'UTC' });

/** The number of days of a loan that Evergreen bills. */
const billed: Played = {
  play: ({ given }) => {
    const late = (given.checkedOutDaysAgo as number) - (given.loanDays as number);
    const closed = (given.closedDays as number | undefined) ?? 0;
    const rule = likeEvergreen({
      currency: 'USD',
      recurring_fine: '0.10',
      fine_interval: { length: (given.intervalDays as number | undefined) ?? 1, unit: 'day' },
      max_fine: '50.00',
    });
    const closures = Array.from({ length: closed }, (_, day) => ({ from: `2026-03-0${day + 4}` }));
    return { billCount: overdueFine({ ...loanOf(late), rule, calendar: { ...calendar, closures } }).periods };
  },
};

/** The facts of Koha's and Evergreen's tests about computed and growing fines. */
export const overdueFacts: Readonly<Record<string, Played>> = {
  K071: adjusted,
  K072: adjusted,
  K073: adjusted,
  K081: updated((desk) => ({ fineCount: desk.account().fees.length })),
  K082: {
    play: (fact) => {
      const desk = openFines(fact);
      const [, first = 0, later = 0] = /of (\d+), later (\d+)/.exec(fact.when.op) ?? [];
      for (const cents of [first, later]) accrue(desk, 'f2', Number(cents));
      return { f2: fineOf(desk, 'f2'), totalOutstanding: totalOf(desk, 'outstanding') };
    },
  },
  K083: updated((desk) => ({
    totalAmount: totalOf(desk, 'amount'),
    totalOutstanding: totalOf(desk, 'outstanding'),
  })),
  K084: {
    play: (fact) => {
      const desk = openFines(fact);
      const before = JSON.stringify(findFee(desk.account(), 'f1'));
      accrue(desk, 'f3', numbersIn(fact.when.op)[0] ?? 0);
      return {
        f3: fineOf(desk, 'f3'),
        f1Unchanged: JSON.stringify(findFee(desk.account(), 'f1')) === before,
        totalOutstanding: totalOf(desk, 'outstanding'),
      };
    },
  },
  K086: updated(() => ({})),
  K087: updated(() => ({})),
  K088: {
    play: (fact) => {
      const desk = openFines(fact);
      accrue(desk, 'new', numbersIn(fact.when.op)[0] ?? 0);
      return { fineCount: desk.account().fees.length };
    },
  },
  K089: {
    play: (fact) => {
      const desk = openFines(fact);
      const [times = 0, cents = 0] = numbersIn(fact.when.op.replace('x', ''));
      accrue(desk, 'f', times * cents);
      return { newOverpaymentCredits: desk.account().credits.length };
    },
  },
  K090: {
    play: ({ given, when }) => {
      const rule = likeKoha({
        currency: 'USD',
        fine: dollars(given.fine as number),
        lengthunit: 'days',
        chargeperiod: given.chargePeriodDays as number,
        firstremind: given.grace as number,
      });
      const [dueAt, until] = [when.from, when.to].map((date) => `${String(date)}T12:00:00Z`) as [
        string,
        string,
      ];
      return { amount: Number(overdueFine({ dueAt, until, rule, calendar }).amount.replace('.', '')) };
    },
  },
  K092: {
    play: ({ given, when }) => {
      const rule = likeKoha({
        currency: 'USD',
        fine: dollars(given.fine as number),
        lengthunit: 'days',
        chargeperiod: 1,
        cap_fine_to_replacement_price: given.capToReplacementPrice as boolean,
        ...(given.useDefault === true && {
          defaultReplacementCost: dollars(given.defaultReplacementCost as number),
        }),
      });
      const price = dollars(given.replacementPrice as number);
      const { amount } = overdueFine({ ...loanOf(numbersIn(when.op)[0] ?? 0), rule, calendar, price });
      return { amount: Number(amount.replace('.', '')) };
    },
  },
  E019: billed,
  E020: billed,
};
