import { expect, it } from 'vitest';
import type { BankEntry } from '../../../src/jobs/bank/bankEntry.js';
import { camtStatement } from '../../../src/jobs/bank/camtStatement.js';

const entry = (bookedOn: string, amount: string, text = ''): BankEntry => ({
  ...{ entryId: `${bookedOn}/${amount}`, account: null, bookedOn, amount, currency: 'EUR' },
  ...{ references: [text], parts: [] },
});

const closing = new Map([
  ['Tp/CdOrPrtry/Cd', 'CLBD'],
  ['Amt', '5.00'],
  ['Amt#', 'EUR'],
  ['CdtDbtInd', 'CRDT'],
  ['Dt/DtTm', '2026-03-04T23:59:00Z'],
]);

it('a message with several statements gives each one its own number, balances and sum', () => {
  const statement = camtStatement();
  statement.text('GrpHdr/MsgPgntn/PgNb', '2', 100);
  statement.begin();
  for (const content of ['S', '1 ']) statement.text('Stmt/Id', content, 100);
  statement.text('Stmt/LglSeqNb', '44', 1);
  statement.text('Stmt/Acct/Id/Othr/Id', 'A1', 100);
  statement.text('Stmt/Other', 'x', 100);
  statement.balance(closing);
  statement.entry(entry('2026-03-04', '7.00'));
  statement.entry(entry('2026-03-03', '-2.00'));
  const { sha256: first, ...said } = statement.end();
  expect(said).toEqual({
    ...{ statementId: 'S1', account: 'A1', number: '4', page: '2', currency: 'EUR', opening: null },
    closing: { amount: '5.00', day: '2026-03-04', isInterim: false },
    ...{ firstDay: '2026-03-03', sum: '5.00' },
  });
  statement.begin();
  const { sha256: second, ...nothing } = statement.end();
  expect(nothing).toEqual({
    ...{ statementId: '', account: null, number: null, page: '2', currency: null, opening: null },
    ...{ closing: null, firstDay: null, sum: null },
  });
  expect(second).not.toBe(first);
});

it('two statements have the same SHA-256 only if their entries are the same', () => {
  const hashOf = (...entries: readonly BankEntry[]) => {
    const statement = camtStatement();
    statement.begin();
    for (const each of entries) statement.entry(each);
    return statement.end().sha256;
  };
  const [one, two] = [entry('2026-03-04', '7.00'), entry('2026-03-05', '7.00')];
  expect(hashOf(one, two)).toBe(hashOf(one, two));
  const others = [
    hashOf(one),
    hashOf(two, one),
    hashOf(one, entry('2026-03-05', '7.00', 'a')),
    hashOf(one, two),
  ];
  expect(new Set(others).size).toBe(4);
});

it('entries in another currency than the balance are not summed', () => {
  const statement = camtStatement();
  statement.begin();
  statement.balance(new Map([...closing, ['Amt#', 'CHF']]));
  statement.entry(entry('2026-03-04', '5.00'));
  expect(statement.end()).toMatchObject({ currency: 'CHF', sum: null });
});

it('balances of another kind, without a currency or without an amount are ignored', () => {
  const statement = camtStatement();
  statement.begin();
  statement.balance(new Map([...closing, ['Tp/CdOrPrtry/Cd', 'CLAV']]));
  statement.balance(new Map([...closing, ['Amt#', '']]));
  statement.balance(new Map([...closing, ['Amt', '']]));
  statement.balance(new Map());
  expect(statement.end()).toMatchObject({ closing: null });
});
