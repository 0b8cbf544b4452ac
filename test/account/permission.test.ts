import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsByCommand } from '../../src/account/commands/parseCommand.js';
import {
  type Command,
  type CommandActor,
  type CommandType,
  decide,
  fold,
  type Permissions,
  permissionFor,
  permittedCommands,
  type Rejection,
} from '../../src/index.js';
import { bulkWaiveOfAccount } from '../../src/jobs/bulkWaive/bulkWaiveOfAccount.js';
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
  it('require the permission SecondUser for a second user in a list, so that a second name does not double a limit', () => {
    const rules = policyWith({ permissions: { ...permissions, SecondUser: { CHIEF: {} } } });
    const two = (userId: string, ...roles: readonly string[]) => [
      { ...waive('w1', 'f1', '8.00'), by: by('CLERK') },
      { ...waive('w2', 'f1', '8.00'), by: { ...by(...roles), userId } },
    ];
    expect(decide(two('ben', 'CLERK'), account, rules)).toMatchObject({
      commandIndex: 1,
      rejection: {
        type: 'NotPermitted',
        commandType: 'SecondUser',
        needs: ['CHIEF'],
        limit: null,
        amount: null,
      },
    });
    expect(decide(two('ben', 'CHIEF'), account, rules).accepted).toBe(true);
    // Another spelling is the same user, whose limit holds for both.
    expect(decide(two(' ANA ', 'CLERK'), account, rules)).toMatchObject({
      rejection: { type: 'NotPermitted', commandType: 'WaiveFees', amount: '16.00' },
    });
    const computed = { ...assess('f9', '1.00'), by: { channel: 'job', userId: 'night' } } as Command;
    expect(decide([computed, two('ben', 'CLERK')[0] as Command], account, rules).accepted).toBe(true);
    expect(decide(two('ben', 'CLERK'), account, open).accepted).toBe(true);
  });

  it('let a role give a command up to the amount of its limit', () => {
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

  it('name the roles that may give it, including those whose limit is exactly the amount', () => {
    const rules = policyWith({
      permissions: {
        WaiveFees: { CLERK: { upTo: '10.00' }, LEAD: { upTo: '29.99' }, CHIEF: { upTo: '30.00' } },
      },
    });
    expect(decide({ ...waive('w', 'f1', '30.00'), by: by('CLERK') }, account, rules)).toMatchObject({
      rejection: { type: 'NotPermitted', amount: '30.00', needs: ['CHIEF'] },
    });
  });

  it('compare the limit with the decided amount of all fees, waivers that become credits included', () => {
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

  it('compare the limit with the sum of all parts of an applied credit, and with no amount for a dispute', () => {
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

  const fee = assess('f1', '6.00');
  const lost = assessLost('f1', '6.00');
  const sent = transfer('t', 'f1');
  const disputed = ask('DisputeFee', 'd', { feeId: 'f1' });
  const upheld = (remedy: 'waive' | 'cancel') =>
    ask('ResolveDispute', 'x', { feeId: 'f1', outcome: 'patronUpheld', remedy, reason: 'OTHER' });
  const credit = ask('IssueCredit', 'c', { amount: '6.00', cause: 'imported', purpose: 'refundable' });
  const refund = ask('RefundCredit', 'b', { creditId: 'c', method: 'CASH' });
  const used = ask('ApplyCredit', 'a', { creditId: 'c' });

  it.each<[string, readonly Command[], Command]>([
    ['a charge', [], fee],
    ['a payment', [fee], pay('x', '6.00')],
    ['a waiver', [fee], waive('x', 'f1')],
    ['a waiver of a lost item', [lost], waive('x', 'f1')],
    ['a waiver of a transferred fee', [fee, sent], waive('x', 'f1')],
    ['a dispute that ends with a waiver', [fee, disputed], upheld('waive')],
    ['a dispute about a lost item that ends with a waiver', [lost, disputed], upheld('waive')],
    ['a dispute that ends with a cancellation', [fee, disputed], upheld('cancel')],
    ['a dispute about a part that was paid', [fee, pay('p', '4.00'), disputed], upheld('cancel')],
    ['a transfer of a fee', [fee], sent],
    ['a transfer of a credit', [credit], ask('TransferFees', 'x', { credits: [{ creditId: 'c' }] })],
    ['a settlement', [fee, sent], ask('SettleTransfer', 'x', { transferId: 't', amount: '6.00' })],
    ['a recall', [fee, sent], ask('RecallTransfer', 'x', { transferId: 't' })],
    ['a credit', [], credit],
    ['a cancelled credit', [credit], ask('CancelCredit', 'x', { creditId: 'c' })],
    ['a use of a credit', [fee, credit], used],
    ['a refund', [credit], refund],
    ['a cancelled fee', [fee], ask('CancelFee', 'x', { feeId: 'f1' })],
    ['a cancelled fee that was paid', [fee, pay('p', '6.00')], ask('CancelFee', 'x', { feeId: 'f1' })],
    ['a payment undone', [fee, pay('p', '6.00')], ask('ReversePayment', 'x', { paymentId: 'p' })],
    ['a waiver undone', [fee, waive('w', 'f1')], ask('ReverseWaiver', 'x', { waiverId: 'w' })],
    [
      'a waiver of a lost item undone',
      [lost, waive('w', 'f1')],
      ask('ReverseWaiver', 'x', { waiverId: 'w' }),
    ],
    [
      'a use of a credit undone',
      [fee, credit, used],
      ask('ReverseCreditApplication', 'x', { applicationId: 'a' }),
    ],
    ['a refund undone', [credit, refund], ask('ReverseRefund', 'x', { refundId: 'b' })],
  ])('compare the whole amount of %s with the limit', (_name, before, command) => {
    const decided = (upTo: string) => {
      const permission = command === credit ? 'ImportCredit' : command.type;
      const rules = policyWith({ permissions: { [permission]: { CLERK: { upTo } } } });
      return decide({ ...command, by: by('CLERK') }, accountAfter(before, open), rules);
    };
    expect(decided('6.00').accepted).toBe(true);
    expect(decided('5.99')).toMatchObject({ rejection: { type: 'NotPermitted', amount: '6.00' } });
  });

  it('compare the limit with the whole amount of a settlement, surplus included, and of its reversal', () => {
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

  it('refuse other roles, a missing role, and commands that no role may give', () => {
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

  it('let no patron charge a fee, automatic or not', () => {
    for (const channel of ['online', 'selfCheck'] as const)
      for (const automatic of [undefined, true, false])
        expect(
          refusal(
            assess('f9', '1.00', { by: { channel }, ...(automatic === undefined ? {} : { automatic }) }),
          ),
        ).toMatchObject({ type: 'NotPermitted', needs: ['CLERK'] });
    expect(refusal(assess('f9', '1.00', { by: { channel: 'job' } }))).toBeNull();
  });

  it('compare the limit with the cancelled amount, without what was waived before', () => {
    const rules = policyWith({ permissions: { CancelFee: { CLERK: { upTo: '3.00' } } } });
    const cancelled = (...before: readonly Command[]) =>
      decide(ask('CancelFee', 'x', { feeId: 'f1', by: by('CLERK') }), accountAfter(before, open), rules);
    expect(cancelled(assess('f1', '8.00'), waive('w', 'f1', '5.00')).accepted).toBe(true);
    expect(cancelled(assessLost('f1', '8.00'), waive('w', 'f1', '5.00')).accepted).toBe(true);
    const sent = [assess('f1', '8.00'), pay('p', '3.00'), transfer('t', 'f1'), waive('w', 'f1')];
    expect(cancelled(...sent).accepted).toBe(true);
    expect(cancelled(assess('f1', '8.00'), waive('w', 'f1', '4.99'))).toMatchObject({
      rejection: { type: 'NotPermitted', amount: '3.01' },
    });
  });

  it('do not apply to fees and fines that circulation computes', () => {
    const automatic = assess('f9', '1.00', { by: { channel: 'job' } });
    expect(refusal(automatic)).toBeNull();
    expect(refusal(assess('f9', '1.00'))).toBeNull();
    expect(refusal(automatic, { automatic: false })).toMatchObject({ type: 'NotPermitted' });
    expect(refusal(assess('f9', '1.00', { by: by('PAGE') }))).toMatchObject({ type: 'NotPermitted' });
    expect(refusal(ask('ReturnLostItem', 'r', { feeIds: ['f2'] }))).toBeNull();
    const fine = { feeId: 'f9', feeType: 'OVERDUEFINE', total: '1.00', owner: 'MAIN' };
    expect(refusal(ask('AccrueFine', 'a', fine))).toBeNull();
  });

  it('differ for an imported credit and for goodwill', () => {
    const imported = ask('IssueCredit', 'c', { amount: '6.00', cause: 'imported' });
    const goodwill = ask('IssueCredit', 'g', { amount: '6.00', cause: 'manual', reason: 'GOODWILL' });
    const rules = policyWith({
      permissions: { IssueCredit: { CLERK: {}, CHIEF: {} }, ImportCredit: { CHIEF: { upTo: '8.00' } } },
      approvals: { ImportCredit: { above: '7.00', roles: ['CHIEF'] } },
    });
    const decided = (role: string, ...commands: Command[]) => {
      const list = commands.map((command) => ({ ...command, by: by(role) }) as Command);
      return decide(list, account, rules);
    };
    expect(decided('CLERK', goodwill).accepted).toBe(true);
    expect(decided('CLERK', imported)).toMatchObject({
      rejection: { type: 'NotPermitted', commandType: 'ImportCredit', needs: ['CHIEF'], limit: null },
    });
    // The sums of a list are apart, too.
    expect(decided('CHIEF', imported, goodwill).accepted).toBe(true);
    expect(decided('CHIEF', goodwill, imported, { ...imported, id: 'd' })).toMatchObject({
      commandIndex: 2,
      rejection: { type: 'NotPermitted', commandType: 'ImportCredit', limit: '8.00', amount: '12.00' },
    });
    expect(decided('CHIEF', imported, { ...imported, id: 'd', amount: '1.50' } as Command)).toMatchObject({
      rejection: { type: 'ApprovalRequired', commandType: 'ImportCredit', above: '7.00', amount: '7.50' },
    });
    expect(permissionFor(rules, 'ImportCredit', ['CLERK']).permitted).toBe(false);
  });

  it('are checked after repeats and before the other rules, and roles are never recorded', () => {
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

  it('are checked before the external transaction id; only a repeat under the same command id is recognised earlier', () => {
    const paid = {
      ...pay('p', '2.00'),
      externalTransactionId: 'X',
      feeIds: ['f1'],
      by: by('CLERK'),
    } as Command;
    const after = accountAfter([paid], policy, account);
    const again = (id: string, role: string) =>
      decide({ ...paid, id, by: by(role) } as Command, after, policy);
    expect(again('p', 'PAGE')).toMatchObject({ accepted: true, repeats: { id: 'p' } });
    expect(again('q', 'CLERK')).toMatchObject({ accepted: true, repeats: { id: 'p' } });
    expect(again('q', 'PAGE')).toMatchObject({ rejection: { type: 'NotPermitted' } });
  });

  it('do not apply to payments by patrons and fees charged by a program, and do not count them', () => {
    const rules = policyWith({
      permissions: { ReceivePayment: { CLERK: { upTo: '10' } }, AssessFee: { CLERK: { upTo: '10' } } },
      approvals: {
        ReceivePayment: { above: '8', roles: ['CHIEF'] },
        AssessFee: { above: '8', roles: ['CHIEF'] },
      },
    });
    const patron = { channel: 'online', userId: 'ana' } as const;
    const job = { channel: 'job', userId: 'ana' } as const;
    const list: Command[] = [
      { ...pay('p1', '12.00'), by: patron },
      { ...pay('p2', '6.00'), by: by('CLERK') },
      { ...assess('f7', '12.00'), by: job },
      { ...assess('f8', '6.00'), by: by('CLERK') },
    ];
    expect(decide(list, account, rules).accepted).toBe(true);
    const more = { ...pay('p3', '3.00'), by: by('CLERK') };
    expect(decide([...list, more], account, rules)).toMatchObject({
      rejection: { type: 'ApprovalRequired', amount: '9.00' },
    });
  });

  it('do not change the events of a command that they permit', () => {
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

describe('a limit in a list', () => {
  const clerk = by('CLERK');
  const waived = (id: string, amount: string, actor: CommandActor = clerk) => ({
    ...waive(id, 'f1', amount),
    by: actor,
  });

  it('applies to the sum of all commands of a type by the same user', () => {
    expect(decide([waived('w1', '4.00'), waived('w2', '6.00')], account, policy).accepted).toBe(true);
    expect(decide([waived('w1', '4.00'), waived('w2', '6.01')], account, policy)).toMatchObject({
      commandIndex: 1,
      rejection: {
        type: 'NotPermitted',
        commandType: 'WaiveFees',
        needs: ['CHIEF', 'DIRECTOR'],
        limit: '10.00',
        amount: '10.01',
      },
    });
  });

  it('counts commands without a user as those of one user, and each other user separately', () => {
    const { userId, ...nobody } = clerk;
    expect(decide([waived('w1', '9', nobody), waived('w2', '9', nobody)], account, policy).accepted).toBe(
      false,
    );
    const other = { ...clerk, userId: 'ben' };
    const severalUsers = policyWith({ permissions: { ...permissions, SecondUser: { CLERK: {} } } });
    expect(decide([waived('w1', '9'), waived('w2', '9', other)], account, severalUsers).accepted).toBe(true);
  });

  it('counts other types separately, and does not count repeats', () => {
    const chief = by('CHIEF');
    const cancelled = ask('CancelFee', 'x', { feeId: 'f3', by: chief });
    expect(decide([waived('w1', '30', chief), cancelled], account, policy).accepted).toBe(true);
    const first = waived('w1', '9.00');
    const after = accountAfter([first], policy, account);
    expect(decide([first, waived('w2', '9.00')], after, policy).accepted).toBe(true);
    // The same command twice in a list is a repeat too.
    expect(decide([first, first], account, policy).accepted).toBe(true);
  });

  it('counts what the same user did with a role without a limit', () => {
    const list = [waived('w1', '20.00', by('DIRECTOR')), waived('w2', '1.00')];
    expect(decide(list, account, policy)).toMatchObject({ commandIndex: 1, rejection: { amount: '21.00' } });
    expect(decide([...list].reverse(), account, policy).accepted).toBe(true);
  });

  it('is never exceeded, however a sum is divided into parts and commands', () => {
    const cents = fc.integer({ min: 1, max: 700 });
    fc.assert(
      fc.property(fc.array(cents, { minLength: 1, maxLength: 4 }), (amounts) => {
        const list = amounts.map((amount, index) => waived(`w${index}`, (amount / 100).toFixed(2)));
        const sum = amounts.reduce((total, amount) => total + amount, 0);
        expect(decide(list, account, policy).accepted).toBe(sum <= 1_000);
      }),
      tried(300),
    );
  });
});

describe('the permission for a command', () => {
  it('is the highest limit of the roles', () => {
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

  it('is not given for an account in another currency, however little is moved or approved', () => {
    const terms = {
      permissions: { WaiveFees: { CLERK: { upTo: '50.00' }, DIRECTOR: {} } },
      approvals: { WaiveFees: { above: '50.00', roles: ['CHIEF'] } },
    };
    for (const [currency, amount] of [
      ['JPY', '1'],
      ['KWD', '0.001'],
      ['EUR', '0.01'],
    ] as const) {
      const foreign = accountAfter([assess('f1', '30')], policyWith({ currency }));
      const approvedBy = { userId: 'max', roles: ['CHIEF'], upTo: '50.00' };
      for (const role of ['CLERK', 'DIRECTOR']) {
        const command = { ...waive('w', 'f1', amount), by: by(role), approvedBy };
        const decision = decide(command, foreign, policyWith(terms));
        expect([decision.accepted, decision.events]).toEqual([false, []]);
      }
    }
  });

  it('exists for every command except those of circulation', () => {
    const office = [
      'OpenTill',
      'MoveTillMoney',
      'CloseTill',
      'AcceptTillDifference',
      'RecordRemittance',
      'ReverseRemittance',
      'DepositFromSafe',
      'ConfirmBankEntry',
      'EndBankItem',
      'BookBankEntry',
      'ReverseBankRecord',
      'CloseReceiptSeries',
      'SecondUser',
      'SettleOnlinePart',
      'SettleOnlineReport',
    ];
    const computed = ['AccrueFine', 'ReturnLostItem'] satisfies CommandType[] as string[];
    expect([...permittedCommands].sort()).toEqual(
      [...Object.keys(fieldsByCommand), 'ImportCredit', 'MergeAccounts', 'SeparateAccounts', ...office]
        .filter((type) => !computed.includes(type))
        .sort(),
    );
  });
});

describe('a bulk waive', () => {
  it('checks the roles of `by`, patron by patron', () => {
    const form = {
      jobId: 'j',
      at: '2026-03-02T09:00:00Z',
      by: { userId: 'mo', roles: ['USER_MANAGER', 'CLERK'] },
      institution: 'north',
      reason: 'OTHER',
    };
    const patron = { patronId: 'p', group: 'STUDENT', hasOverdueLoans: false };
    const small = accountAfter([assess('f1', '9.00')], open);
    expect(bulkWaiveOfAccount(small, patron, form, policy).events).toHaveLength(1);
    const { entry, events } = bulkWaiveOfAccount(account, patron, form, policy);
    expect(events).toEqual([]);
    expect(entry.because).toMatchObject({ type: 'NotPermitted', limit: '10.00', amount: '74.00' });
    const careful = policyWith({ approvals: { WaiveFees: { above: '73.99', roles: ['CHIEF'] } } });
    const unapproved = bulkWaiveOfAccount(account, patron, form, careful);
    expect(unapproved.events).toEqual([]);
    expect(unapproved.entry.because).toMatchObject({
      ...{ type: 'ApprovalRequired', above: '73.99', amount: '74.00', approvedUpTo: null },
    });
  });
});

describe('approvals', () => {
  const rules = policyWith({
    approvals: {
      WaiveFees: { above: '10.00', roles: ['CHIEF', 'HEAD'] },
      CancelFee: { above: '0', roles: ['CHIEF'] },
    },
    overpayment: 'credit',
  });
  const approver = (userId: string, ...roles: readonly string[]) => ({ userId, roles, upTo: '20.00' });
  const decided = (command: Command | readonly Command[], policyNow = rules) => {
    const decision = decide(command, account, policyNow);
    return decision.accepted ? null : decision.rejection;
  };
  const asked = (amount: string, approvedBy?: object, actor: object = by()) =>
    ({ ...waive('w', 'f1', amount), by: actor, ...(approvedBy && { approvedBy }) }) as Command;

  it('are required above the amount only', () => {
    expect(decided(asked('10.00'))).toBeNull();
    expect(decided(asked('10.01'))).toEqual({
      type: 'ApprovalRequired',
      kind: 'forbidden',
      commandType: 'WaiveFees',
      above: '10.00',
      amount: '10.01',
      approvedUpTo: null,
      roles: ['CHIEF', 'HEAD'],
    });
    expect(decided({ ...ask('CancelFee', 'x', { feeId: 'f1', amount: '0.01' }), by: by() })).toMatchObject({
      type: 'ApprovalRequired',
    });
  });

  it('are given by another user with one of the roles, and the command names its user', () => {
    expect(decided(asked('20.00', approver('bo', 'HEAD')))).toBeNull();
    for (const [approval, actor] of [
      [approver('bo'), by()],
      [approver('bo', 'CLERK'), by()],
      [approver('ana', 'CHIEF'), by()],
      [{ userId: 'bo', upTo: '20.00' }, by()],
      [approver('bo', 'CHIEF'), { channel: 'desk' }],
    ] as const)
      expect(decided(asked('20.00', approval, actor))).toMatchObject({ type: 'ApprovalRequired' });
  });

  it('are required in addition to the limits of roles, not instead of them', () => {
    const both = policyWith({ permissions, approvals: { WaiveFees: { above: '10.00', roles: ['CHIEF'] } } });
    expect(decided(asked('20.00', approver('bo', 'CHIEF'), by('CLERK')), both)).toMatchObject({
      type: 'NotPermitted',
    });
    expect(decided(asked('20.00', undefined, by('CHIEF')), both)).toMatchObject({ type: 'ApprovalRequired' });
    expect(decided(asked('20.00', approver('bo', 'CHIEF'), by('CHIEF')), both)).toBeNull();
  });

  it('are required for the sum of a list, and given with its last command', () => {
    const parts = ['a', 'b'].map((id) => ({ ...waive(id, 'f1', '6.00'), by: by() }));
    expect(decided(parts)).toMatchObject({ type: 'ApprovalRequired', amount: '12.00' });
    const approved = parts.map((part) => ({ ...part, approvedBy: approver('bo', 'CHIEF') }));
    expect(decided(approved)).toBeNull();
  });

  it('are recorded without roles, and not compared when a command is repeated', () => {
    const command = asked('20.00', approver('bo', 'HEAD'));
    const events = acceptedEvents(decide(command, account, rules));
    expect(events.map(({ data }) => data.approvedBy)).toEqual([{ userId: 'bo', upTo: '20.00' }]);
    const after = accountAfter([assess('f1', '30.00')], open);
    const again = decide(asked('20.00', approver('cy', 'CHIEF')), fold(events, after), rules);
    expect(again).toMatchObject({ accepted: true, events: [] });
  });

  it('are not required for patrons, nor for what the library system computes', () => {
    const strict = policyWith({
      approvals: {
        ReceivePayment: { above: '0', roles: ['CHIEF'] },
        AssessFee: { above: '0', roles: ['CHIEF'] },
      },
    });
    expect(decided({ ...pay('p', '1.00'), by: { channel: 'online' } }, strict)).toBeNull();
    expect(decided({ ...pay('p', '1.00'), by: by() }, strict)).toMatchObject({ type: 'ApprovalRequired' });
    expect(decided({ ...assess('f9', '1.00'), by: { channel: 'job' } }, strict)).toBeNull();
    expect(decided({ ...assess('f9', '1.00'), by: by() }, strict)).toMatchObject({
      type: 'ApprovalRequired',
    });
  });

  it.each([
    [{ DisputeFee: { above: '1', roles: ['CHIEF'] } }, 'approvals.DisputeFee'],
    [{ WaiveFees: { above: '-1', roles: ['CHIEF'] } }, 'approvals.WaiveFees.above'],
    [{ WaiveFees: { above: '1', roles: [] } }, 'approvals.WaiveFees.roles'],
    [{ WaiveFees: { roles: ['CHIEF'] } }, 'approvals.WaiveFees.above'],
  ])('%j is refused as a rule', (approvals, path) => {
    expect(() => policyWith({ approvals: approvals as never })).toThrow(
      expect.objectContaining({ details: { faults: [expect.objectContaining({ path })] } }),
    );
  });
});
