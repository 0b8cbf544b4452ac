import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../src/history/index.js';
import { type Command, type NoticeKind, noticeKinds } from '../../src/index.js';
import { noticesOf } from '../../src/jobs/index.js';
import { ask } from '../support/account.js';
import { histories as randomHistories } from '../support/institutionHistories.js';
import { assertVaried, tried } from '../support/seeded.js';
import {
  fee,
  from,
  historyOf,
  lost,
  on,
  patron,
  pay,
  plan,
  policy,
  short,
  telling,
  told,
} from './noticeHistory.js';

describe('noticesOf', () => {
  const of = (type: Parameters<typeof ask>[0], id: string, more: object) => [ask(type, id, more as never)];
  const charged = [[fee('f1', '10')]];
  const REASON = Object.keys(policy.waiveReasons)[0] as string;
  const waiver = of('WaiveFees', 'w1', { fees: [{ feeId: 'f1' }], reason: REASON });
  const dispute = of('DisputeFee', 'd1', { feeId: 'f1' });
  const fine = of('AccrueFine', 'a1', {
    ...{ feeId: 'f1', feeType: 'FINE', owner: 'MAIN', loanId: 'loan', total: '5' },
    ends: 'returned',
  });
  const refund = of('RefundCredit', 'x1', { creditId: 'p1#1', amount: '2', method: 'CASH' });

  /** A history that gives each kind of notice, as lists of commands. */
  const histories: Readonly<Record<NoticeKind, readonly (readonly Command[])[]>> = {
    charged,
    grown: [fine],
    paid: [...charged, [pay('p1', '12')]],
    reversed: [...charged, [pay('p1', '12')], of('ReversePayment', 'r1', { paymentId: 'p1' })],
    refunded: [...charged, [pay('p1', '12')], refund],
    refundReversed: [...charged, [pay('p1', '12')], refund, of('ReverseRefund', 'u1', { refundId: 'x1' })],
    waived: [...charged, waiver],
    cancelled: [...charged, of('CancelFee', 'c1', { feeId: 'f1' })],
    disputed: [...charged, dispute],
    resolved: [...charged, dispute, of('ResolveDispute', 'e1', { feeId: 'f1', outcome: 'feeStands' })],
    returned: [[lost('f1', '40')], of('ReturnLostItem', 'r1', { loanId: 'loan' })],
    transferred: [...charged, of('TransferFees', 't1', { fees: [{ feeId: 'f1' }] })],
    planAgreed: [...charged, [plan]],
    planBehind: [...charged, [plan]],
    blocked: [...charged, [fee('f2', '10')]],
    owed: charged,
  };

  it.each(noticeKinds)('a history gives the notice %s', async (kind) => {
    const rules = telling({ rules: [{ kinds: [kind] }] }, { blockLimits: { '*': [{ amount: '15.00' }] } });
    const given = await told(rules, histories[kind], { on: kind === 'planBehind' ? '2026-04-02' : on });
    expect(given.map((notice) => notice.kind)).toContain(kind);
  });

  describe('the notices of a history', () => {
    it('begin when the policy says so, and tell nothing that was imported', async () => {
      const late = telling({ from: '2026-03-02T09:00:02Z' });
      expect(await told(late, [[fee('f1', '8')], [fee('f2', '1')]])).toMatchObject([{ told: ['charged/2'] }]);
      const earlier = telling({
        from: '2026-03-02T09:00:02Z',
        rules: [{ kinds: ['charged'], from }],
      });
      expect(await told(earlier, [[fee('f1', '8')], [fee('f2', '1')]])).toHaveLength(2);
      expect(await short([fee('f1', '8', { by: { channel: 'import' } })])).toEqual([]);
    });

    it('follow the first rule that fits: kind, fee type, group and amount', async () => {
      const message = (text: string) => ({ message: { en: text } });
      const chosen = telling({
        rules: [
          { kinds: ['charged'], feeTypes: ['LOST'], ...message('lost') },
          { kinds: ['charged'], groups: ['STAFF'], ...message('staff') },
          { kinds: ['charged'], groups: ['STUDENT'], minimumAmount: '5', ...message('much') },
        ],
      });
      const messages = async (group: string) =>
        (
          await told(chosen, [[lost('f1', '1')], [fee('f2', '4.99')], [fee('f3', '5')], [pay('p', '1')]], {
            group,
          })
        ).map((notice) => notice.message);
      expect(await messages('STUDENT')).toEqual(['lost', 'much']);
      expect(await messages('STAFF')).toEqual(['lost', 'staff', 'staff']);
      expect(await messages('GUEST')).toEqual(['lost']);
    });

    it('have comments only if the rule says so, and never a staff note', async () => {
      const lists = [[fee('f1', '8', { comment: 'seen', staffNote: 'between-us' })]];
      expect((await told(policy, lists))[0]?.comment).toBeNull();
      const open = await told(telling({ rules: [{ kinds: ['charged'], comments: true }] }), lists);
      expect(open[0]?.comment).toBe('seen');
      expect(JSON.stringify(open)).not.toContain('between-us');
    });

    it('are in a language of the policy', async () => {
      const message = { de: 'Danke', en: 'Thanks' };
      const both = telling({ languages: ['de', 'en'], rules: [{ kinds: ['charged'], message }] });
      const of = async (language?: string) =>
        (await told(both, [[fee('f1', '8')]], language === undefined ? {} : { language }))[0];
      expect(await of('en')).toMatchObject({ language: 'en', message: 'Thanks' });
      expect(await of('fr')).toMatchObject({ language: 'de', message: 'Danke' });
      expect(await of()).toMatchObject({ language: 'de' });
    });

    it('are empty without events or without notices in the policy; an account in another currency is refused', async () => {
      const events = await historyOf(policy, [fee('f1', '8')]);
      const options = { ...patron, group: 'G', on };
      const { notices: _, ...silent } = policy;
      expect(noticesOf(events, silent, options)).toEqual([]);
      expect(noticesOf([], policy, options)).toEqual([]);
      expect(() => noticesOf(events, telling({}, { currency: 'EUR' }), options)).toThrow(
        'different currencies',
      );
      expect(() => noticesOf(events, policy, { ...options, on: '2026-02-30' })).toThrow('options.on');
    });

    it('of any history are told once, wherever the runs come, and are plain JSON without staff notes', async () => {
      const property = fc.property(
        randomHistories,
        fc.integer({ min: 3, max: 12 }),
        ({ account, events }, every) => {
          const { currency } = account;
          if (currency === null) return;
          const everything = telling(
            { from: '2000-01-01T00:00:00Z' },
            { currency, blockLimits: { '*': [] } },
          );
          const options = { ...patron, group: 'G', on };
          const given: string[] = [];
          for (let end = every; ; end += every) {
            // A run sees whole appends.
            while (end < events.length && commandOf(events[end]) === commandOf(events[end - 1])) end += 1;
            const notices = noticesOf(events.slice(0, end), everything, { ...options, told: given });
            expect(JSON.parse(JSON.stringify(notices))).toEqual(notices);
            expect(JSON.stringify(notices)).not.toContain('staffNote');
            given.push(...notices.flatMap((notice) => notice.told));
            if (end >= events.length) break;
          }
          expect(new Set(given).size).toBe(given.length);
          const once = noticesOf(events, everything, options).flatMap((notice) => notice.told);
          expect(once.filter((one) => !given.includes(one))).toEqual([]);
          expect(noticesOf(events, everything, { ...options, told: given })).toEqual([]);
          kinds.push(...given.map((one) => one.replace(/\/.*/, '')));
        },
      );
      const kinds: string[] = [];
      await assertVaried(property, tried(60), 20, () => expect(new Set(kinds).size).toBeGreaterThan(8));
    });
  });

  function commandOf(recorded: RecordedEvent | undefined): string | undefined {
    return recorded?.event.metadata?.commandId;
  }
});

describe('the notices of events, of blocks and of a day', () => {
  it('are one for fees that were charged together', async () => {
    expect(await short([fee('f1', '10'), fee('f2', '2')])).toEqual([
      ['charged', '12.00', 'f1 10.00 10.00', 'f2 2.00 2.00'],
    ]);
    expect(await short([fee('f1', '10')], [fee('f2', '2')])).toHaveLength(2);
  });

  it('tell of a plan when it is agreed, and the day after an instalment was missed', async () => {
    const lists = [[fee('f1', '10')], [plan]];
    const agreed = await told(policy, lists);
    expect(agreed[1]).toMatchObject({
      ...{ kind: 'planAgreed', amount: '10.00', on: null },
      instalments: [{ dueOn: '2026-04-01', open: '5.00' }, { dueOn: '2026-05-01' }],
    });
    const on = async (day: string) => (await told(policy, lists, { on: day })).slice(2);
    expect(await on('2026-04-01')).toEqual([]);
    expect(await on('2026-04-02')).toMatchObject([
      { kind: 'planBehind', amount: '5.00', at: null, on: '2026-04-02', told: ['planBehind/n1/2026-04-01'] },
    ]);
    expect(await on('2026-05-02')).toMatchObject([{ amount: '10.00', told: ['planBehind/n1/2026-05-01'] }]);
  });

  it('tell of a block when a limit is reached, unless it is over', async () => {
    const blocking = telling({}, { blockLimits: { '*': [{ amount: '10.00' }] } });
    const lists = [[fee('f1', '8')], [fee('f2', '8')], [fee('f3', '1')]];
    const kinds = async (...more: readonly (readonly Command[])[]) =>
      (await told(blocking, [...lists, ...more])).filter(({ kind }) => kind === 'blocked');
    expect(await kinds()).toMatchObject([{ told: ['blocked/2'], payable: '17.00', amount: null }]);
    expect(await kinds([pay('p1', '17')])).toEqual([]);
    expect(await kinds([pay('p1', '17')], [fee('f4', '11')])).toMatchObject([{ told: ['blocked/5'] }]);
    const later = telling({ from: '2026-03-02T09:00:03Z' }, { blockLimits: { '*': [{ amount: '10.00' }] } });
    expect((await told(later, lists)).map(({ kind }) => kind)).toEqual(['charged']);
  });

  it('tell what is owed once a month or week', async () => {
    const kinds = ['owed'] as const;
    const of = async (owedEvery: 'week' | 'month', day: string) =>
      (await told(telling({ owedEvery, rules: [{ kinds }] }), [[fee('f1', '8')]], { on: day })).map(
        (notice) => notice.told[0],
      );
    expect(await of('month', '2026-03-31')).toEqual(['owed/2026-03']);
    expect(await of('week', '2026-03-31')).toEqual(['owed/2026-03-30']);
    expect(await of('week', '2026-04-05')).toEqual(['owed/2026-03-30']);
    expect(await of('week', '2026-04-06')).toEqual(['owed/2026-04-06']);
    const ofMonth = telling({ rules: [{ kinds }] });
    expect(await told(ofMonth, [[fee('f1', '8')], [pay('p1', '8')]])).toEqual([]);
    const dear = telling({ rules: [{ kinds, minimumAmount: '8.01' }] });
    expect(await told(dear, [[fee('f1', '8')]])).toEqual([]);
    expect(await told(dear, [[fee('f1', '8')], [fee('f2', '1')]])).toHaveLength(1);
  });
});

describe('noticePart', () => {
  const REASON = Object.keys(policy.waiveReasons)[0] as string;
  const CREDIT_REASON = Object.keys(policy.creditReasons)[0] as string;

  describe('the notices of an event', () => {
    it('tell what was charged, paid, undone and paid back', async () => {
      expect(await short([fee('f1', '10')], [pay('p1', '12')])).toEqual([
        ['charged', '10.00', 'f1 10.00 0.00'],
        ['paid', '12.00', 'f1 10.00 0.00'],
      ]);
      const all = await told(policy, [
        [fee('f1', '10')],
        [pay('p1', '12')],
        [ask('RefundCredit', 'x1', { creditId: 'p1#1', amount: '2', method: 'CASH' })],
        [fee('f2', '4')],
        [pay('p2', '4')],
        [ask('ReversePayment', 'r1', { paymentId: 'p2' })],
      ]);
      expect(all.map(({ kind, credited }) => [kind, credited])).toEqual([
        ['charged', null],
        ['paid', '2.00'],
        ['refunded', null],
        ['charged', null],
        ['paid', null],
        ['reversed', null],
      ]);
    });

    it('tell what was waived, taken back, disputed and handed over', async () => {
      expect(
        await short(
          [fee('f1', '10'), fee('f2', '3', { comment: 'x' }), fee('f3', '4', { comment: 'y' })],
          [ask('WaiveFees', 'w1', { fees: [{ feeId: 'f1', amount: '2' }], reason: REASON })],
          [ask('DisputeFee', 'd1', { feeId: 'f1' })],
          [ask('CancelFee', 'c1', { feeId: 'f2' })],
          [ask('TransferFees', 't1', { fees: [{ feeId: 'f3' }] })],
        ),
      ).toEqual([
        ['charged', '10.00', 'f1 10.00 8.00'],
        ['charged', '3.00', 'f2 3.00 0.00'],
        ['charged', '4.00', 'f3 4.00 0.00'],
        ['waived', '2.00', 'f1 2.00 8.00'],
        ['disputed', null, 'f1 null 8.00'],
        ['cancelled', '3.00', 'f2 3.00 0.00'],
        ['transferred', '4.00', 'f3 4.00 0.00'],
      ]);
    });

    it('tell that the waiver of a lost item was undone, also when it had become a credit', async () => {
      const waive = ask('WaiveFees', 'w1', { fees: [{ feeId: 'f1', amount: '10' }], reason: REASON });
      const undo = ask('ReverseWaiver', 'r1', { waiverId: 'w1' });
      expect(await short([lost('f1', '60')], [waive], [undo])).toEqual([
        ['charged', '60.00', 'f1 60.00 60.00'],
        ['waived', '10.00', 'f1 10.00 60.00'],
        ['reversed', '10.00', 'f1 10.00 60.00'],
      ]);
      const kinds = (await short([lost('f1', '60')], [waive], [ask('CancelFee', 'c1', { feeId: 'f1' })])).map(
        ([kind]) => kind,
      );
      expect(kinds).toEqual(['charged', 'waived', 'cancelled']);
      const handedOver = ask('TransferFees', 't1', { fees: [{ feeId: 'f1' }] });
      const whole = ask('WaiveFees', 'w1', { fees: [{ feeId: 'f1' }], reason: REASON });
      const cancelled = [[fee('f1', '60')], [handedOver], [whole], [ask('CancelFee', 'c1', { feeId: 'f1' })]];
      expect((await short(...cancelled)).map(([kind]) => kind)).toEqual([
        'charged',
        'transferred',
        'waived',
        'cancelled',
      ]);
    });

    it('tell that a refund was undone, and what is in favour of the patron again', async () => {
      const all = await told(policy, [
        [pay('p1', '12')],
        [ask('RefundCredit', 'x1', { creditId: 'p1#1', amount: '12', method: 'CHECK' })],
        [ask('ReverseRefund', 'u1', { refundId: 'x1' })],
      ]);
      expect(all.map(({ kind, amount, fees, told: of }) => [kind, amount, fees, of])).toEqual([
        ['paid', '12.00', [], ['paid/1']],
        ['refunded', '12.00', [], ['refunded/2']],
        ['refundReversed', '12.00', [], ['refundReversed/3']],
      ]);
    });

    it('tell nothing of a credit that is withdrawn and was no waiver', async () => {
      const gift = ask('IssueCredit', 'k1', {
        amount: '5',
        cause: 'manual',
        reason: CREDIT_REASON,
      });
      const withdraw = ask('CancelCredit', 'x1', { creditId: 'k1' });
      expect(await short([fee('f1', '10')], [gift], [withdraw])).toEqual([
        ['charged', '10.00', 'f1 10.00 10.00'],
      ]);
    });

    it('tell what is owed at the library again after a recall, less what was waived meanwhile', async () => {
      const handedOver = ask('TransferFees', 't1', { fees: [{ feeId: 'f1' }] });
      const recall = ask('RecallTransfer', 'r1', { transferId: 't1' });
      const waive = (amount?: string) =>
        ask('WaiveFees', 'w1', { fees: [{ feeId: 'f1', ...(amount && { amount }) }], reason: REASON });
      const last = async (...lists: readonly (readonly Command[])[]) =>
        (await short([fee('f1', '60')], [handedOver], ...lists)).at(-1);
      expect(await last([recall])).toEqual(['reversed', '60.00', 'f1 60.00 60.00']);
      expect(await last([waive('10')], [recall])).toEqual(['reversed', '50.00', 'f1 50.00 50.00']);
      expect(await last([waive()], [recall])).toEqual(['waived', '60.00', 'f1 60.00 0.00']);
    });

    it('tell nothing of a recalled credit', async () => {
      const lists = [
        [fee('f1', '10')],
        [pay('p1', '12')],
        [ask('TransferFees', 't1', { credits: [{ creditId: 'p1#1' }] })],
        [ask('RecallTransfer', 'r1', { transferId: 't1' })],
      ];
      expect((await short(...lists)).map(([kind]) => kind)).toEqual(['charged', 'paid']);
    });

    it('are one for a return, with what comes back', async () => {
      const all = await told(policy, [
        [lost('f1', '40')],
        [ask('ReceivePayment', 'p1', { amount: '10', method: 'CASH' })],
        [ask('ReturnLostItem', 'r1', { loanId: 'loan' })],
      ]);
      expect(all.map(({ kind, amount, credited }) => [kind, amount, credited])).toEqual([
        ['charged', '40.00', null],
        ['paid', '10.00', null],
        ['returned', '40.00', '10.00'],
      ]);
      expect(all[2]?.told.length).toBeGreaterThan(1);
      expect(all[2]?.noticeId).toMatch(/^north\/dverma\/returned\/\d+-\d+$/);
    });

    it('are one for a dispute that ends, with what was cancelled', async () => {
      const resolve = ask('ResolveDispute', 'e1', { feeId: 'f1', outcome: 'patronUpheld', remedy: 'cancel' });
      const waive = ask('ResolveDispute', 'e1', { feeId: 'f1', outcome: 'feeStands' });
      const [, , stands] = await told(policy, [
        [fee('f1', '10')],
        [ask('DisputeFee', 'd1', { feeId: 'f1' })],
        [waive],
      ]);
      expect(stands).toMatchObject({ kind: 'resolved', outcome: 'feeStands', amount: '0.00' });
      const upheld = await told(policy, [
        [fee('f1', '10')],
        [ask('DisputeFee', 'd1', { feeId: 'f1' })],
        [resolve],
      ]);
      expect(upheld).toMatchObject([{}, {}, { kind: 'resolved', outcome: 'patronUpheld', amount: '10.00' }]);
    });

    it('tell of a fine once it has stopped growing', async () => {
      const accrue = (id: string, total: string, more: object = {}) =>
        ask('AccrueFine', id, { feeId: 'g1', feeType: 'FINE', total, owner: 'MAIN', loanId: 'l', ...more });
      const nights = [[accrue('a1', '1')], [accrue('a2', '2')]];
      expect(await short(...nights)).toEqual([]);
      const all = await short(...nights, [accrue('a3', '3', { ends: 'returned' })]);
      expect(all).toEqual([['grown', '3.00', 'g1 3.00 3.00']]);
    });
  });
});
