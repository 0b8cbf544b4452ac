import { describe, expect, it } from 'vitest';
import { execute, memoryEventStore } from '../../../src/history/index.js';
import { localDay } from '../../../src/job/localDay.js';
import { runPurge } from '../../../src/jobs/index.js';
import { type AdjustmentsForm, runAdjustments, runAuditTrail } from '../../../src/jobs/reports/index.js';
import {
  addTo,
  adjustmentKinds,
  adjustmentsIn,
  figuresOf,
  newSums,
  type Sums,
  sorted,
} from '../../../src/jobs/reports/runAdjustments.js';
import { executeTill } from '../../../src/office/index.js';
import { move, officeStore, open as openTill } from '../../office/till/tills.js';
import { ask, assess, assessLost, at, pay, policyWith, transfer, waive } from '../../support/account.js';
import { accountWith } from '../../support/accountWith.js';
import { storeWith, tickingStore } from '../../support/stores.js';

describe('adjustments', () => {
  const BAD = { label: 'Given up', kind: 'writeOff' } as const;
  const policy = policyWith({ overpayment: 'credit', waiveReasons: { OTHER: 'Other', BAD } });

  const found = (...commands: Parameters<typeof accountWith>[0]) =>
    adjustmentsIn(accountWith(commands, policy), 2, localDay('UTC')).map(({ kind, command, amount }) => [
      kind,
      command,
      amount,
    ]);

  const badly = (id: string, ...feeIds: readonly string[]) =>
    ask('WaiveFees', id, { fees: feeIds.map((feeId) => ({ feeId })), reason: 'BAD' });

  it('joins the parts of a command: waivers, also those that become credits', () => {
    expect(
      found(
        assess('f1', '4.00'),
        assessLost('f2', '20.00'),
        assess('f3', '7.00'),
        transfer('t', 'f3'),
        ask('WaiveFees', 'w', { fees: [{ feeId: 'f1' }, { feeId: 'f2' }, { feeId: 'f3' }], reason: 'OTHER' }),
      ),
    ).toEqual([['waived', 'WaiveFees', 3_100]]);
  });

  it('tells write-offs from waivers', () => {
    expect(
      found(
        assess('f1', '4.00'),
        assessLost('f2', '20.00'),
        assess('f3', '7.00'),
        transfer('t', 'f3'),
        badly('w', 'f1', 'f2', 'f3'),
        assess('f4', '1.00'),
        waive('w2', 'f4'),
      ),
    ).toEqual([
      ['writtenOff', 'WaiveFees', 3_100],
      ['waived', 'WaiveFees', 100],
    ]);
  });

  it('has cancellations with what comes back, refunds, reversals and goodwill', () => {
    expect(
      found(
        assess('f1', '4.00'),
        pay('p1', '3.00'),
        ask('CancelFee', 'x', { feeId: 'f1' }),
        ask('RefundCredit', 'r', { creditId: 'x#1', method: 'CASH', amount: '1.00' }),
        pay('p2', '5.00'),
        ask('ReversePayment', 'rp', { paymentId: 'p2' }),
        ask('IssueCredit', 'g', { amount: '2.00', cause: 'manual', reason: 'GOODWILL' }),
        ask('IssueCredit', 'i', { amount: '9.00', cause: 'imported' }),
        ask('CancelCredit', 'k', { creditId: 'i' }),
      ),
    ).toEqual([
      ['cancelled', 'CancelFee', 400],
      ['refunded', 'RefundCredit', 100],
      ['reversed', 'ReversePayment', 500],
      ['goodwill', 'IssueCredit', 200],
    ]);
  });

  it('counts a waiver once if its fee is cancelled later, as the limit of the command does', () => {
    const limited = policyWith({
      permissions: { CancelFee: { CLERK: { upTo: '20.00' } }, WaiveFees: { CLERK: {} } },
    });
    const by = { channel: 'desk', userId: 'ana', roles: ['CLERK'] } as const;
    const history = accountWith(
      [
        assess('f1', '60.00'),
        { ...waive('w', 'f1', '40.00'), by },
        { ...ask('CancelFee', 'x', { feeId: 'f1' }), by },
        assess('f2', '5.00'),
        { ...waive('w2', 'f2'), by },
        { ...ask('CancelFee', 'x2', { feeId: 'f2' }), by },
      ],
      limited,
    );
    expect(adjustmentsIn(history, 2, localDay('UTC')).map(({ kind, amount }) => [kind, amount])).toEqual([
      ['waived', 4_000],
      ['cancelled', 2_000],
      ['waived', 500],
    ]);
    expect(
      found(
        assessLost('f1', '20.00'),
        pay('p', '5.00'),
        waive('w', 'f1'),
        ask('ReverseWaiver', 'r', { waiverId: 'w' }),
        ask('CancelFee', 'x', { feeId: 'f1' }),
      ).at(-1),
    ).toEqual(['cancelled', 'CancelFee', 2_000]);
  });

  it('has the amount by which a growing fine was lowered, which no person decided', () => {
    const fine = { feeId: 'f1', feeType: 'OVERDUEFINE', owner: 'MAIN' };
    expect(
      found(
        ask('AccrueFine', 'a1', { ...fine, total: '10.00' }),
        pay('p1', '8.00'),
        ask('AccrueFine', 'a2', { ...fine, total: '3.00' }),
      ),
    ).toEqual([['lowered', null, 700]]);
  });

  it('lists the waivers and cancellations of an upheld dispute under the command that resolved it', () => {
    const upheld = (id: string, feeId: string, remedy: 'waive' | 'cancel') =>
      ask('ResolveDispute', id, {
        feeId,
        outcome: 'patronUpheld',
        remedy,
        ...(remedy === 'waive' && { reason: 'OTHER' }),
      });
    expect(
      found(
        assess('f1', '4.00'),
        assess('f2', '5.00'),
        ask('DisputeFee', 'd1', { feeId: 'f1' }),
        ask('DisputeFee', 'd2', { feeId: 'f2' }),
        upheld('e1', 'f1', 'waive'),
        upheld('e2', 'f2', 'cancel'),
        assess('f3', '1.00'),
        waive('w', 'f3'),
      ),
    ).toEqual([
      ['waived', 'ResolveDispute', 400],
      ['cancelled', 'ResolveDispute', 500],
      ['waived', 'WaiveFees', 100],
    ]);
  });

  it('leaves out the return of a lost item, and does not join events without a command', () => {
    expect(
      found(assessLost('f1', '20.00'), pay('p', '20.00'), ask('ReturnLostItem', 'b', { feeIds: ['f1'] })),
    ).toEqual([]);
    const bare = accountWith(
      [assess('f1', '4.00'), waive('w1', 'f1', '1.00'), waive('w2', 'f1', '1.00')],
      policy,
    ).map(({ event: { metadata: _, ...event }, ...row }) => ({ ...row, event: event as never }));
    expect(adjustmentsIn(bare, 2, localDay('UTC'))).toHaveLength(2);
    expect(adjustmentKinds).toHaveLength(7);
  });
});

describe('adjustmentSums', () => {
  const policy = policyWith({ permissions: { WaiveFees: { CLERK: { upTo: '10.00' } } } });
  const waived = {
    kind: 'waived',
    command: 'WaiveFees',
    by: null,
    day: '2026-03-02',
    recordedAt: '2026-03-02T09:00:00Z',
    commandId: 'w',
  } as const;

  it('counts amounts above the limit of the roles; a command that no role may give is always above it', () => {
    const figures = (...roles: readonly string[]) => {
      const sums = newSums(['ana'], 'waived', 'WaiveFees', roles, policy, 2);
      addTo(sums, { ...waived, amount: 1_000, isApproved: true });
      addTo(sums, { ...waived, amount: 1_001, isApproved: false });
      const { count, amount, largest, approved, limit, aboveLimit } = figuresOf(sums, 2);
      return [count, amount, largest, approved, limit, aboveLimit];
    };
    expect(figures('CLERK')).toEqual([2, '20.01', '10.01', 1, '10.00', 1]);
    expect(figures('PAGE')).toEqual([2, '20.01', '10.01', 1, null, 2]);
  });

  it('is sorted by the keys of the rows', () => {
    const rows = ['mo', 'ana'].map((user): [string, Sums] => [
      user,
      newSums([user], 'waived', null, [], policy, 2),
    ]);
    expect(sorted(new Map(rows)).map(({ head }) => head)).toEqual([['ana'], ['mo']]);
  });
});

describe('runAdjustments', () => {
  const open = policyWith({ overpayment: 'credit' });
  const policy = policyWith({
    overpayment: 'credit',
    permissions: {
      WaiveFees: { CLERK: { upTo: '10.00' }, CHIEF: {} },
      CancelFee: { CHIEF: { upTo: '3.00' } },
    },
    approvals: { WaiveFees: { above: '8.00', roles: ['CHIEF'] } },
  });
  const form: AdjustmentsForm = {
    institution: 'north',
    timeZone: 'UTC',
    from: '2026-03-01',
    through: '2026-03-31',
    roles: { ana: ['CLERK'], mo: ['CHIEF', 'CLERK', 'CHIEF'] },
  };
  const by = (userId: string) => ({ channel: 'desk', userId }) as const;

  async function filled() {
    const store = tickingStore();
    await execute(store, open, { institution: 'north', patronId: 'u1' }, [
      assess('f1', '20.00'),
      { ...waive('w1', 'f1', '4.00'), by: by('ana') },
      { ...waive('w2', 'f1', '9.00'), by: by('ana'), approvedBy: { userId: 'mo' } },
      { ...ask('CancelFee', 'x', { feeId: 'f1', amount: '5.00' }), by: by('mo') },
    ]);
    await execute(store, open, { institution: 'north', patronId: 'u2' }, [
      assessLost('f1', '30.00'),
      { ...waive('w1', 'f1', '12.00'), by: by('ana') },
      pay('p', '1.00'),
      ask('ReversePayment', 'r', { paymentId: 'p' }),
    ]);
    return store;
  }

  describe('a report of adjustments', () => {
    it('has the sums of each user and role beside the limits, and counts what is above a limit', async () => {
      const { byUser, byRole, accounts, job } = await runAdjustments(await filled(), policy, form);
      expect([accounts, job.currency]).toEqual([2, 'USD']);
      const free = { permitted: true, limit: null, approvalAbove: null, approved: 0 };
      const clerk = {
        kind: 'waived',
        command: 'WaiveFees',
        count: 3,
        amount: '25.00',
        largest: '12.00',
        approved: 1,
        limit: '10.00',
        permitted: true,
        aboveLimit: 1,
        approvalAbove: '8.00',
      };
      const chief = {
        ...free,
        kind: 'cancelled',
        command: 'CancelFee',
        count: 1,
        amount: '5.00',
        largest: '5.00',
      };
      expect(byUser).toEqual([
        { user: 'ana', channel: 'desk', roles: ['CLERK'], ...clerk },
        { user: 'mo', channel: 'desk', roles: ['CHIEF', 'CLERK'], ...chief, limit: '3.00', aboveLimit: 1 },
        {
          ...free,
          ...{ user: null, channel: null, roles: [], kind: 'reversed', command: 'ReversePayment' },
          ...{ count: 1, amount: '1.00', largest: '1.00', permitted: false, aboveLimit: 1 },
        },
      ]);
      expect(byRole).toEqual([
        { role: 'CHIEF', ...chief, limit: '3.00', aboveLimit: 1 },
        { role: 'CLERK', ...chief, permitted: false, aboveLimit: 1 },
        { role: 'CLERK', ...clerk },
      ]);
    });

    it('has no limits without permissions, and no row outside its days', async () => {
      const { roles: _, ...bare } = form;
      const { byUser, byRole } = await runAdjustments(await filled(), open, bare);
      expect(byRole).toEqual([]);
      expect(
        byUser.map(({ user, limit, permitted, aboveLimit }) => [user, limit, permitted, aboveLimit]),
      ).toEqual([
        ['ana', null, true, 0],
        ['mo', null, true, 0],
        [null, null, true, 0],
      ]);
      const april = { ...form, from: '2026-04-01', through: '2026-04-30' };
      expect(await runAdjustments(await filled(), open, april)).toMatchObject({ byUser: [], accounts: 2 });
    });

    it('lists fines that circulation lowered, without a user or a limit', async () => {
      const store = tickingStore();
      const fine = { feeId: 'f1', feeType: 'OVERDUEFINE', owner: 'MAIN', by: by('ana') };
      await execute(store, open, { institution: 'north', patronId: 'u1' }, [
        ask('AccrueFine', 'a1', { ...fine, total: '10.00' }),
        ask('AccrueFine', 'a2', { ...fine, total: '3.00' }),
      ]);
      const { byUser } = await runAdjustments(store, policy, form);
      expect(byUser).toMatchObject([
        { kind: 'lowered', command: null, amount: '7.00', permitted: true, aboveLimit: 0 },
      ]);
    });

    it('reports accounts that cannot be read or are in another currency', async () => {
      const store = await filled();
      const yen = policyWith({ currency: 'JPY' });
      const other = { institution: 'north', patronId: 'u3' };
      await execute(store, yen, other, [assess('f1', '400'), waive('w', 'f1')]);
      const broken = storeWith(store, {
        read: async (stream) => {
          const slice = await store.read(stream);
          return stream.patronId === 'u1' ? { ...slice, events: slice.events.slice(2) } : slice;
        },
      });
      const { findings, byUser } = await runAdjustments(broken, policy, form);
      expect(findings.byCode).toEqual({ CORRUPT_HISTORY: 1, OTHER_CURRENCY: 1 });
      expect(byUser.map(({ user }) => user)).toEqual(['ana', null]);
    });

    it('takes two spellings of a user as one, and so does the audit trail', async () => {
      const store = tickingStore();
      await execute(store, open, { institution: 'north', patronId: 'u1' }, [
        assess('f1', '20.00'),
        { ...waive('w1', 'f1', '4.00'), by: by('Ana ') },
        { ...waive('w2', 'f1', '4.00'), by: by('ANA') },
      ]);
      const { byUser, findings } = await runAdjustments(store, policy, form);
      expect(byUser).toMatchObject([{ user: 'ana', roles: ['CLERK'], count: 2, limit: '10.00' }]);
      expect(findings.count).toBe(0);
      const { roles: _, ...days } = form;
      const listed: (string | null)[] = [];
      for await (const { user } of runAuditTrail(store, policy, { ...days, users: ['ana'] }))
        listed.push(user);
      expect(listed).toEqual(['Ana ', 'ANA']);
    });

    it('finds waivers that a user divided into parts, and lists the users whose limits are unknown', async () => {
      const store = tickingStore();
      const parts = ['w1', 'w2', 'w3'].map((id) => ({ ...waive(id, 'f1', '4.00'), by: by('ana') }));
      const patron = { institution: 'north', patronId: 'u1' };
      await execute(store, open, patron, [assess('f1', '20.00'), assess('f2', '20.00')]);
      for (const command of parts) await execute(store, open, patron, command);
      const { splits } = await runAdjustments(store, policy, form);
      const split = { day: '2026-03-02', user: 'ana', command: 'WaiveFees', patronId: 'u1', office: null };
      const ids = parts.map(({ id }) => id);
      expect(splits).toEqual([{ ...split, limit: '8.00', count: 3, amount: '12.00', commandIds: ids }]);
      const { roles: _, ...days } = form;
      const unknown = await runAdjustments(store, policy, days);
      expect(unknown.splits).toMatchObject([{ limit: '8.00' }]);
      expect(unknown.findings.first).toMatchObject([
        { code: 'ROLES_UNKNOWN', user: 'ana', institution: 'north' },
      ]);
      const april = await runAdjustments(store, policy, {
        ...days,
        from: '2026-04-01',
        through: '2026-04-30',
      });
      expect([april.splits, april.findings.count]).toEqual([[], 0]);
    });

    it('finds office commands that a user divided into parts, and lists the approved ones', async () => {
      const strict = policyWith({
        permissions: { OpenTill: { CLERK: {} }, MoveTillMoney: { CLERK: { upTo: '50.00' } } },
        approvals: { MoveTillMoney: { above: '40.00', roles: ['CHIEF'] } },
      });
      const office = officeStore();
      const till = { institution: 'north', till: 'CIRC' };
      const clerk = (userId: string) => ({ ...by(userId), roles: ['CLERK'] });
      const approvedBy = { userId: 'MO', roles: ['CHIEF'], upTo: '45.00' };
      const given = [
        { ...openTill('CIRC/1', '500.00'), by: clerk('ana') },
        ...['m1', 'm2', 'm3'].map((id) => ({ ...move(id, 'out', '20.00'), by: clerk('ana') })),
        { ...move('m4', 'out', '45.00'), by: clerk('ben'), approvedBy },
      ];
      for (const command of given)
        expect(await executeTill(office, strict, till, command)).toMatchObject({
          decision: { accepted: true },
        });
      const stores = { accounts: tickingStore(), office };
      const { splits, approvals, findings } = await runAdjustments(stores, strict, form);
      const split = {
        user: 'ana',
        command: 'MoveTillMoney',
        patronId: null,
        office: 'till:CIRC',
        amount: '60.00',
      };
      expect(splits).toMatchObject([{ ...split, limit: '40.00' }]);
      expect(approvals).toMatchObject([
        {
          commandId: 'm4',
          user: 'ben',
          approvedBy: 'mo',
          approvedUpTo: '45.00',
          amount: '45.00',
          currency: 'USD',
        },
      ]);
      expect(findings.first).toMatchObject([{ code: 'ROLES_UNKNOWN', user: 'ben' }]);

      const yen = policyWith({ currency: 'JPY' });
      const foreign = await runAdjustments(stores, yen, form);
      expect([foreign.splits, foreign.approvals.length, foreign.findings.byCode]).toEqual([
        [],
        1,
        { OTHER_CURRENCY: 1 },
      ]);
      const broken = { ...office, read: async () => ({ version: 2, events: [] }) };
      expect((await runAdjustments({ ...stores, office: broken }, strict, form)).findings.byCode).toEqual({
        CORRUPT_HISTORY: 1,
      });
    });

    it('lists an approved purge once, whether the office has it, as with seals, or only its account', async () => {
      const strict = policyWith({ approvals: { Purge: { roles: ['DIRECTOR'] } } });
      const accounts = memoryEventStore({ now: () => at });
      const stores = { accounts, office: officeStore() };
      for (const patronId of ['p1', 'p2'])
        await execute(accounts, strict, { institution: 'north', patronId }, [
          { type: 'AssessFee', id: 'f', feeType: 'OTHER', amount: '5', owner: 'MAIN', at },
          { type: 'ReceivePayment', id: 'p', amount: '5', method: 'CASH', at },
        ]);
      const now = '2036-06-01T09:00:00Z';
      const purge = { jobId: 'j', institution: 'north', timeZone: 'UTC', at: now, settledForDays: 30 };
      const people = {
        by: { userId: 'mo', roles: ['USER_MANAGER'] },
        approvedBy: { userId: 'di', roles: ['DIRECTOR'] },
      };
      const recorded = {
        purgeId: 'j',
        patronId: 'p2',
        version: 2,
        seal: 1,
        at,
        by: { channel: 'job' },
      } as const;
      const event = {
        type: 'PurgeRecorded',
        data: { ...recorded, approvedBy: { userId: 'di' } },
        metadata: { correlationId: 'j' },
      } as const;
      await stores.office.append({ institution: 'north', stream: 'purges:p2' }, [event], {
        expectedVersion: 0,
      });
      const result = await runPurge(stores, strict, { ...purge, ...people }, { now });
      expect(result).toMatchObject({ report: { purged: 2 } });
      const { approvals } = await runAdjustments(stores, strict, form);
      const approval = {
        command: 'Purge',
        commandId: 'j',
        approvedBy: 'di',
        approvedUpTo: null,
        amount: null,
      };
      expect(approvals).toMatchObject([
        { ...approval, office: 'purges:p1', user: 'mo' },
        { ...approval, office: 'purges:p2', user: null },
      ]);
      expect((await runAdjustments(accounts, strict, form)).approvals).toEqual([]);
      expect(
        (await runAdjustments(stores, strict, { ...form, from: '2030-01-01', through: '2030-01-31' }))
          .approvals,
      ).toEqual([]);
    });

    it('rejects a wrong form', async () => {
      const wrong = { ...form, roles: { ana: 'CLERK' }, at: 'now' };
      const faults = [{ path: 'form.at' }, { path: 'form.roles.ana' }];
      const details = { faults: faults.map((fault) => expect.objectContaining(fault)) };
      await expect(runAdjustments(tickingStore(), policy, wrong as never)).rejects.toMatchObject({ details });
      expect(at).toBe('2026-03-02T09:00:00Z');
    });
  });
});
