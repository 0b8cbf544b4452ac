import { describe, expect, it } from 'vitest';
import type { StepResult } from '../../../src/testing/feeSystem/compare.js';
import { compareAnswers, compareFigures } from '../../../src/testing/feeSystem/compare.js';
import type { Outcome } from '../../../src/testing/feeSystem/deliver.js';
import { accountAfter, assess } from '../../support/account.js';

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

  it('to a request sent twice at once agree if one of them agrees', () => {
    expect(differs('twiceAtOnce', [yes], said(no), said(yes))).toBe(false);
    expect(differs('twiceAtOnce', [yes], said(no), said(no))).toBe(true);
    expect(differs('twiceAtOnce', [no], said(no), said(no))).toBe(false);
    expect(differs('twiceAtOnce', [yes], said(yes), failed)).toBe(true);
  });

  it('to two requests are compared each', () => {
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
