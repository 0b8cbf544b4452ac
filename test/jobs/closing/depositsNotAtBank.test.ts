import { expect, it } from 'vitest';
import { depositsNotAtBank } from '../../../src/jobs/closing/depositsNotAtBank.js';
import { bankAfter, cash, confirm, depositFromSafe, end, part, reverse } from '../../office/bank/banks.js';
import { close, open, tillAfter } from '../../office/till/tills.js';

const terms = {
  dayOf: (at: string) => at.slice(0, 10),
  from: undefined,
  through: '2026-03-31',
  withinDays: 7,
};
const { sessions } = tillAfter(open(), close('c', '62', '112'));
const safe = (id: string) =>
  ({ kind: 'safeDeposit', depositId: id, method: 'CASH', amount: '5.00' }) as const;
const other = { kind: 'payout', method: 'CARD', payoutId: 'po', amount: '1.00' } as const;

const missing = (...banks: readonly (ReturnType<typeof bankAfter> | null)[]) => {
  const deposits = depositsNotAtBank(terms);
  deposits.addTill('CIRC', sessions);
  for (const bank of banks) deposits.addBank(bank?.account ?? null);
  return deposits.missing().map(({ item }) => item);
};

it('lists the deposits that no bank account has confirmed, once any deposit was confirmed', () => {
  expect(missing()).toEqual([]);
  expect(missing(bankAfter(depositFromSafe('d1', '5')))).toEqual([]);
  expect(missing(bankAfter(confirm('c1', '62', cash())))).toEqual([]);
  expect(missing(bankAfter(confirm('c1', '1', other)))).toEqual([cash()]);
  expect(missing(bankAfter(confirm('c1', '1', other)), null)).toEqual([]);
  expect(missing(bankAfter(confirm('c1', '62', cash()), reverse('u', 'c1')))).toEqual([cash()]);
});

it('lists the rest of a partly confirmed deposit, until a person ends it', () => {
  const first = confirm('c1', '40', part('40'));
  expect(missing(bankAfter(first))).toEqual([part('22.00')]);
  expect(missing(bankAfter(first), bankAfter(confirm('c2', '20', part('20'))))).toEqual([part('2.00')]);
  expect(missing(bankAfter(first, end('e1', part('22'))))).toEqual([]);
  const fromSafe = bankAfter(
    depositFromSafe('d1', '5'),
    confirm('c1', '63', cash(), { ...safe('d1'), amount: '1', of: '5' }),
  );
  expect(missing(fromSafe)).toEqual([{ ...safe('d1'), amount: '4.00', of: '5.00' }]);
});

it('distinguishes deposits from the safe of two bank accounts with the same id', () => {
  const confirmed = bankAfter(depositFromSafe('d1', '5'), confirm('c1', '67', cash(), safe('d1')));
  const open = bankAfter(depositFromSafe('d1', '5'));
  expect(missing(confirmed)).toEqual([]);
  expect(missing(confirmed, open)).toEqual([safe('d1')]);
});
