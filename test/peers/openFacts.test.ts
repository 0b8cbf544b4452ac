import { describe, expect, it } from 'vitest';
import { readFolioAmount } from './folioAmount.js';
import { withinWindow } from './withinWindow.js';
import { expectation, outcomeOf } from './written.js';

describe('cases that the other facts of FOLIO do not cover', () => {
  const open = (ref: string, remaining: string, more: object = {}) => ({
    ref,
    amount: remaining,
    remaining,
    status: 'Open',
    ...more,
  });
  const bulk = { bulk: true, accounts: ['a', 'b'] };

  it('the cent left over by a split may go to another fee than in FOLIO', () => {
    const rows = (a: string, b: string) => [
      { ref: 'a', remaining: a, status: 'Open', paymentStatus: 'Paid partially' },
      { ref: 'b', remaining: b, status: 'Open', paymentStatus: 'Paid partially' },
    ];
    const scenario = (accounts: object[]) => ({
      id: 'spare-cent',
      suite: 'bulk-action',
      given: { accounts: [open('a', '1.00'), open('b', '1.00')] },
      when: { op: 'pay', amount: '0.05', ...bulk },
      [expectation]: { httpStatus: 201, accounts },
    });
    expect(outcomeOf(scenario(rows('0.97', '0.98')))).toMatchObject({ outcome: 'passed' });
    expect(outcomeOf(scenario(rows('0.98', '0.97')))).toMatchObject({
      outcome: 'differs',
      reasons: [expect.stringContaining('chance in FOLIO')],
    });
    expect(outcomeOf(scenario(rows('0.98', '0.98')))).toMatchObject({ outcome: 'failed' });
  });

  it('a second refund of a fee does not raise another fee above its amount', () => {
    const history = [
      { op: 'pay', amount: '10.00', accounts: ['a'] },
      { op: 'pay', amount: '10.00', accounts: ['b'] },
      { op: 'refund', amount: '10.00', accounts: ['a'] },
    ];
    const scenario = (betterThen?: object) => ({
      id: 'refund-above-the-amount',
      suite: 'derived',
      given: { accounts: [open('a', '10.00'), open('b', '10.00')], history },
      when: { op: 'refund', amount: '10.00', ...bulk },
      [expectation]: {
        httpStatus: 201,
        accounts: [
          { ref: 'a', remaining: '15.00' },
          { ref: 'b', remaining: '5.00' },
        ],
      },
      defect: 'a fee of 10.00 has 15.00 remaining',
      ...(betterThen === undefined ? {} : { betterThen }),
    });
    const better = {
      accounts: [
        { ref: 'a', remaining: '10.00' },
        { ref: 'b', remaining: '10.00' },
      ],
    };
    expect(outcomeOf(scenario())).toMatchObject({ outcome: 'differs' });
    expect(outcomeOf(scenario(better))).toMatchObject({ outcome: 'differs' });
    expect(outcomeOf(scenario({ accounts: [{ ref: 'a', remaining: '9.00' }] }))).toMatchObject({
      outcome: 'failed',
    });
  });

  it('a fee with nothing remaining is skipped, while FOLIO fails', () => {
    const given = { accounts: [open('a', '0.00', { amount: '5.00' }), open('b', '5.00')] };
    const scenario = {
      id: 'open-with-nothing-remaining',
      suite: 'derived',
      given,
      when: { op: 'pay', amount: '1.00', ...bulk },
      [expectation]: { httpStatus: 500, error: 'NULL_SHARE' },
      defect: 'a fee without a share is dereferenced',
      betterThen: { httpStatus: 201, accounts: [{ ref: 'b', remaining: '4.00' }] },
    };
    expect(outcomeOf(scenario)).toMatchObject({ outcome: 'differs' });
  });

  it('a scenario fails if the defect exists in this library too', () => {
    const scenario = {
      id: 'no-defect',
      suite: 'derived',
      given: { accounts: [open('a', '5.00')] },
      when: { op: 'pay', amount: '1.00', accounts: ['a'] },
      [expectation]: { httpStatus: 201, accounts: [{ ref: 'a', remaining: '4.00' }] },
      defect: 'takes money',
    };
    expect(outcomeOf(scenario)).toEqual({
      outcome: 'failed',
      reasons: ['the same defect is here: takes money'],
    });
  });

  it.each([
    ['2 minutes', '1 minute', false],
    ['1 minute', '1 minute', true],
    ['3 days 1 minute', '3 days', false],
    ['8 months', undefined, true],
    [undefined, '1 minute', true],
    ['1 week', '7 days', true],
  ])('%s after a loss is within %s: %s', (after, window, within) => {
    expect(withinWindow(after, window)).toBe(within);
  });

  it('amounts are rounded half even, as in FOLIO', () => {
    const rounded = [
      '0.005',
      '0.0051',
      '0.015',
      '-0.005',
      '-0.015',
      '1e2',
      '0.025',
      '1.004987654321',
      '.5',
      '5.',
    ];
    expect(rounded.map((text) => readFolioAmount(text)?.cents)).toEqual([
      0, 1, 2, 0, -2, 10000, 2, 100, 50, 500,
    ]);
    expect(['', '.', ' 5', '1,50', 'eleven', '1e', '--1'].map(readFolioAmount)).toEqual(
      Array(7).fill(undefined),
    );
  });
});

describe('a lost item in cases that the facts of FOLIO do not cover', () => {
  const lost = (history: object[], expected: object, more: object = {}) => ({
    id: 'lost',
    suite: 'lost-refund',
    given: { policy: { itemFee: '20.00', processingFee: '5.00', ...more }, history },
    when: { op: 'return-or-renew-lost-item' },
    [expectation]: expected,
  });
  const closed = (ref: string) => ({ ref, remaining: '0.00', status: 'Closed' });
  const everything = [closed('lost-item-fee'), closed('lost-processing-fee')];

  it('is refunded what was paid, and not what was waived', () => {
    const history = [
      { op: 'waive', on: 'lost-item-fee', amount: '8.00' },
      { op: 'pay', on: 'lost-item-fee', amount: '7.00' },
    ];
    expect(outcomeOf(lost(history, { accounts: everything, refunded: '7.00' })).outcome).toBe('passed');
    expect(outcomeOf(lost(history, { accounts: everything, refunded: '15.00' })).outcome).toBe('failed');
  });

  it('is refunded only what was not refunded before', () => {
    const history = [
      { op: 'pay', on: 'lost-item-fee', amount: '20.00' },
      { op: 'refund', on: 'lost-item-fee', amount: '6.00' },
    ];
    expect(outcomeOf(lost(history, { accounts: everything, refunded: '14.00' })).outcome).toBe('passed');
  });

  it('still costs what the policy does not refund', () => {
    const kept = [closed('lost-item-fee'), { ref: 'lost-processing-fee', remaining: '5.00', status: 'Open' }];
    expect(
      outcomeOf(lost([], { accounts: kept, owed: '5.00' }, { refundProcessingFee: false })).outcome,
    ).toBe('passed');
  });

  it('does not depend on an unpaid fine', () => {
    const scenario = {
      id: 'fine',
      suite: 'lost-refund',
      given: { fees: ['lost-item-fee', 'overdue-fine'], paid: ['lost-item-fee'] },
      when: { op: 'loan-fee-closed-event' },
      [expectation]: { loanClosed: true, itemStatus: 'Lost and paid' },
    };
    expect(outcomeOf(scenario).outcome).toBe('passed');
  });
});
