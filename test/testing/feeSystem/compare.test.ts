import { describe, expect, it } from 'vitest';
import {
  compareAnswers,
  compareFigures,
  ourFigures,
  type StepResult,
  sameAmount,
  theirFigures,
} from '../../../src/testing/feeSystem/compare.js';
import type { Outcome } from '../../../src/testing/feeSystem/deliver.js';
import { accountAfter, ask, assess, assessLost, pay, transfer, waive } from '../../support/account.js';

const yes = { accepted: true };

const no = { accepted: false, reason: 'too much' };

const failed: Outcome = { failure: '500' };

const said = (answer: typeof yes): Outcome => ({ answer });

const request = (id: string) => ({ name: 'dispute', request: { id, feeId: 'f1' } }) as const;

function differs(
  delivery: StepResult['delivery'],
  answers: StepResult['answers'],
  ...outcomes: Outcome[]
): boolean {
  const requests = answers.map((_, index) => request(`d${index + 1}`));
  return compareAnswers({ requests, delivery, answers }, outcomes).differs;
}

describe('answers', () => {
  it('agree if both accept or both refuse, whatever the reason', () => {
    expect(differs('once', [yes], said(yes))).toBe(false);
    expect(differs('once', [no], said({ accepted: false }))).toBe(false);
    expect(differs('once', [yes], said(no))).toBe(true);
    expect(differs('once', [no], said(yes))).toBe(true);
    expect(differs('once', [no], failed)).toBe(true);
  });

  it('to a repeated request may be either, but must be answers', () => {
    expect(differs('twice', [yes], said(yes), said(no))).toBe(false);
    expect(differs('twice', [yes], said(yes), said(yes))).toBe(false);
    expect(differs('twice', [yes], said(no), said(yes))).toBe(true);
    expect(differs('twice', [yes], said(yes), failed)).toBe(true);
  });

  it('to a request sent twice at once agree if one answer agrees', () => {
    expect(differs('twiceAtOnce', [yes], said(no), said(yes))).toBe(false);
    expect(differs('twiceAtOnce', [yes], said(no), said(no))).toBe(true);
    expect(differs('twiceAtOnce', [no], said(no), said(no))).toBe(false);
    expect(differs('twiceAtOnce', [yes], said(yes), failed)).toBe(true);
  });

  it('to two requests are compared one by one', () => {
    expect(differs('once', [yes, no], said(yes), said(no))).toBe(false);
    expect(differs('once', [yes, no], said(no), said(yes))).toBe(true);
  });

  it('are shown side by side', () => {
    const played: StepResult = { requests: [request('d1')], delivery: 'twice', answers: [yes] };
    expect(compareAnswers(played, [said(no), failed]).rows).toEqual([
      { label: 'd1', cells: ['accepted', 'refused: too much'], differs: true },
      { label: 'd1 again', cells: ['nothing new', 'failed: 500'], differs: true },
    ]);
  });
});

describe('figures', () => {
  const account = accountAfter([assess('f1', '10.00')]);

  it('agree if every figure shown is the same', () => {
    const right = { fees: [{ feeId: 'f1', owed: '10.00' }], refundable: '0.00' };
    expect(compareFigures(account, { balances: right }, 2)).toEqual({
      rows: [{ label: 'owed on f1', cells: ['10.00', '10.00'], differs: false }],
      differs: false,
    });
  });

  it('differ in a fee, a balance, or an unknown fee', () => {
    const labels = (balances: object) =>
      compareFigures(account, { balances: { fees: [{ feeId: 'f1', owed: '10.00' }], ...balances } }, 2)
        .rows.filter(({ differs: one }) => one)
        .map(({ label }) => label);
    expect(labels({ fees: [] })).toEqual(['owed on f1']);
    expect(labels({ owed: '9.00', external: '0.01' })).toEqual(['owed', 'external']);
    const strange = { feeId: 'f2', owed: '1.00' };
    expect(labels({ fees: [{ feeId: 'f1', owed: '10.00' }, strange] })).toEqual(['owed on f2']);
    expect(
      labels({
        fees: [
          { feeId: 'f1', owed: '10.00' },
          { ...strange, owed: '0' },
        ],
      }),
    ).toEqual([]);
  });

  it('differ if the system shows none', () => {
    expect(compareFigures(account, { failure: '500' }, 2)).toEqual({
      rows: [{ label: 'balances', cells: ['shown', 'failed: 500'], differs: true }],
      differs: true,
    });
  });
});

const figuresAfter = (...commands: Parameters<typeof accountAfter>[0]) =>
  Object.fromEntries(ourFigures(accountAfter(commands), 2).map(({ name, shown }) => [name, shown]));

describe('our figures', () => {
  it('are the payable amounts of each fee and of all', () => {
    expect(figuresAfter(assess('f1', '10.00'), assess('f2', '3.00'), pay('p1', '4.00'))).toEqual({
      'owed on f1': '6.00',
      'owed on f2': '3.00',
      owed: '9.00',
      disputed: '0.00',
      refundable: '0.00',
      external: '0.00',
    });
  });

  it('count a waived lost-item fee as waived, although it shows as a credit', () => {
    expect(figuresAfter(assessLost('f1', '10.00'), waive('w1', 'f1', '4.00'))).toMatchObject({
      'owed on f1': '6.00',
      refundable: '0.00',
    });
  });

  it('include the disputed, refundable and external amounts', () => {
    const figures = figuresAfter(
      assess('f1', '10.00'),
      ask('DisputeFee', 'd1', { feeId: 'f1' }),
      assess('f2', '5.00'),
      transfer('t1', 'f2'),
      ask('CancelFee', 'c1', { feeId: 'f2' }),
      pay('p1', '2.00', { feeIds: ['f2'], overpayment: 'credit' }),
    );
    expect(figures).toMatchObject({ owed: '10.00', disputed: '10.00', refundable: '2.00', external: '5.00' });
  });
});

describe('their figures', () => {
  it('are 0 for a fee that is not listed, and omit what the system omits', () => {
    const shown = theirFigures({ fees: [{ feeId: 'f2', owed: '1.00' }], owed: '1.00' }, ['f1', 'f2']);
    expect(shown).toEqual([
      { name: 'owed on f1', shown: '0' },
      { name: 'owed on f2', shown: '1.00' },
      { name: 'owed', shown: '1.00' },
    ]);
  });

  it('include a fee that is listed twice, or unknown', () => {
    const row = { feeId: 'f1', owed: '1.00' };
    const shown = theirFigures({ fees: [row, row, { feeId: 'f9', owed: '2.00' }] }, ['f1']);
    expect(shown).toEqual([
      { name: 'owed on f1', shown: '1.00 and 1.00' },
      { name: 'owed on f9', shown: '2.00' },
    ]);
  });
});

describe('the same amount', () => {
  it.each(['6.00', '6.0', '6', '06.00'])('may be written as %s', (theirs) => {
    expect(sameAmount('6.00', theirs, 2)).toBe(true);
  });

  it.each(['6.01', '-6.00', '6.000', '2.7699999999999996', '6,00', '', ' 6', '6e0', 'NaN', '1.00 and 1.00'])(
    'is not %j',
    (theirs) => {
      expect(sameAmount('6.00', theirs, 2)).toBe(false);
    },
  );

  it('may be zero or negative, with the decimals of its currency', () => {
    expect(sameAmount('0.00', '-0', 2)).toBe(true);
    expect(sameAmount('-1.00', '-1', 2)).toBe(true);
    expect(sameAmount('1250', '1250', 0)).toBe(true);
    expect(sameAmount('1250', '1250.0', 0)).toBe(false);
    expect(sameAmount('60.00', '6.000', 2)).toBe(false);
  });
});
