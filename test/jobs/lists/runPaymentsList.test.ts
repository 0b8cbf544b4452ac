import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/history/index.js';
import type { AccountFinding } from '../../../src/jobs/index.js';
import {
  type PaymentLine,
  paymentsListCsv,
  runPaymentsList,
  runPaymentsReport,
} from '../../../src/jobs/reports/index.js';
import { issueReceipt } from '../../../src/office/index.js';
import { payHousehold } from '../../../src/patron/index.js';
import { officeStore } from '../../office/till/tills.js';
import { ask, assess, at, pay, policyWith } from '../../support/account.js';
import { errorOf } from '../../support/events.js';
import { storeWith, tickingStore } from '../../support/stores.js';

const policy = policyWith({ overpayment: 'credit' });
const by = { channel: 'desk', userId: 'ana', desk: 'CIRC', library: 'MAIN', tillSession: 'CIRC/1' } as const;
const form = { institution: 'north', timeZone: 'UTC', from: '2026-03-02', through: '2026-03-02' };

async function filled() {
  const store = tickingStore();
  await execute(store, policy, { institution: 'north', patronId: 'u1' }, [
    assess('f1', '4.00'),
    assess('f2', '6.00'),
    pay('p1', '15.00', { by }),
    ask('RefundCredit', 'r1', { creditId: 'p1#1', method: 'CASH', by }),
    ask('ReverseRefund', 'rr1', { refundId: 'r1', by: { ...by, tillSession: 'CIRC/2' } }),
    pay('p2', '1.00', { at: '2026-03-03T09:00:00Z', by }),
  ]);
  await execute(store, policy, { institution: 'north', patronId: 'u2' }, [
    pay('p1', '2.00', { method: 'CHECK' }),
    ask('ReversePayment', 'rp', { paymentId: 'p1' }),
  ]);
  return store;
}

async function listOf(lines: AsyncIterable<PaymentLine>) {
  const list: PaymentLine[] = [];
  for await (const line of lines) list.push(line);
  return list;
}

describe('a list of payments', () => {
  it('has one line for each payment, reversal and refund of the period, which sum to the report', async () => {
    const store = await filled();
    const lines = await listOf(runPaymentsList(store, policy, form));
    expect(
      lines.map(({ patronId, kind, id, tillSession, net }) => [patronId, kind, id, tillSession, net]),
    ).toEqual([
      ['u1', 'gross', 'p1', 'CIRC/1', '15.00'],
      ['u1', 'refunded', 'r1', 'CIRC/1', '-5.00'],
      ['u1', 'refundsReversed', 'rr1', 'CIRC/2', '5.00'],
      ['u2', 'gross', 'p1', null, '2.00'],
      ['u2', 'reversed', 'rp', null, '-2.00'],
    ]);
    const { total } = await runPaymentsReport(store, policy, form);
    expect(lines.reduce((sum, { net }) => sum + Number(net), 0)).toBe(Number(total.net));
    expect(lines.filter(({ kind }) => kind === 'gross')).toHaveLength(total.payments);
  });

  it('includes waivers and their reversals, which change no till, if the form says so', async () => {
    const store = await filled();
    await execute(store, policy, { institution: 'north', patronId: 'u3' }, [
      assess('f1', '4.00'),
      assess('f2', '6.00'),
      ask('WaiveFees', 'w1', { fees: [{ feeId: 'f1' }, { feeId: 'f2', amount: '1' }], reason: 'OTHER', by }),
      pay('p1', '2.00', { feeIds: ['f2'], by }),
      ask('ReverseWaiver', 'rw', { waiverId: 'w1', by: { ...by, tillSession: 'CIRC/2' } }),
      ask('WaiveFees', 'later', { fees: [{ feeId: 'f1' }], reason: 'OTHER', at: '2026-03-03T09:00:00Z' }),
    ]);
    const lines = await listOf(runPaymentsList(store, policy, { ...form, waivers: true }));
    const ofU3 = lines.filter(({ patronId }) => patronId === 'u3');
    expect(ofU3.map(({ kind, method, reason, amount, net }) => [kind, method, reason, amount, net])).toEqual([
      ['waived', null, 'OTHER', '4.00', '0.00'],
      ['waived', null, 'OTHER', '1.00', '0.00'],
      ['gross', 'CASH', null, '2.00', '2.00'],
      ['waiversReversed', null, null, '4.00', '0.00'],
    ]);
    expect(ofU3[0]).toMatchObject({ desk: 'CIRC', user: 'ana', tillSession: 'CIRC/1', day: '2026-03-02' });
    const without = await listOf(runPaymentsList(store, policy, form));
    expect(lines.filter(({ kind }) => !kind.startsWith('waive'))).toEqual(without);
    const ofSession = { ...form, waivers: true, tillSessions: ['CIRC/2'] };
    expect((await listOf(runPaymentsList(store, policy, ofSession))).map(({ kind }) => kind)).toEqual([
      'refundsReversed',
      'waiversReversed',
    ]);
  });

  it('is filtered like the report', async () => {
    const store = await filled();
    const ids = async (more: object) =>
      (await listOf(runPaymentsList(store, policy, { ...form, ...more }))).map(({ id }) => id);
    expect(await ids({ tillSessions: ['CIRC/2'] })).toEqual(['rr1']);
    expect(await ids({ desks: ['CIRC'], through: '2026-03-03' })).toEqual(['p1', 'r1', 'rr1', 'p2']);
    await expect(ids({ tillSessions: [''] })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('is written as CSV', async () => {
    const lines = runPaymentsList(await filled(), policy, { ...form, tillSessions: ['CIRC/2'] });
    let text = '';
    for await (const piece of paymentsListCsv(lines)) text += piece;
    expect(text).toBe(
      'day,at,recordedAt,kind,id,institution,patronId,library,desk,channel,user,tillSession,method,reason,amount,net,currency\r\n' +
        `2026-03-02,${at},2026-03-02T10:00:00Z,refundsReversed,rr1,north,u1,MAIN,CIRC,desk,ana,CIRC/2,CASH,,5.00,5.00,USD\r\n`,
    );
  });

  it('leaves out accounts that cannot be read, and reports them', async () => {
    const store = await filled();
    const broken = storeWith(store, {
      read: async (stream) => {
        const slice = await store.read(stream);
        return stream.patronId === 'u1' ? { ...slice, events: slice.events.slice(2) } : slice;
      },
    });
    const findings: AccountFinding[] = [];
    const lines = await listOf(
      runPaymentsList(broken, policy, form, {
        onFinding: (finding) => {
          findings.push(finding);
        },
      }),
    );
    expect(lines.map(({ patronId }) => patronId)).toEqual(['u2', 'u2']);
    expect(findings).toMatchObject([{ patronId: 'u1', code: 'CORRUPT_HISTORY' }]);
  });

  it('has only the payments without a numbered receipt, if the form says so', async () => {
    const [accounts, office] = [await filled(), officeStore()];
    const institution = 'north';
    const patronIds = ['u4', 'u5'];
    await execute(accounts, policy, { institution, patronId: 'u5' }, assess('f1', '2.00'));
    await payHousehold(accounts, policy, {
      institution,
      patronIds,
      id: 'h',
      amount: '3',
      method: 'CASH',
      at,
    });
    for (const patronId of patronIds)
      await execute(accounts, policy, { institution, patronId }, pay('own', '1.00', { by }));
    const stores = { accounts, office };
    const missing = async () =>
      (await listOf(runPaymentsList(stores, policy, { ...form, withoutReceipt: true })))
        .map(({ patronId, kind, id }) => [patronId, kind, id].join(' '))
        .sort();
    expect(await missing()).toEqual([
      'u1 gross p1',
      'u2 gross p1',
      'u4 gross h',
      'u4 gross own',
      'u5 gross h',
      'u5 gross own',
    ]);
    const receipt = { institution, kind: 'payment', series: '2026', at, by } as const;
    await issueReceipt(stores, policy, { ...receipt, patronId: 'u1', subjectId: 'p1' });
    await issueReceipt(stores, policy, { ...receipt, patronId: 'u4', subjectId: 'h', others: ['u5'] });
    expect(await missing()).toEqual(['u2 gross p1', 'u4 gross own', 'u5 gross own']);
    const alone = errorOf(() => runPaymentsList(accounts, policy, { ...form, withoutReceipt: true }));
    expect(alone.details.faults).toMatchObject([{ path: 'stores.office' }]);
  });
});
