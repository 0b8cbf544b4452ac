import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/history/index.js';
import type { StreamFinding } from '../../../src/jobs/index.js';
import { auditLines } from '../../../src/jobs/lists/runAuditTrail.js';
import {
  type AuditLine,
  type AuditTrailForm,
  auditTrailCsv,
  runAuditTrail,
} from '../../../src/jobs/reports/index.js';
import type { ReceiptIssued } from '../../../src/office/index.js';
import { ask, assess, at, pay, policyWith } from '../../support/account.js';
import { storeWith, tickingStore } from '../../support/stores.js';

describe('auditLine', () => {
  const at = '2026-03-02T09:00:00Z';
  const dayOf = (instant: string) => instant.slice(0, 10);
  const account = { source: 'account', institution: 'north', patronId: 'u1', office: null } as const;

  const assessed = (version: number, commandId?: string) => {
    const data = {
      feeId: `f${version}`,
      feeType: 'OTHER',
      amount: '1.00',
      currency: 'USD',
      owner: 'MAIN',
      at,
    };
    const event = { type: 'FeeAssessed' as const, data, ...(commandId && { metadata: { commandId } }) };
    return { version, recordedAt: at, event };
  };

  describe('the lines of an audit trail', () => {
    it('are one for each command, and one for each event without a command', () => {
      const recorded = [assessed(1, 'a'), assessed(2, 'a'), assessed(3, 'b'), assessed(4), assessed(5)];
      const lines = auditLines(account, recorded, dayOf);
      expect(lines.map(({ commandId, version, events }) => [commandId, version, events.length])).toEqual([
        ['a', 1, 2],
        ['b', 3, 1],
        [null, 4, 1],
        [null, 5, 1],
      ]);
    });

    it('name the patron, the number and the payment of a receipt', () => {
      const by = { channel: 'desk', userId: 'ana' } as const;
      const receipt = {
        series: '2026',
        patronId: 'u7',
        kind: 'payment',
        subjectId: 'p1',
        accountVersion: 2,
      } as const;
      const data = { ...receipt, number: 17, amount: '5.00', currency: 'USD', at, by };
      const event: ReceiptIssued = { type: 'ReceiptIssued', data };
      const series = { source: 'receipts', institution: 'north', patronId: null, office: '2026' } as const;
      const first = {
        source: 'receipts',
        patronId: 'u7',
        office: '2026/17',
        commandId: 'p1',
        user: 'ana',
        reason: null,
      };
      expect(auditLines(series, [{ version: 17, recordedAt: at, event }], dayOf)).toMatchObject([first]);
      // The payment of another patron may have the same id.
      const other = { ...data, patronId: 'u8', number: 18, by: { ...by, userId: 'ben' } };
      const next = { version: 18, recordedAt: at, event: { ...event, data: other } };
      expect(auditLines(series, [{ version: 17, recordedAt: at, event }, next], dayOf)).toMatchObject([
        { ...first, events: ['ReceiptIssued'] },
        { patronId: 'u8', office: '2026/18', user: 'ben', events: ['ReceiptIssued'] },
      ]);
      const closing = {
        type: 'ReceiptSeriesClosed',
        data: { series: '2026', lastNumber: 18, at, by },
      } as const;
      expect(auditLines(series, [{ version: 19, recordedAt: at, event: closing }], dayOf)).toMatchObject([
        { patronId: null, office: '2026/18', commandId: null, user: 'ana', events: ['ReceiptSeriesClosed'] },
      ]);
    });
  });
});

const policy = policyWith({ overpayment: 'credit' });
const form = { institution: 'north', timeZone: 'UTC', from: '2026-03-02', through: '2026-03-02' };
const ana = { channel: 'desk', userId: 'ana', desk: 'CIRC', library: 'MAIN', tillSession: 'CIRC/1' } as const;

async function filled() {
  const store = tickingStore();
  const job = { by: { channel: 'job', userId: 'mo' } as const, metadata: { correlationId: 'night' } };
  await execute(store, policy, { institution: 'north', patronId: 'u1' }, [
    assess('f1', '4.00'),
    pay('p1', '9.00', { by: ana }),
    ask('CancelFee', 'x', { feeId: 'f1', by: ana, approvedBy: { userId: 'bo', upTo: '4' }, reason: 'error' }),
  ]);
  await execute(store, policy, { institution: 'north', patronId: 'u2' }, [assess('f1', '4.00')]);
  await execute(
    store,
    policy,
    { institution: 'north', patronId: 'u2' },
    ask('WaiveFees', 'job 7', { fees: [{ feeId: 'f1' }], reason: 'OTHER', ...job }),
  );
  return store;
}

async function listOf(more: Partial<AuditTrailForm> = {}) {
  const list: AuditLine[] = [];
  for await (const line of runAuditTrail(await filled(), policy, { ...form, ...more })) list.push(line);
  return list;
}

describe('an audit trail', () => {
  it('has one line for each command, with its events', async () => {
    const lines = await listOf();
    expect(
      lines.map(({ patronId, version, commandId, events }) => [patronId, version, commandId, ...events]),
    ).toEqual([
      ['u1', 1, 'f1', 'FeeAssessed'],
      ['u1', 2, 'p1', 'PaymentReceived'],
      ['u1', 3, 'x', 'FeeCancelled', 'CreditIssued'],
      ['u2', 1, 'f1', 'FeeAssessed'],
      ['u2', 2, 'job 7', 'FeeWaived'],
    ]);
    expect(lines[2]).toMatchObject({
      day: '2026-03-02',
      recordedAt: '2026-03-02T10:00:00Z',
      at,
      user: 'ana',
      approvedBy: 'bo',
      approvedUpTo: '4.00',
      channel: 'desk',
      desk: 'CIRC',
      library: 'MAIN',
      tillSession: 'CIRC/1',
      reason: 'error',
      currency: 'USD',
      correlationId: null,
    });
    expect(lines[0]).toMatchObject({ user: null, approvedBy: null, approvedUpTo: null, channel: null });
  });

  it('lists the commands of a user, of a job, and of a day', async () => {
    const ids = async (more: Partial<AuditTrailForm>) =>
      (await listOf(more)).map(({ commandId }) => commandId);
    expect(await ids({ users: ['ana'] })).toEqual(['p1', 'x']);
    expect(await ids({ commandIds: ['job 7'] })).toEqual(['job 7']);
    expect(await ids({ jobIds: ['job 7'] })).toEqual(['job 7']);
    expect(await ids({ jobIds: ['night', 'other'] })).toEqual(['job 7']);
    expect(await ids({ jobIds: ['other'] })).toEqual([]);
    expect(await ids({ from: '2026-03-03', through: '2026-03-04' })).toEqual([]);
    await expect(ids({ through: '2026-03-01' })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('has the amount of a command, over all of its events of one type, and the role of its user', async () => {
    const store = tickingStore();
    const fees = ['f1', 'f2'].map(
      (id) => ({ type: 'AssessFee', id, feeType: 'OTHER', amount: '2.50', owner: 'MAIN', at }) as const,
    );
    const by = { channel: 'desk', userId: 'ana', roles: ['CLERK'] } as const;
    const waiver = {
      type: 'WaiveFees',
      id: 'w',
      fees: fees.map(({ id }) => ({ feeId: id })),
      reason: 'OTHER',
      at,
      by,
    };
    await execute(store, policy, { institution: 'north', patronId: 'u' }, [...fees, waiver as never]);
    const lines = [];
    const roleOf = async (user: string) => (user === 'ana' ? 'CLERK' : null);
    for await (const line of runAuditTrail(store, policy, form, { roleOf })) lines.push(line);
    expect(lines.map(({ commandId, amount, role }) => [commandId, amount, role])).toEqual([
      ['f1', '2.50', null],
      ['f2', '2.50', null],
      ['w', '5.00', 'CLERK'],
    ]);
  });

  it('keeps events without metadata apart', async () => {
    const store = tickingStore();
    const fee = { feeType: 'OTHER', amount: '1.00', currency: 'USD', owner: 'MAIN', at };
    const events = ['f1', 'f2'].map((feeId) => ({ type: 'FeeAssessed' as const, data: { ...fee, feeId } }));
    await store.append({ institution: 'north', patronId: 'u' }, events, { expectedVersion: 0 });
    const lines = [];
    for await (const line of runAuditTrail(store, policy, form)) lines.push(line.commandId);
    expect(lines).toEqual([null, null]);
  });

  it('is written as CSV', async () => {
    let text = '';
    for await (const piece of auditTrailCsv(await listOf({ commandIds: ['x'] }))) text += piece;
    expect(text).toBe(
      'day,recordedAt,at,source,institution,patronId,office,version,commandId,events,user,role,approvedBy,approvedUpTo,channel,library,desk,tillSession,reason,amount,currency,correlationId\r\n' +
        `2026-03-02,2026-03-02T10:00:00Z,${at},account,north,u1,,3,x,FeeCancelled CreditIssued,ana,,bo,4.00,desk,MAIN,CIRC,CIRC/1,error,4.00,USD,\r\n`,
    );
  });

  it('leaves out accounts that cannot be read, and reports them', async () => {
    const store = await filled();
    const error = Object.assign(new Error('x'), {
      name: 'PatronFeesError',
      code: 'INVALID_EVENT',
      details: {},
    });
    const broken = storeWith(store, {
      read: (stream) => (stream.patronId === 'u1' ? Promise.reject(error) : store.read(stream)),
    });
    const findings: StreamFinding[] = [];
    const onFinding = (finding: StreamFinding) => void findings.push(finding);
    const lines = [];
    for await (const { patronId } of runAuditTrail(broken, policy, form, { onFinding })) lines.push(patronId);
    expect(lines).toEqual(['u2', 'u2']);
    expect(findings).toMatchObject([{ patronId: 'u1', code: 'INVALID_EVENT' }]);
  });
});
