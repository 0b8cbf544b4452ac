import { expect, it } from 'vitest';
import { type BankAccount, noBankAccount } from '../../../src/office/bank/bankAccount.js';
import type { BankEvent, BankItem } from '../../../src/office/bank/bankEvents.js';
import { bankAmounts, givenBefore } from '../../../src/office/bank/bankRequest.js';
import { bankAfter, book, cash, confirm, depositFromSafe, end, part, reverse } from './banks.js';

const difference = { kind: 'overShort', amount: '-990.00' } as const;
const returned: BankItem = {
  kind: 'returned',
  patronId: 'ann',
  reversalId: 'v',
  method: 'CHECK',
  amount: '-5.00',
};
const elsewhere = { tills: new Map(), remittances: new Map() };

it('lists the amount of an entry and of its difference or negative items, also for its reversal', () => {
  const short = { ...confirm('c1', '10', cash('1000')), difference };
  const { account, events } = bankAfter(short, reverse('u1', 'c1'));
  expect(events.map((event) => bankAmounts(event, account))).toEqual([
    ['10.00', '-990.00'],
    ['10.00', '-990.00'],
  ]);
  const [netted] = bankAfter(confirm('c1', '57', cash(), returned)).events;
  expect(netted && bankAmounts(netted, noBankAccount)).toEqual(['57.00', '-5.00']);
});

it('lists the ended amount, and who confirmed and ended parts before, at other accounts too', () => {
  const { account, events } = bankAfter(
    confirm('c1', '40', part('40')),
    end('e1', part('22')),
    book('b', '-4'),
  );
  expect(events.slice(2).map((event) => bankAmounts(event, account))).toEqual([['-4.00']]);
  const [, ended] = events as [BankEvent, BankEvent];
  expect(bankAmounts(ended, account)).toEqual(['22.00']);
  const given = (state: BankAccount, ...others: readonly BankAccount[]) => {
    const named = new Map(others.map((other, n) => [`B${n}`, other]));
    return givenBefore(ended, { state, others: named }, elsewhere).map(({ commandType }) => commandType);
  };
  expect(given(account)).toEqual(['ConfirmBankEntry', 'EndBankItem']);
  expect(given(noBankAccount, account)).toEqual(['ConfirmBankEntry', 'EndBankItem']);
  expect(given(noBankAccount)).toEqual([]);
});

it('lists who made a confirmed deposit, and who recorded what is reversed', () => {
  const safe: BankItem = { kind: 'safeDeposit', depositId: 'd1', method: 'CASH', amount: '300.00' };
  const { account, events } = bankAfter(
    depositFromSafe('d1', '300'),
    confirm('c1', '300', safe),
    reverse('u', 'c1'),
  );
  expect(events.map((event) => givenBefore(event, { state: account, others: new Map() }, elsewhere))).toEqual(
    [
      [],
      [{ commandType: 'DepositFromSafe', userId: 'fin' }],
      [{ commandType: 'ConfirmBankEntry', userId: 'fin' }],
    ],
  );
});
