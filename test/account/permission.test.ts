import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsByCommand } from '../../src/account/commands/commandFields.js';
import {
  type Command,
  type CommandActor,
  type CommandType,
  decide,
  type Permissions,
  permissionFor,
  permittedCommands,
  type Rejection,
} from '../../src/index.js';
import { bulkWaiveOfAccount } from '../../src/institution/index.js';
import {
  acceptedEvents,
  accountAfter,
  ask,
  assess,
  assessLost,
  pay,
  policyWith,
  transfer,
  waive,
} from '../support/account.js';
import { tried } from '../support/seeded.js';

const permissions: Permissions = {
  AssessFee: { CLERK: {} },
  ReceivePayment: { CLERK: {} },
  WaiveFees: { CLERK: { upTo: '10' }, CHIEF: { upTo: '50.00' }, DIRECTOR: {} },
  CancelFee: { CHIEF: { upTo: '5.00' } },
};
const policy = policyWith({ permissions, overpayment: 'credit' });
const open = policyWith({ overpayment: 'credit' });
const by = (...roles: readonly string[]): CommandActor => ({
  channel: 'desk',
  userId: 'ana',
  library: 'MAIN',
  roles,
});
const account = accountAfter([assess('f1', '30.00'), assessLost('f2', '40.00'), assess('f3', '4.00')], open);

const refusal = (command: Command, more: Partial<Command> = {}): Rejection | null => {
  const decision = decide({ ...command, ...more } as Command, account, policy);
  return decision.accepted ? null : decision.rejection;
};

describe('permissions', () => {
  it('let a role give a command up to its amount', () => {
    expect(refusal(waive('w', 'f1', '10.00'), { by: by('CLERK') })).toBeNull();
    expect(refusal(waive('w', 'f1', '10.01'), { by: by('CLERK') })).toEqual({
      type: 'NotPermitted',
      kind: 'forbidden',
      commandType: 'WaiveFees',
      needs: ['CHIEF', 'DIRECTOR'],
      limit: '10.00',
      amount: '10.01',
    });
    expect(refusal(waive('w', 'f1', '10.01'), { by: by('CLERK', 'CHIEF') })).toBeNull();
    expect(refusal(waive('w', 'f1'), { by: by('DIRECTOR', 'CLERK') })).toBeNull();
  });

  it('name the roles that may give it, also those whose limit is exactly the amount', () => {
    const rules = policyWith({
      permissions: {
        WaiveFees: { CLERK: { upTo: '10.00' }, LEAD: { upTo: '29.99' }, CHIEF: { upTo: '30.00' } },
      },
    });
    expect(decide({ ...waive('w', 'f1', '30.00'), by: by('CLERK') }, account, rules)).toMatchObject({
      rejection: { type: 'NotPermitted', amount: '30.00', needs: ['CHIEF'] },
    });
  });

  it('compare the amount that was decided, of all fees, and of waivers that become credits', () => {
    const all = ask('WaiveFees', 'w', { fees: [{ feeId: 'f1' }, { feeId: 'f2' }], reason: 'OTHER' });
    expect(refusal(all, { by: by('CHIEF') })).toMatchObject({
      limit: '50.00',
      amount: '70.00',
      needs: ['DIRECTOR'],
    });
    expect(refusal(waive('w', 'f2', '10.01'), { by: by('CLERK') })).toMatchObject({ amount: '10.01' });
    const paid = accountAfter([assess('f1', '6.00'), pay('p1', '6.00')], open);
    const decision = decide(ask('CancelFee', 'x', { feeId: 'f1', by: by('CHIEF') }), paid, policy);
    expect(decision).toMatchObject({
      rejection: { type: 'NotPermitted', limit: '5.00', amount: '6.00', needs: [] },
    });
  });

  it('compare the sum of the parts of a credit that is applied, and no amount of a dispute', () => {
    const rules = policyWith({
      permissions: { ApplyCredit: { CLERK: { upTo: '3.00' } }, DisputeFee: { CLERK: { upTo: '0.01' } } },
    });
    const credit = ask('IssueCredit', 'c', { amount: '9.00', cause: 'manual', reason: 'GOODWILL' });
    const rich = accountAfter([assess('f1', '2.00'), assess('f2', '6.00'), credit], open);
    const use = (amount: string) =>
      decide(ask('ApplyCredit', 'a', { creditId: 'c', amount, by: by('CLERK') }), rich, rules);
    expect(use('3.00').accepted).toBe(true);
    expect(use('3.01')).toMatchObject({ rejection: { type: 'NotPermitted', amount: '3.01' } });
    expect(decide(ask('DisputeFee', 'd', { feeId: 'f1', by: by('CLERK') }), rich, rules).accepted).toBe(true);
  });

  it('compare a settlement with what was paid above the pending amount, also if that is undone', () => {
    const rules = policyWith({
      permissions: {
        SettleTransfer: { CLERK: { upTo: '9.00' } },
        ReverseSettlement: { CLERK: { upTo: '9.00' } },
      },
    });
    const sent = accountAfter([assess('f1', '5.00'), transfer('t', 'f1')], open);
    const settle = (amount: string) =>
      ask('SettleTransfer', 's', { transferId: 't', amount, by: by('CLERK') });
    expect(decide(settle('9.00'), sent, rules).accepted).toBe(true);
    expect(decide(settle('9.01'), sent, rules)).toMatchObject({
      rejection: { type: 'NotPermitted', limit: '9.00', amount: '9.01' },
    });
    const settled = accountAfter([settle('20.00')], open, sent);
    const undo = (after: readonly Command[], amount: string) => {
      const then = accountAfter(after, open, settled);
      const shortfallFee = { feeId: 'new', feeType: 'OTHER', owner: 'MAIN' };
      return decide(
        ask('ReverseSettlement', 'u', { settlementId: 's', amount, shortfallFee, by: by('CLERK') }),
        then,
        rules,
      );
    };
    const cancelled = ask('CancelCredit', 'k', { creditId: 's#1', reason: 'OTHER' });
    const used = [assess('f2', '15.00'), ask('ApplyCredit', 'a', { creditId: 's#1' })];
    for (const after of [[], [cancelled], used]) {
      expect(undo(after, '9.00').accepted).toBe(true);
      expect(undo(after, '9.01')).toMatchObject({ rejection: { type: 'NotPermitted', amount: '9.01' } });
    }
  });

  it('refuse other roles, nobody, and commands that no role may give', () => {
    const none = { limit: null, amount: null };
    expect(refusal(waive('w', 'f1'), { by: by('PAGE') })).toMatchObject({
      needs: ['CLERK', 'CHIEF', 'DIRECTOR'],
      ...none,
    });
    expect(refusal(waive('w', 'f1'))).toMatchObject({ type: 'NotPermitted', ...none });
    expect(refusal(waive('w', 'f1'), { by: by('toString') })).toMatchObject({
      type: 'NotPermitted',
      ...none,
    });
    expect(refusal(ask('DisputeFee', 'd', { feeId: 'f1' }), { by: by('DIRECTOR') })).toMatchObject({
      needs: [],
      ...none,
    });
  });

  it('let patrons pay and dispute, whatever roles they claim', () => {
    for (const channel of ['online', 'selfCheck'] as const) {
      const patron = { channel, userId: 'p', roles: ['DIRECTOR'] };
      expect(refusal(pay('p', '1.00'), { by: patron })).toBeNull();
      expect(refusal(ask('DisputeFee', 'd', { feeId: 'f1' }), { by: patron })).toBeNull();
      expect(refusal(waive('w', 'f1'), { by: patron })).toMatchObject({ type: 'NotPermitted', limit: null });
    }
  });

  it('do not apply to what circulation computes', () => {
    const automatic = assess('f9', '1.00', { by: { channel: 'job' } });
    expect(refusal(automatic)).toBeNull();
    expect(refusal(assess('f9', '1.00'))).toBeNull();
    expect(refusal(automatic, { automatic: false })).toMatchObject({ type: 'NotPermitted' });
    expect(refusal(assess('f9', '1.00', { by: by('PAGE') }))).toMatchObject({ type: 'NotPermitted' });
    expect(refusal(ask('ReturnLostItem', 'r', { feeIds: ['f2'] }))).toBeNull();
    const fine = { feeId: 'f9', feeType: 'OVERDUEFINE', total: '1.00', owner: 'MAIN' };
    expect(refusal(ask('AccrueFine', 'a', fine))).toBeNull();
  });

  it('come after repeats and before rules, and roles are never recorded', () => {
    const clerk = { ...waive('w', 'f1', '1.00'), by: by('CLERK') };
    const events = acceptedEvents(decide(clerk, account, policy));
    expect(JSON.stringify(events)).not.toContain('CLERK');
    expect(events[0]?.data.by).toEqual({ channel: 'desk', userId: 'ana', library: 'MAIN' });
    const waived = accountAfter([clerk], policy, account);
    expect(decide({ ...clerk, by: by('PAGE') }, waived, policy)).toMatchObject({
      accepted: true,
      events: [],
    });
    expect(refusal(waive('w', 'unknown'), { by: by('PAGE') })?.type).toBe('NotPermitted');
    expect(refusal(waive('w', 'unknown'), { by: by('CLERK') })?.type).toBe('FeeNotFound');
  });

  it('change nothing about a command that they let through', () => {
    const amounts = fc.integer({ min: 1, max: 3_000 }).map((cents) => (cents / 100).toFixed(2));
    fc.assert(
      fc.property(amounts, fc.subarray(['CLERK', 'CHIEF', 'DIRECTOR', 'PAGE']), (amount, roles) => {
        const command = { ...waive('w', 'f1', amount), by: by(...roles) };
        const [decision, free] = [decide(command, account, policy), decide(command, account, open)];
        const { permitted, limit } = permissionFor(policy, 'WaiveFees', roles);
        const isWithin = permitted && (limit === null || Number(amount) <= Number(limit));
        expect(decision.accepted).toBe(isWithin);
        if (decision.accepted) expect(decision).toEqual(free);
      }),
      tried(300),
    );
  });
});

describe('the permission for a command', () => {
  it('is the highest of the roles', () => {
    const free = { permitted: true, limit: null, rejection: null };
    expect(permissionFor(policy, 'WaiveFees', ['CLERK', 'CHIEF'])).toEqual({ ...free, limit: '50.00' });
    expect(permissionFor(policy, 'WaiveFees', ['CHIEF', 'CLERK'])).toEqual({ ...free, limit: '50.00' });
    expect(permissionFor(policy, 'WaiveFees', ['DIRECTOR', 'CHIEF'])).toEqual(free);
    expect(permissionFor(policy, 'AccrueFine', [])).toEqual(free);
    expect(permissionFor(open, 'WaiveFees', [])).toEqual(free);
  });

  it('has the rejection of the decision, for roles that may not give the command', () => {
    for (const [roles, command] of [
      [['PAGE', 'toString'], waive('w', 'f1')],
      [[], ask('CancelFee', 'x', { feeId: 'f1' })],
      [['DIRECTOR'], ask('DisputeFee', 'd', { feeId: 'f1' })],
    ] as const) {
      const { permitted, limit, rejection } = permissionFor(policy, command.type, roles);
      expect({ permitted, limit }).toEqual({ permitted: false, limit: null });
      expect(rejection).toMatchObject({ type: 'NotPermitted', kind: 'forbidden' });
      expect(rejection).toEqual(refusal(command, { by: by(...roles) }));
    }
  });

  it('is about every command but those of circulation', () => {
    const office = ['OpenTill', 'MoveTillMoney', 'CloseTill', 'RecordRemittance', 'ReverseRemittance'];
    const computed = ['AccrueFine', 'ReturnLostItem'] satisfies CommandType[] as string[];
    expect([...permittedCommands].sort()).toEqual(
      [...Object.keys(fieldsByCommand), 'MergeAccounts', 'SeparateAccounts', ...office]
        .filter((type) => !computed.includes(type))
        .sort(),
    );
  });
});

describe('a bulk waive', () => {
  it('checks the roles of its actor, patron by patron', () => {
    const form = {
      jobId: 'j',
      at: '2026-03-02T09:00:00Z',
      actor: { userId: 'mo', roles: ['USER_MANAGER', 'CLERK'] },
      institution: 'north',
      reason: 'OTHER',
    };
    const patron = { patronId: 'p', group: 'STUDENT', hasOverdueLoans: false };
    const small = accountAfter([assess('f1', '9.00')], open);
    expect(bulkWaiveOfAccount(small, patron, form, policy).events).toHaveLength(1);
    const { entry, events } = bulkWaiveOfAccount(account, patron, form, policy);
    expect(events).toEqual([]);
    expect(entry.because).toMatchObject({ type: 'NotPermitted', limit: '10.00', amount: '74.00' });
  });
});
