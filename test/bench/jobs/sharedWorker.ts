// One of the processes that share a job: forked by measureShared.ts, which sends it the rounds to run.
import { institution, policy } from '../../../examples/support/generatedPatrons.js';
import { type AccruingLoan, runAccrual } from '../../../src/jobs/index.js';
import { openShared } from '../../support/sharedStore.js';
import { patronIdOf } from './filledStore.js';
import { books, main } from './jobs.js';

/** A night of one of `of` processes: each patron has a new overdue loan. */
export type Night = { readonly round: number; readonly index: number; readonly of: number };

/** What a process has done in a night: the accounts that it charged, and its processor time, in microseconds. */
export type Worked = { readonly charged: number; readonly cpu: number };

const [place = '', accounts = ''] = process.argv.slice(2);
const { store } = await openShared(JSON.parse(place));
const at = '2026-11-25T02:00:00Z';

function* newLoans(round: number): Generator<AccruingLoan> {
  for (let n = 0; n < Number(accounts); n++) {
    const loan = { patronId: patronIdOf(n), loanId: `loan-${round}-${n}`, dueAt: '2026-11-10T20:00:00Z' };
    yield { ...loan, owner: 'MAIN', rule: 'books', calendar: 'MAIN' };
  }
}

process.on('message', async ({ round, index, of }: Night) => {
  const form = { jobId: `night-${round}`, institution, at, rules: { books }, calendars: { MAIN: main } };
  const before = process.cpuUsage();
  const { total } = await runAccrual(store, policy, form, { loans: newLoans(round), shard: { index, of } });
  const { user, system } = process.cpuUsage(before);
  process.send?.({ charged: total.charged.count, cpu: user + system } satisfies Worked);
});
process.send?.('ready');
