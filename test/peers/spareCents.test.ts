import { describe, expect, it } from 'vitest';
import { ask, done, open, outcomeOf, row, transferTo, written } from './written.js';

const passed = { outcome: 'passed', reasons: [] };
const differs = (reason: string) => ({ outcome: 'differs', reasons: [expect.stringContaining(reason)] });

const action = (accounts: readonly object[], when: object, expected: object, history: object[] = []) =>
  written('derived', { accounts, history }, when, expected);

describe('the cent left over by a split', () => {
  const pair = [open('a', '5.01'), open('b', '5.01')];
  const CHANCE = differs('chance in FOLIO');

  it.each([
    [
      'may close the other fee',
      pair,
      '10.01',
      [row('a', '0.01', 'Paid partially'), row('b', '0.00', 'Paid fully')],
    ],
    ['may be expected on one fee alone', [open('a', '1.00'), open('b', '1.00')], '0.05', [row('b', '0.97')]],
  ])('%s', (_, accounts, amount, rows) => {
    expect(outcomeOf(action(accounts, ask('pay', amount, 'a', 'b'), done(...rows)))).toEqual(CHANCE);
  });

  it.each([
    ['bdf', 'differs'],
    ['abc', 'passed'],
    ['bd', 'failed'],
  ])('may go to any of seven fees: %s', (lucky, outcome) => {
    const refs = [...'abcdefg'];
    const rows = refs.map((ref) => row(ref, lucky.includes(ref) ? '7.13' : '7.14'));
    const accounts = refs.map((ref) => open(ref, '10.00'));
    expect(outcomeOf(action(accounts, ask('pay', '20.05', ...refs), done(...rows))).outcome).toBe(outcome);
  });

  it('goes to the same fee as before', () => {
    const steps = [ask('pay', '0.05', 'a', 'b'), ask('pay', '4.98', 'b')];
    const scenario = (left: string) =>
      action(pair, { steps }, { steps: [done(row('a', '4.99')), done(row('b', left))] });
    expect(outcomeOf(scenario('0.00')).outcome).toBe('differs');
    expect(outcomeOf(scenario('0.01')).outcome).toBe('failed');
  });
});

describe('names in a scenario', () => {
  const long = 'n'.repeat(250);

  it.each(['__proto__', 'constructor', '', long, 'a\u0000b', 'a\ud800b', 'patron', 'f1'])(
    'may be %j',
    (name) => {
      const history = [{ ...transferTo(name, '4.00', name) }, { ...ask('pay', '1.00', name), method: name }];
      const scenario = action(
        [open(name, '10.00', { loan: 'l' })],
        { ...ask('waive', '1.00', name), reason: name },
        done(row(name, '4.00', 'Waived partially')),
        history,
      );
      expect(outcomeOf(scenario)).toEqual(passed);
      const refund = action(
        [open(name, '10.00')],
        ask('refund', '5.00', name),
        { httpStatus: 201, patronRefundTotal: '1.00', transferRefundTotal: '4.00' },
        history,
      );
      expect(outcomeOf(refund)).toEqual(passed);
    },
  );
});
