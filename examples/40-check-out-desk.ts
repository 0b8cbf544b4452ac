// A check-out desk: one indexed query says whether a patron owes too much; the loan, its fee and the table of accounts are
// written in one transaction.
import assert from 'node:assert/strict';
import Database from 'libsql';
import { type Command, definePolicy } from 'patron-fees';
import { execute } from 'patron-fees/history';
import { findAccounts, inlineAccounts, migrate, rebuildAccounts, sqliteEventStore } from 'patron-fees/sqlite';
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
  database.exec('begin immediate');
  try {
    // Queried within the transaction, so that nobody can charge or lend in between. It throws if the account cannot be read.
    const question = { institution, currency: 'USD', patronId, owedAbove: LIMIT };
    const [owing] = (await findAccounts(database, question)).accounts;
    if (owing !== undefined) throw new Error(`owes ${owing.owed} on ${owing.openFees} fees`);
    database.prepare("insert into loan values (?, ?, date(?, '+14 days'))").run(item, patronId, at);
    const charge: Command = {
      type: 'AssessFee',
      id: `loan of ${item}`,
      feeType: 'SERVICEFEE',
      amount: fee,
      owner: 'MAIN',
      at,
    };
    const { decision } = await execute(store.within(database), policy, { institution, patronId }, charge);
    if (!decision.accepted) throw new Error(decision.rejection.type);
    database.exec('commit');
    return 'lent';
  } catch (error) {
    if (database.inTransaction) database.exec('rollback');
    throw error;
  }
}

const at = '2026-03-02T09:00:00Z';
const desk = (item: string, patronId: string, fee: string) =>
  checkOut({ item, patronId, fee, at }).catch((error: Error) => error.message);
const answers = [
  await desk('dvd-1', 'dverma', '6.00'),
  await desk('dvd-2', 'dverma', '6.00'), // owes 6.00 so far, which is not above the limit
  await desk('dvd-3', 'dverma', '6.00'),
];
assert.deepEqual(answers, ['lent', 'lent', 'owes 12.00 on 2 fees']);

// A loan that cannot be written leaves no fee behind, and a refused fee no loan.
assert.match(await desk('dvd-1', 'jlee', '6.00'), /UNIQUE/);
assert.match(await desk('dvd-4', 'jlee', '6.005'), /InvalidCommand/);
assert.equal((await store.read({ institution, patronId: 'jlee' })).version, 0);
assert.equal(database.prepare('select item from loan').all().length, 2);

// Once the patron has paid, the desk lends again: the table changes with the payment.
const payment: Command = { type: 'ReceivePayment', id: 'p1', amount: '5.00', method: 'CASH', at };
await execute(store, policy, { institution, patronId: 'dverma' }, payment);
answers.push(await desk('dvd-3', 'dverma', '1.00'));
assert.equal(answers[3], 'lent');

console.log(table(answers.map((answer, index) => ({ 'check-out': String(index + 1), answer }))));
database.close();
