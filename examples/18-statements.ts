// Statements of account for 10,000 patrons, quarter by quarter: each opens with the closing balance of the one before.
import assert from 'node:assert/strict';
import Database from 'libsql';
import { decide, emptyAccount } from 'patron-fees';
import { accountStatement, runStatements, statementHtml, statementText } from 'patron-fees/reports';
import { migrate, sqliteEventStore } from 'patron-fees/sqlite';
import { generatedPatrons, institution, patronCount, policy } from './support/generatedPatrons.js';

const database = new Database(':memory:');
migrate(database);
const store = sqliteEventStore(database);
const names = new Map<string, string>();
for (const { patronId, name, commands } of generatedPatrons(patronCount)) {
  names.set(patronId, name);
  const { events } = decide(commands, emptyAccount(), policy);
  let version = 0;
  // Each event is recorded when it happened, as at a desk.
  for (const event of events) {
    const how = { expectedVersion: version, recordedAt: event.data.at };
    version = (await store.append({ institution, patronId }, [event], how)).version;
  }
}

/** Converts an amount to cents, so that sums are exact. */
const cents = (amount: string) => Math.round(Number(amount) * 100);

/** Makes the statements of a period, and adds up their opening balances, their lines and their closing balances. */
async function sums(period: { from?: string; before?: string }) {
  const total = { opening: 0, moved: 0, closing: 0, statements: 0 };
  const patronOf = ({ patronId }: { patronId: string }) => ({ name: names.get(patronId) ?? patronId });
  for await (const { statement } of runStatements(store, policy, { institution, ...period }, { patronOf })) {
    const { opening, lines, closing } = statement;
    total.opening += cents(opening.balance);
    for (const { amount } of lines) total.moved += cents(amount);
    total.closing += cents(closing.balance);
    total.statements += 1;
  }
  assert.equal(total.opening + total.moved, total.closing);
  return total;
}

const [april, july] = ['2026-04-01T00:00:00-04:00', '2026-07-01T00:00:00-04:00'];
const quarters = [
  await sums({ before: april }),
  await sums({ from: april, before: july }),
  await sums({ from: july }),
];
const whole = await sums({});
assert.equal(whole.statements, patronCount);
assert.deepEqual(
  quarters.map(({ opening }) => opening),
  [0, quarters[0]?.closing, quarters[1]?.closing],
);
assert.equal(quarters[2]?.closing, whole.closing);

// One statement for its patron, in the patron's language and time zone: as text, and as a page for screen readers.
const { events } = await store.read({ institution, patronId: 'u0000001' });
const statement = accountStatement(events, policy, { patron: { name: names.get('u0000001') ?? '' } });
const reader = { locale: 'en-US', timeZone: 'America/New_York' };
assert.match(statementHtml(statement, reader), /<h2 [^>]*>Movements</);
const text = statementText(statement, reader);
assert.match(text, /Closing balance\nBalance: \$/);

console.log(text);
console.log(
  `${whole.statements} statements, total balance ${(whole.closing / 100).toFixed(2)} ${policy.currency}`,
);
await store.close();
