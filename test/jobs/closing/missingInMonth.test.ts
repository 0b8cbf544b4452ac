import { closeMonth, type MissingInMonth, verifySeals } from 'patron-fees/closing';
import { execute } from 'patron-fees/history';
import {
  type BankCommand,
  type BankItem,
  executeBank,
  executeTill,
  issueReceipt,
  type TillCommand,
} from 'patron-fees/office';
import { expect, it } from 'vitest';
import { depositsNotAtBank } from '../../../src/jobs/closing/missingInMonth.js';
import type { FeePolicy } from '../../../src/policy/feePolicy.js';
import { bankAfter, cash, confirm, depositFromSafe, end, part, reverse } from '../../office/bank/banks.js';
import { by, close, open, tillAfter } from '../../office/till/tills.js';
import { after, emptyBooks, explained, institution, timeZone } from '../../seals/sealedBooks.js';
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

it('checks only what the policy asks for, and finds takings that are recorded months later', async () => {
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

/** A till whose deposits of 62.00 leave on several days, and a bank that confirms some of them. */
async function deposits() {
  const books = emptyBooks();
  const { stores, clock } = books;
  const policy = policyWith(lenient);
  let count = 0;
  const giro = { institution, bank: 'GIRO' };
  const give = async (now: string, command: BankCommand) => {
    clock.now = now;
    expect(await executeBank(stores.office, policy, giro, command)).toMatchObject({
      decision: { accepted: true },
    });
  };
  return {
    ...books,
    policy,
    deposit: async (day: string) => {
      count += 1;
      const at = `${day}T18:00:00Z`;
      clock.now = at;
      const sessionId = `s${count}`;
      const counts = [{ method: 'CASH', amount: '112' }];
      for (const command of [
        { type: 'OpenTill', id: sessionId, float: '50', at, by },
        { type: 'CloseTill', id: `c${count}`, sessionId, takings: [], counts, at, by },
      ] as const)
        await executeTill(stores.office, policy, till, command);
      return sessionId;
    },
    fromSafe: (day: string, id: string) => {
      const at = `${day}T18:00:00Z`;
      return give(at, { type: 'DepositFromSafe', id, amount: '30', at, by });
    },
    confirm: (bookedOn: string, item: BankItem) => {
      const { amount } = item;
      const entry = { id: `b${item.amount}${bookedOn}`, entryId: bookedOn, bookedOn, amount, items: [item] };
      const at = `${bookedOn}T20:00:00Z`;
      return give(at, { type: 'ConfirmBankEntry', ...entry, at, by });
    },
    notAtBank: async (month: string, more: object = {}) => {
      const form = { institution, month, timeZone, at: after(month), format: 'csv', ...more } as const;
      clock.now = form.at;
      const files = temporaryFolder();
      const result = await closeMonth(stores, policy, form, { folder: books.folder, files });
      if (!result.accepted) throw new Error(JSON.stringify(result.rejection));
      const found = result.report.missing.find(({ code }) => code === 'NOT_AT_BANK');
      return found?.code === 'NOT_AT_BANK' ? [found.count, ...found.first.map(({ day }) => day)] : [];
    },
  };
}

const ofTill = (sessionId: string) =>
  ({ kind: 'deposit', till: 'CIRC', sessionId, method: 'CASH', amount: '62.00' }) as const;
const ofSafe = { kind: 'safeDeposit', depositId: 'd1', method: 'CASH', amount: '30.00' } as const;

it('lists deposits that the bank has not received in the allowed days, until an entry confirms them', async () => {
  const { deposit, fromSafe, confirm, notAtBank } = await deposits();
  const never = await deposit('2026-01-12');
  const came = await deposit('2026-01-13');
  await fromSafe('2026-01-14', 'd1');
  await confirm('2026-01-15', ofTill(came));
  // The bank may take ten days: its deadline is after the end of the month.
  await deposit('2026-01-21');
  expect(await notAtBank('2026-01')).toEqual([2, '2026-01-12', '2026-01-14']);
  expect(await notAtBank('2026-01', { depositsWithinDays: 9 })).toEqual([
    3,
    '2026-01-12',
    '2026-01-14',
    '2026-01-21',
  ]);
  await confirm('2026-02-02', ofSafe);
  expect(await notAtBank('2026-02')).toEqual([2, '2026-01-12', '2026-01-21']);
  await confirm('2026-03-03', ofTill(never));
  expect(await notAtBank('2026-03')).toEqual([1, '2026-01-21']);
});

it('does not list deposits if no bank is used, nor those from before its first use', async () => {
  const { deposit, fromSafe, confirm, notAtBank } = await deposits();
  await deposit('2026-01-12');
  await fromSafe('2026-01-14', 'd1');
  const first = await deposit('2026-02-10');
  await deposit('2026-02-11');
  expect(await notAtBank('2026-01')).toEqual([]);
  expect(await notAtBank('2026-02')).toEqual([]);
  await confirm('2026-03-12', ofTill(first));
  expect(await notAtBank('2026-03')).toEqual([]);
  await confirm('2026-02-12', ofSafe);
  expect(await notAtBank('2026-03')).toEqual([1, '2026-02-11']);
  expect(await notAtBank('2026-03', { depositsFrom: '2026-01-12' })).toEqual([2, '2026-01-12', '2026-02-11']);
});

it('lists no deposit while a bank account cannot be read', async () => {
  const { deposit, confirm, notAtBank, stores, folder, policy } = await deposits();
  await deposit('2026-01-12');
  await confirm('2026-01-15', ofTill(await deposit('2026-01-13')));
  expect(await notAtBank('2026-01')).toEqual([1, '2026-01-12']);
  const broken = { institution, stream: 'bank:BROKEN' };
  const undo = { reversalId: 'u', recordId: 'x', currency: 'USD', amount: '1.00', at: after('2026-01'), by };
  const event = { type: 'BankRecordReversed', data: undo, metadata: { commandId: 'u', commandDigest: 'd' } };
  await stores.office.append(broken, [event as never], { expectedVersion: 0 });
  const { findings } = await verifySeals(stores, policy, { institution }, { folder });
  expect(await notAtBank('2026-02', { known: explained(findings.first) })).toEqual([]);
});

it('refuses an invalid number of days before anything is sealed', async () => {
  const { notAtBank, stores } = await deposits();
  await expect(notAtBank('2026-01', { depositsWithinDays: -1 })).rejects.toThrow('form.depositsWithinDays');
  await expect(notAtBank('2026-01', { depositsFrom: 'March' })).rejects.toThrow('form.depositsFrom');
  expect((await stores.office.read({ institution, stream: 'seals:' })).events).toEqual([]);
});

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
