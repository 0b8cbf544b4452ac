import { expect, it } from 'vitest';
import type { DeclaredTakings } from '../../../src/books/payments/declaredTakings.js';
import { execute, memoryEventStore } from '../../../src/history/index.js';
import { runPaymentsReport } from '../../../src/jobs/reports/index.js';
import { rowsOfSession, unknownSession } from '../../../src/jobs/reports/tillReportRow.js';
import {
  executeTill,
  type MethodAmount,
  officeEvents,
  runTillReport,
  type TillSession,
  tillTakings,
} from '../../../src/office/index.js';
import type { FeePolicy } from '../../../src/policy/feePolicy.js';
import { by, close, move, open, tillAfter } from '../../office/till/tills.js';
import { pay, policyWith } from '../../support/account.js';

// What closings of tills do not declare: a cashier who takes money is found, an honest one is never accused.

const day = { institution: 'north', timeZone: 'UTC', from: '2026-03-02', through: '2026-03-02' };
const usual = policyWith({ overpayment: 'credit' });
const till = { institution: 'north', till: 'CIRC' };

/** A day at a desk: what happens is recorded at the given time, unless the desk was offline. */
async function desk(policy: FeePolicy = usual) {
  const clock = { now: '2026-03-02T09:00:00Z' };
  const now = () => clock.now;
  const stores = {
    accounts: memoryEventStore({ now }),
    office: memoryEventStore({ now, codec: officeEvents }),
  };
  const time = (hours: string) => {
    clock.now = hours.includes('T') ? hours : `2026-03-02T${hours}:00Z`;
    return clock.now;
  };
  const patron = { institution: 'north', patronId: 'ann' };
  const atTill = { ...by, tillSession: 's1' };
  let count = 0;
  const accepted = <Result extends { readonly decision: { readonly accepted: boolean } }>(result: Result) => {
    expect(result.decision).toMatchObject({ accepted: true });
    return result;
  };
  accepted(
    await executeTill(stores.office, policy, till, {
      type: 'OpenTill',
      id: 's1',
      float: '50',
      at: clock.now,
      by,
    }),
  );
  return {
    take: async (hours: string, amount: string, method = 'CASH') => {
      count += 1;
      const payment = pay(`p${count}`, amount, { at: time(hours), by: atTill, method });
      accepted(await execute(stores.accounts, policy, patron, [payment]));
      return payment.id;
    },
    reverse: async (hours: string, paymentId: string) => {
      const reversal = {
        type: 'ReversePayment',
        id: `r${paymentId}`,
        paymentId,
        at: time(hours),
        by: atTill,
      } as const;
      accepted(await execute(stores.accounts, policy, patron, [reversal]));
    },
    /** Pays a credit out in cash, which was money of another day. */
    refund: async (hours: string, amount: string) => {
      const atDay = '2026-03-01T09:00:00Z';
      const payment = pay('earlier', '20', { at: atDay, by });
      accepted(await execute(stores.accounts, policy, patron, [payment]));
      const credit = { type: 'RefundCredit', id: 'refund', creditId: 'earlier#1', amount } as const;
      accepted(
        await execute(stores.accounts, policy, patron, [
          { ...credit, method: 'CASH', at: time(hours), by: atTill },
        ]),
      );
    },
    report: async (hours: string) => {
      time(hours);
      return runPaymentsReport(stores.accounts, policy, {
        ...day,
        recordedBefore: clock.now,
        columns: ['tillSession', 'method'],
      });
    },
    close: async (
      hours: string,
      takings: readonly MethodAmount[],
      counts: readonly MethodAmount[],
      takenUntil?: string,
    ) => {
      const at = time(hours);
      const closing = { type: 'CloseTill', id: 'c1', sessionId: 's1', takings, counts, at } as const;
      const ben = { ...by, userId: 'ben' };
      const until = takenUntil === undefined ? {} : { takenUntil };
      accepted(await executeTill(stores.office, policy, till, { ...closing, by: ben, ...until }));
    },
    found: async (form = day) => {
      const { findings, rows, total } = await runTillReport(stores, policy, { ...form, dayOf: 'recordedAt' });
      const first = findings.first.map((finding) =>
        'amount' in finding ? `${finding.code} ${finding.method} ${finding.amount}` : finding.code,
      );
      return { first, findings: findings.first, rows, total };
    },
  };
}

const cash = (amount: string): readonly MethodAmount[] => [{ method: 'CASH', amount }];

it('finds cash that the closing does not declare', async () => {
  const { take, close, found } = await desk();
  await take('09:10', '200');
  await close('18:00', cash('0'), cash('50'));
  const { first, findings, rows, total } = await found();
  expect(first).toEqual(['UNDECLARED_TAKINGS CASH 200.00']);
  expect(findings[0]).toMatchObject({ closedBy: 'ben', declared: '0.00', recorded: '200.00' });
  expect(rows[0]).toMatchObject({ undeclared: '200.00', recordedLater: '0.00', difference: '0.00' });
  expect(total).toMatchObject({ undeclared: '200.00', recordedLater: '0.00' });
});

it('finds undeclared cash even if the closing claims that its report is from the morning', async () => {
  const { take, close, found } = await desk();
  await take('09:10', '200');
  await close('18:00', cash('0'), cash('50'), '2026-03-02T09:05:00Z');
  expect((await found()).first).toEqual(['UNDECLARED_TAKINGS CASH 200.00']);
});

it('names the amount that the closing declares too much for another method', async () => {
  const { take, close, found } = await desk();
  await take('09:10', '20');
  const takings = [{ method: 'CHECK', amount: '20' }];
  await close('18:00', takings, [...cash('50'), { method: 'CHECK', amount: '20' }]);
  const { findings } = await found();
  expect(findings).toMatchObject([
    { code: 'UNDECLARED_TAKINGS', method: 'CASH', declaredTooMuch: [{ method: 'CHECK', amount: '20.00' }] },
  ]);
});

it('finds money that is recorded for a closed session and was not counted, also in a later month', async () => {
  const { take, close, found } = await desk();
  await take('09:10', '20');
  await close('18:00', cash('20'), cash('70'));
  await take('18:30', '5');
  expect((await found()).first).toEqual(['TAKINGS_LATE CASH 5.00']);
  await take('2026-04-03T10:00:00Z', '7');
  const april = { ...day, from: '2026-04-01', through: '2026-04-30' };
  expect((await found(april)).first).toEqual(['TAKINGS_LATE CASH 7.00']);
});

it('finds nothing for counted payments between the report and the closing', async () => {
  for (const counting of ['17:50', '18:30']) {
    const { take, report, close, found } = await desk();
    await take('09:10', '20');
    const { recordedBefore, ...rest } = await report('17:45');
    await take('17:48', '5');
    const until = recordedBefore ?? undefined;
    await close(counting, tillTakings(rest as never, 's1'), cash('75'), until);
    const { first, rows } = await found();
    expect(first).toEqual([]);
    expect(rows[0]).toMatchObject({ difference: '5.00', undeclared: '0.00', recordedLater: '5.00' });
  }
});

it('finds nothing undeclared if the report is recent and later money was not counted yet', async () => {
  const { take, report, close, found } = await desk();
  await take('09:10', '20');
  const until = (await report('17:55')).recordedBefore as string;
  await take('17:57', '5');
  await close('18:00', cash('20'), cash('70'), until);
  expect((await found()).first).toEqual(['TAKINGS_LATE CASH 5.00']);
});

it('finds nothing for a terminal that closes by itself, if the policy leaves its method out', async () => {
  const own = policyWith({ overpayment: 'credit', tillMethods: ['CASH'] });
  for (const [policy, expected] of [
    [own, []],
    [usual, ['UNDECLARED_TAKINGS CREDIT_CARD 30.00']],
  ] as const) {
    const { take, close, found } = await desk(policy);
    await take('09:10', '20');
    await take('09:20', '30', 'CREDIT_CARD');
    await close('18:00', cash('20'), cash('70'));
    expect((await found()).first).toEqual(expected);
  }
});

it('finds nothing for a desk that was offline, in any order of its payments', async () => {
  for (const sent of ['before', 'after']) {
    const { take, close, found } = await desk();
    const next = '2026-03-03T08:00:00Z';
    if (sent === 'before') await take(next, '20');
    await close('2026-03-03T08:30:00Z', cash('20'), cash('70'), '2026-03-02T18:00:00Z');
    if (sent === 'after') await take('2026-03-03T08:40:00Z', '20');
    expect((await found({ ...day, through: '2026-03-03' })).first).toEqual([]);
  }
});

it('finds nothing for refunds and for payments that were undone', async () => {
  const before = await desk();
  await before.reverse('10:00', await before.take('09:10', '20'));
  await before.close('18:00', cash('0'), cash('50'));
  expect((await before.found()).first).toEqual([]);
  const between = await desk();
  const paymentId = await between.take('17:40', '20');
  await between.reverse('17:58', paymentId);
  await between.close('18:00', cash('0'), cash('50'));
  expect((await between.found()).first).toEqual([]);
  const after = await desk();
  const counted = await after.take('09:10', '20');
  await after.close('18:00', cash('20'), cash('70'));
  await after.reverse('18:30', counted);
  expect((await after.found()).first).toEqual([]);
});

it('finds nothing for a credit paid out before, between or after the report and the count', async () => {
  const before = await desk();
  await before.take('09:10', '20');
  await before.refund('10:00', '5');
  await before.close('18:00', cash('15'), cash('65'));
  expect((await before.found()).first).toEqual([]);
  // The report has 20, and five of them went out before the count.
  const between = await desk();
  await between.take('09:10', '20');
  const until = (await between.report('17:50')).recordedBefore as string;
  await between.refund('17:55', '5');
  await between.close('18:00', cash('20'), cash('65'), until);
  const { first, rows } = await between.found();
  expect(first).toEqual([]);
  expect(rows[0]).toMatchObject({ difference: '-5.00', undeclared: '0.00', recordedLater: '-5.00' });
  const after = await desk();
  await after.take('09:10', '20');
  await after.close('18:00', cash('20'), cash('70'));
  await after.refund('18:30', '5');
  expect((await after.found()).first).toEqual([]);
});

const zero = { reversed: '0.00', refunded: '0.00', refundsReversed: '0.00' };
const row = { ...zero, tillSession: 'CRIC/1', method: 'CASH', payments: 2, gross: '7.50', net: '7.50' };

it('is the finding for payments with a session that no till has', () => {
  expect(unknownSession(row, new Map([['CIRC/1', 1]]))).toEqual({
    code: 'TILL_SESSION_UNKNOWN',
    sessionId: 'CRIC/1',
    method: 'CASH',
    payments: 2,
    takings: '7.50',
    message: '7.50 by CASH are for the session CRIC/1, which no readable till has',
  });
});

it('is absent for a known session, and for money that did not pass through a till', () => {
  expect(unknownSession(row, new Map([['CRIC/1', 1]]))).toBeNull();
  expect(unknownSession({ ...row, tillSession: null }, new Map())).toBeNull();
});

const rowsOf = (session: TillSession | undefined, declared: readonly DeclaredTakings[] = []) => {
  const taken = [{ method: 'CARD', payments: 2, net: '9.00' }];
  return rowsOfSession('CIRC', session as TillSession, taken as never, declared, 2);
};

it('has a row for the method of the float and for each method that is now recorded', () => {
  const [cash, card, ...more] = rowsOf(tillAfter(open(), move('m1', 'out', '20.00')).sessions[0]);
  expect(cash).toMatchObject({ method: 'CASH', float: '50.00', moved: '-20.00', takings: '0.00' });
  expect(cash).toMatchObject({ closedAt: null, expected: null, recordedLater: null });
  expect(card).toMatchObject({ method: 'CARD', float: '0.00', moved: '0.00', payments: 2, takings: '9.00' });
  expect(more).toEqual([]);
});

it('has the counted amount, and the amount that was recorded after the count', () => {
  const [cash, card] = rowsOf(tillAfter(open(), close('c1', '7.25', '57.00')).sessions[0]);
  expect(cash).toMatchObject({ closedBy: 'ben', expected: '57.25', counted: '57.00', difference: '-0.25' });
  expect([cash?.recordedLater, card?.recordedLater]).toEqual(['-7.25', '9.00']);
});

it('separates undeclared amounts from amounts that were recorded later', () => {
  const card = {
    method: 'CARD',
    declared: 0n,
    recorded: 900n,
    undeclared: 600n,
    later: 300n,
    uncovered: 300n,
  };
  const [, row] = rowsOf(tillAfter(open(), close('c1', '7.25', '57.00')).sessions[0], [card]);
  expect([row?.takings, row?.undeclared, row?.recordedLater]).toEqual(['9.00', '6.00', '3.00']);
});
