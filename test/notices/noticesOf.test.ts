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
        const everything = telling({ from: '2000-01-01T00:00:00Z' }, { currency, blockLimits: { '*': [] } });
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
