import { describe, expect, it } from 'vitest';
import { type AccountEvent, definePolicy, fold, type PatronAccount } from '../../../src/index.js';
import type { Move } from '../../../src/testing/arbitraries/moves.js';
import { runMoves } from '../../../src/testing/arbitraries/runMoves.js';
import { subjectOf } from '../../../src/testing/laws/laws.js';
import { moneyEquation } from '../../../src/testing/laws/moneyEquation.js';
import {
  changed,
  commandsIn,
  deciding,
  emitting,
  expectCaught,
  failureOf,
  forgettingTransactions,
  lenientFold,
  withoutEvents,
} from './mutants.js';

/** A move that charges a fee of 1.00. */
const owing: Move = {
  ...{ kind: 'assess', amount: 100, flag: false },
  ...{ pick: 0, other: 1, sensible: true, policy: 'same' },
};

describe('law 3, the money equation', () => {
  it('catches a refund that is paid out twice', async () => {
    const decide = emitting('CreditRefunded', (event) => [event, changed(event, { refundId: 'once more' })]);
    const message = await failureOf([3, 'it holds in every state, exactly'], { decide, fold: lenientFold });
    expect(commandsIn(message)).toBe(2);
  });

  it('reports a refund recorded twice, even if the figures of the account agree with it', async () => {
    const decide = emitting('CreditRefunded', (event) => [event, changed(event, { refundId: 'once more' })]);
    const foldTwice = (events: Iterable<AccountEvent>, account?: PatronAccount) => {
      const all = [...events];
      const folded = lenientFold(all, account);
      const again = all.some(({ data }) => 'refundId' in data && data.refundId === 'once more');
      const last = folded.refunds.at(-1);
      if (!again || last === undefined || last.refundId === 'once more') return folded;
      const credits = folded.credits.map((credit) =>
        credit.creditId === last.creditId ? { ...credit, refunded: credit.refunded + last.amount } : credit,
      );
      return { ...folded, credits, refunds: [...folded.refunds, last] };
    };
    const message = await failureOf([3, 'no more cash goes out than came in'], { decide, fold: foldTwice });
    expect(commandsIn(message)).toBe(2);
  });

  it('catches a reducer that treats transferred money as paid', async () => {
    const message = await failureOf([3, 'it holds in every state, exactly'], {
      fold: (events, account) => {
        const folded = fold(events, account);
        const fees = folded.fees.map((fee) => ({
          ...fee,
          paid: fee.paid + (fee.transferPending > 0 ? 1 : 0),
        }));
        return { ...folded, fees };
      },
    });
    expect(commandsIn(message)).toBeLessThanOrEqual(3);
  });

  it('catches money from an external system that is not recorded', async () => {
    const message = await failureOf(
      [3, 'what a command says came in or went out is what is recorded'],
      { decide: deciding('SettleTransfer', (decision) => withoutEvents('CreditIssued', decision)) },
      1_000,
    );
    expect(message).toContain('SettleTransfer');
    expect(commandsIn(message)).toBeLessThanOrEqual(3);
  });

  it('catches a transaction that brings in more than its total', () => {
    const part = { kind: 'payPart', amount: 100, sensible: true, policy: 'same' } as const;
    const parts = [
      { ...part, pick: 1, other: 0, flag: false },
      { ...part, pick: 1, other: 3, flag: false },
    ];
    const broken = { decide: forgettingTransactions, fold };
    for (const sentence of ['no transaction of a payment provider', 'what a command says came in'])
      expectCaught(moneyEquation, sentence, [owing, owing, ...parts], broken);
  });

  it('catches a settlement reversal that reverses less than requested', () => {
    const move = { pick: 0, other: 1, sensible: true, policy: 'same' } as const;
    const moves = [
      owing,
      { ...move, kind: 'transfer', amount: 100, flag: true },
      { ...move, kind: 'settle', amount: 150, flag: false },
      { ...move, kind: 'reverseSettlement', amount: 150, flag: false },
    ] as const;
    const decide = emitting('SettlementReversed', (event) => [changed(event, { surplus: undefined })]);
    const broken = { decide, fold: lenientFold };
    expectCaught(moneyEquation, 'what a command says', moves, broken, 'ReverseSettlement c3');
  });

  // Found by a long random run: the story's own currency, yen, was replaced by that of the policy in force.
  it('reads the amounts of a command in the currency of the policy that decided it', () => {
    const yen = definePolicy({ currency: 'JPY', overpayment: 'credit' });
    const move = { kind: 'overpay', pick: 0, other: 0, amount: 1, flag: false, sensible: true } as const;
    const story = runMoves([{ ...move, policy: 'foreign' }], yen);
    expect(story.account).toMatchObject({ currency: 'EUR', payments: [{ amount: 100 }] });
    for (const clause of moneyEquation.clauses)
      if ('holdsIn' in clause) clause.holdsIn(story, subjectOf(), undefined as never);
  });
});
