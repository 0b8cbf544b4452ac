// A check-out desk: whether a patron owes too much is decided, and the loan, its fee and the table of accounts are written, in
// one transaction.
import assert from 'node:assert/strict';
import Database from 'libsql';
import { type Command, definePolicy, parseAmount } from 'patron-fees';
import { execute } from 'patron-fees/history';
import { findAccounts, inlineAccounts, migrate, rebuildAccounts, sqliteEventStore } from 'patron-fees/sqlite';
import { summary } from 'patron-fees/views';
import { table } from './support/table.js';

const LIMIT = '10.00';
const institution = 'north';
const policy = definePolicy({ currency: 'USD' });

const database = new Database(':memory:'); // a file, at a real desk
migrate(database);
database.exec('create table loan (item text primary key, patron_id text not null, due_at text not null)');
const store = sqliteEventStore(database, { inline: [inlineAccounts] });
await rebuildAccounts(database);

type CheckOut = Readonly<Record<'item' | 'patronId' | 'fee' | 'at', string>>;

/** Lends an item unless its patron owes more than the limit. Both the loan and its fee are stored, or neither. */
async function checkOut({ item, patronId, fee, at }: CheckOut): Promise<string> {
  const stream = { institution, patronId };
  // From its begin to its commit nothing else runs, so nobody can charge or lend in between.
  return store.transaction([stream], (transaction) => {
    const { payable } = summary(transaction.load(stream).account, policy);
    if (parseAmount(payable, 2) > parseAmount(LIMIT, 2)) throw new Error(`owes ${payable}`);
    database.prepare("insert into loan values (?, ?, date(?, '+14 days'))").run(item, patronId, at);
    const charge: Command = {
      type: 'AssessFee',
      id: `loan of ${item}`,
      feeType: 'SERVICEFEE',
      amount: fee,
      owner: 'MAIN',
      at,
    };
    const { decision } = transaction.execute(policy, stream, charge);
    if (!decision.accepted) throw new Error(decision.rejection.type);
    return 'lent';
  });
}

const at = '2026-03-02T09:00:00Z';
const desk = (item: string, patronId: string, fee: string) =>
  checkOut({ item, patronId, fee, at }).catch((error: Error) => error.message);
const answers = [
  await desk('dvd-1', 'dverma', '6.00'),
  await desk('dvd-2', 'dverma', '6.00'), // owes 6.00 so far, which is not above the limit
  await desk('dvd-3', 'dverma', '6.00'),
];
assert.deepEqual(answers, ['lent', 'lent', 'owes 12.00']);

// A loan that cannot be written leaves no fee behind, and a refused fee no loan.
assert.match(await desk('dvd-1', 'jlee', '6.00'), /UNIQUE/);
assert.match(await desk('dvd-4', 'jlee', '6.005'), /InvalidCommand/);
assert.equal((await store.read({ institution, patronId: 'jlee' })).version, 0);
assert.equal(database.prepare('select item from loan').all().length, 2);

// The table changed with every loan: one indexed query finds who owes too much.
const { accounts } = await findAccounts(database, {
  institution,
  currency: 'USD',
  owner: 'MAIN',
  owedAbove: LIMIT,
});
assert.deepEqual(
  accounts.map(({ patronId, owed }) => [patronId, owed]),
  [['dverma', '12.00']],
);

// Once the patron has paid, the desk lends again.
const payment: Command = { type: 'ReceivePayment', id: 'p1', amount: '5.00', method: 'CASH', at };
await execute(store, policy, { institution, patronId: 'dverma' }, payment);
answers.push(await desk('dvd-3', 'dverma', '1.00'));
assert.equal(answers[3], 'lent');

console.log(table(answers.map((answer, index) => ({ 'check-out': String(index + 1), answer }))));
database.close();
