import { closeMonth, type MissingInMonth } from 'patron-fees/closing';
import { execute } from 'patron-fees/history';
import { executeTill, issueReceipt, type TillCommand } from 'patron-fees/office';
import { expect, it } from 'vitest';
import type { FeePolicy } from '../../../src/policy/feePolicy.js';
import { by } from '../../office/till/tills.js';
import { after, emptyBooks, institution, timeZone } from '../../seals/sealedBooks.js';
import { pay, policyWith } from '../../support/account.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const till = { institution, till: 'CIRC' };
const clerk = { ...by, roles: ['CLERK'] };
const lenient = { overpayment: 'credit' } as const;
const CLERK = { CLERK: {} };
const strict = policyWith({
  ...lenient,
  receipts: 'always',
  permissions: {
    ReceivePayment: CLERK,
    OpenTill: CLERK,
    CloseTill: { CLERK: { upTo: '5.00' } },
    AcceptTillDifference: CLERK,
  },
});

/** A till of January that is 10.00 short, does not declare 20.00 and gets 7.00 later, and money of another session. */
async function january(policy: FeePolicy) {
  const books = emptyBooks();
  const { stores, clock } = books;
  const run = async (now: string, command: TillCommand) => {
    clock.now = now;
    expect(await executeTill(stores.office, policy, till, command)).toMatchObject({
      decision: { accepted: true },
    });
  };
  const take = async (id: string, now: string, amount: string, tillSession: string) => {
    clock.now = now;
    const payment = pay(id, amount, { at: now, by: { ...clerk, tillSession } });
    const { decision } = await execute(stores.accounts, policy, { institution, patronId: 'p' }, [payment]);
    expect(decision.accepted).toBe(true);
  };
  const start = '2026-01-20T15:00:00Z';
  await run(start, { type: 'OpenTill', id: 's1', float: '50', at: start, by: clerk });
  await take('p1', '2026-01-20T16:00:00Z', '20', 's1');
  await take('p2', '2026-01-20T16:00:00Z', '3', 'mistyped');
  const closing = { type: 'CloseTill', id: 'c1', sessionId: 's1', takings: [], by: clerk } as const;
  const end = '2026-01-20T20:00:00Z';
  await run(end, { ...closing, counts: [{ method: 'CASH', amount: '40' }], at: end });
  await take('p3', '2026-01-21T15:00:00Z', '7', 's1');
  const close = async (month: string) => {
    const form = { institution, month, timeZone, at: after(month), format: 'csv' } as const;
    clock.now = form.at;
    const result = await closeMonth(stores, policy, form, { folder: books.folder, files: temporaryFolder() });
    if (!result.accepted) throw new Error(JSON.stringify(result.rejection));
    return result.report.missing;
  };
  return { ...books, run, take, close };
}

const short = (missing: readonly MissingInMonth[]) =>
  missing.map((each) => ('count' in each ? `${each.code} ${each.count}` : each.code));

it('lists what tills do not declare, money of unknown sessions, differences and payments without a receipt', async () => {
  const { close } = await january(strict);
  const missing = await close('2026-01');
  expect(short(missing)).toEqual([
    'TILL_DIFFERENCE 1',
    'UNDECLARED_TAKINGS 1',
    'TAKINGS_LATE 1',
    'TILL_SESSION_UNKNOWN 1',
    'NO_RECEIPT 3',
  ]);
  expect(missing[0]).toMatchObject({
    first: [{ till: 'CIRC', sessionId: 's1', difference: '10.00', above: '5.00' }],
  });
  expect(missing[1]).toMatchObject({ first: [{ method: 'CASH', amount: '20.00', declared: '0.00' }] });
  expect(missing[4]).toMatchObject({ first: [{ id: 'p1' }, { id: 'p2' }, { id: 'p3' }] });
});

it('lists the difference in every month until another user has accepted it, and receipts until they are issued', async () => {
  const { close, run, stores, clock } = await january(strict);
  await close('2026-01');
  expect(short(await close('2026-02'))).toEqual(['TILL_DIFFERENCE 1']);
  const at = '2026-03-02T15:00:00Z';
  await run(at, {
    type: 'AcceptTillDifference',
    id: 'a1',
    sessionId: 's1',
    at,
    by: { ...clerk, userId: 'mo' },
  });
  expect(await close('2026-03')).toEqual([]);
  clock.now = at;
  for (const subjectId of ['p1', 'p2', 'p3']) {
    const form = { institution, patronId: 'p', kind: 'payment', subjectId, series: '2026', at, by } as const;
    await issueReceipt(stores, strict, form);
  }
  expect(short(await close('2026-01'))).not.toContain('NO_RECEIPT 3');
});

it('asks for neither where the policy says nothing about them, and finds takings that come months later', async () => {
  const { close, take } = await january(policyWith(lenient));
  expect(short(await close('2026-01'))).toEqual([
    'UNDECLARED_TAKINGS 1',
    'TAKINGS_LATE 1',
    'TILL_SESSION_UNKNOWN 1',
  ]);
  await take('p4', '2026-02-20T15:00:00Z', '9', 's1');
  const [late, ...more] = await close('2026-02');
  expect(late).toMatchObject({
    code: 'TAKINGS_LATE',
    count: 1,
    first: [{ sessionId: 's1', amount: '9.00' }],
  });
  expect(more).toEqual([]);
});
