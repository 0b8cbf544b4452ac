import { describe, expect, it } from 'vitest';
import { ask, done, open, outcomeOf, row, written } from './written.js';

const action = (accounts: readonly object[], when: object, expected: object, more: object = {}) =>
  written('derived', { accounts }, when, expected, more);
const lost = (given: object, op: string, expected: object, more: object = {}) =>
  written('lost-refund', { history: [], ...given }, { op, ...more }, expected);

describe('an incomplete scenario, or one with unknown fields, fails', () => {
  const plain = action([open('a', '10.00')], ask('pay', '4.00', 'a'), done(row('a', '6.00')));
  const given = { accounts: [open('a', '10.00')] };
  const when = ask('pay', '4.00', 'a');
  const item = (policy: object, history: readonly object[], more: object = {}) =>
    lost({ policy, history }, 'return-or-renew-lost-item', { owed: '0.00' }, more);

  it.each([
    [
      'an empty expectation',
      action([open('a', '1.00')], when, {}),
      /^then: expected at least one expectation/,
    ],
    [
      'only a remark',
      action([open('a', '1.00')], when, { note: 'fine' }),
      /^then: expected at least one expectation/,
    ],
    [
      'empty steps',
      action([open('a', '1.00')], { steps: [when] }, { steps: [{}] }),
      /^then: expected at least one expectation/,
    ],
    [
      'an empty better expectation',
      { ...plain, betterThen: {} },
      /^betterThen: expected at least one expectation/,
    ],
    ['an empty defect', { ...plain, defect: ' ' }, /^defect: expected what the defect is/],
    ['no rows', action([open('a', '10.00')], when, done()), /^then\.accounts: expected at least one/],
    [
      'a row twice',
      action([open('a', '10.00')], when, done(row('a', '6.00'), row('a', '6.00'))),
      /accounts with a ref of their own each/,
    ],
    [
      'a misspelt history',
      { ...plain, given: { ...given, histroy: [] } },
      /^given\.histroy: a field that is not/,
    ],
    ['a misspelt target', { ...plain, when: { ...when, taget: 'x' } }, /^when\.taget: a field that is not/],
    [
      'a field of a fee',
      { ...plain, given: { accounts: [open('a', '1.00', { owner: 'x' })] } },
      /\[0\]\.owner: a field/,
    ],
    ['a field of a policy', item({ itemFees: '1.00' }, []), /^given\.policy\.itemFees: a field/],
    [
      'a refund of more than came in',
      item({ itemFee: '10.00' }, [
        { op: 'pay', amount: '4.00' },
        { op: 'refund', amount: '9.00' },
      ]),
      /cannot be given back/,
    ],
    [
      'half a day',
      item({ itemFee: '10.00', refundWindow: '1.5 days' }, [], { after: '2 days' }),
      /is no duration/,
    ],
    [
      'a fee of an unknown kind',
      lost({ fees: ['x'] }, 'loan-fee-closed-event', { loanClosed: false }),
      /does not say what fee/,
    ],
  ])('%s', (_, scenario, reason) => {
    expect(outcomeOf(scenario)).toEqual({ outcome: 'failed', reasons: [expect.stringMatching(reason)] });
  });

  it('but may have remarks anywhere', () => {
    const asked = { ...when, note: 'x', comments: 'y', notify: true };
    expect(outcomeOf({ ...plain, given: { ...given, note: 'x' }, when: asked, note: 'z' }).outcome).toBe(
      'passed',
    );
  });
});
