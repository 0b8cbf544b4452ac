import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvent } from '../../src/history/codec.js';
import { decodeEvent, encodeEvent } from '../../src/history/index.js';
import { type Command, type CommandActor, decide, definePolicy, emptyAccount } from '../../src/index.js';
import { acceptedEvents, accountAfter, ask, assess, waive } from '../support/account.js';
import { assertVaried, tried } from '../support/seeded.js';

const policy = definePolicy({
  currency: 'USD',
  overpayment: 'credit',
  approvals: {
    WaiveFees: { above: '10.00', roles: ['CHIEF'] },
    CancelFee: { above: '0', roles: ['CHIEF'] },
    ResolveDispute: { above: '5.00', roles: ['CHIEF'] },
  },
});
const open = definePolicy({ currency: 'USD', overpayment: 'credit' });
const ana: CommandActor = { channel: 'desk', userId: 'ana' };
const bo = (upTo?: string) => ({ userId: 'bo', roles: ['CHIEF'], ...(upTo !== undefined && { upTo }) });
const account = accountAfter([assess('f1', '30.00'), assess('f2', '40.00')], open);
const refusal = (command: Command | readonly Command[], before = account) => {
  const decision = decide(command, before, policy);
  return decision.accepted ? null : decision.rejection;
};
const waived = (id: string, amount: string | undefined, upTo?: string, by = ana): Command => ({
  ...waive(id, 'f1', amount),
  by,
  approvedBy: bo(upTo),
});

describe('an approval', () => {
  it('covers the amount that the approver was shown', () => {
    const asked = refusal({ ...waive('w', 'f1'), by: ana });
    expect(asked).toMatchObject({ type: 'ApprovalRequired', amount: '30.00', approvedUpTo: null });
    expect(refusal(waived('w', undefined, '30.00'))).toBeNull();
    expect(refusal(waived('w', undefined, '29.99'))).toEqual({
      type: 'ApprovalRequired',
      kind: 'forbidden',
      commandType: 'WaiveFees',
      above: '10.00',
      amount: '30.00',
      approvedUpTo: '29.99',
      roles: ['CHIEF'],
    });
    expect(refusal(waived('w', '20.00', '20.00'))).toBeNull();
    // Without an amount it approves nothing.
    expect(refusal(waived('w', '20.00'))).toMatchObject({ type: 'ApprovalRequired', approvedUpTo: null });
  });

  it('does not cover a command without an amount if more is owed by the time it is decided', () => {
    const cancel = ask('CancelFee', 'x', { feeId: 'f1', by: ana, approvedBy: bo('30.00') });
    expect(refusal(cancel)).toBeNull();
    const more = accountAfter([assess('f1', '30.01')], open);
    expect(refusal(cancel, more)).toMatchObject({ amount: '30.01', approvedUpTo: '30.00' });
    const less = accountAfter([assess('f1', '30.00'), waive('w', 'f1', '12.00')], open);
    expect(refusal(cancel, less)).toBeNull();
  });

  it('is required for a dispute that the patron wins, for the amount that is cancelled', () => {
    const before = accountAfter([assess('f1', '6.00'), ask('DisputeFee', 'd', { feeId: 'f1' })], open);
    const upheld = (upTo: string) =>
      ask('ResolveDispute', 'r', {
        ...{ feeId: 'f1', outcome: 'patronUpheld', remedy: 'cancel' },
        ...{ by: ana, approvedBy: bo(upTo) },
      });
    expect(refusal(upheld('5.99'), before)).toMatchObject({ amount: '6.00', approvedUpTo: '5.99' });
    expect(refusal(upheld('6'), before)).toBeNull();
  });

  it('by a user who may not approve counts as none, whatever its amount', () => {
    for (const approvedBy of [
      { userId: 'bo', roles: ['CLERK'], upTo: '99.00' },
      { userId: 'ana', roles: ['CHIEF'], upTo: '99.00' },
      { userId: 'bo', upTo: '99.00' },
    ])
      expect(refusal({ ...waive('w', 'f1'), by: ana, approvedBy })).toMatchObject({
        type: 'ApprovalRequired',
        approvedUpTo: null,
      });
  });

  it.each(['ANA', ' ana ', 'Ana', 'ａｎａ', ' '])('is not given by the same user, spelled %j', (userId) => {
    const approvedBy = { ...bo('30.00'), userId };
    expect(refusal({ ...waive('w', 'f1'), by: ana, approvedBy })).toMatchObject({ type: 'ApprovalRequired' });
    const by = { ...ana, userId };
    expect(refusal({ ...waive('w', 'f1'), by, approvedBy: { ...bo('30.00'), userId: 'ana' } })).toMatchObject(
      { type: 'ApprovalRequired' },
    );
  });

  it('covers the sum of a list up to its command, however the user is spelled', () => {
    const list = (...upTo: readonly (string | undefined)[]) =>
      upTo.map((most, index) =>
        waived(`w${index}`, '6.00', most, { ...ana, userId: index % 2 ? 'ANA ' : 'ana' }),
      );
    expect(refusal(list(undefined, '12.00', '18.00'))).toBeNull();
    expect(refusal(list(undefined, '11.99'))).toMatchObject({ amount: '12.00', approvedUpTo: '11.99' });
    expect(refusal(list('18.00', '18.00', '12.00'))).toMatchObject({
      amount: '18.00',
      approvedUpTo: '12.00',
    });
    const other = waived('w9', '6.00', undefined, { ...ana, userId: 'cy' });
    expect(refusal([...list(undefined), other])).toBeNull();
  });

  it('is recorded with its amount, in canonical form, on all events of the command', () => {
    const paid = accountAfter(
      [assess('f1', '30.00'), ask('ReceivePayment', 'p', { amount: '10', method: 'CASH' })],
      open,
    );
    const cancel = ask('CancelFee', 'x', { feeId: 'f1', by: ana, approvedBy: bo('30') });
    const events = acceptedEvents(decide(cancel, paid, policy));
    expect(events.map(({ type, data }) => [type, data.approvedBy])).toEqual([
      ['FeeCancelled', { userId: 'bo', upTo: '30.00' }],
      ['CreditIssued', { userId: 'bo', upTo: '30.00' }],
    ]);
  });

  it('is recorded on what follows by itself, too, which has no reason and no comment', () => {
    const waivedFee = accountAfter([assess('f1', '30.00'), waive('w', 'f1')], open);
    const more = { reason: 'error', comment: 'sorry', by: ana, approvedBy: bo('30.00') };
    const events = acceptedEvents(decide(ask('CancelFee', 'x', { feeId: 'f1', ...more }), waivedFee, policy));
    const approvedBy = { userId: 'bo', upTo: '30.00' };
    expect(
      events.map(({ type, data: { at, by, approvedBy, reason, comment } }) => [
        type,
        { at, by, approvedBy },
        { reason, comment },
      ]),
    ).toEqual([
      ['WaiverReversed', { at: expect.any(String), by: ana, approvedBy }, {}],
      [
        'FeeCancelled',
        { at: expect.any(String), by: ana, approvedBy },
        { reason: 'error', comment: 'sorry' },
      ],
    ]);
  });

  it.each([
    ['0.00', 'an amount above 0, with as many decimals as its currency has'],
    ['1.2345', 'an amount above 0, with as many decimals as its currency has'],
    [5, 'an amount above 0'],
  ])('is an amount above 0 in stored events: not %j', (upTo, expected) => {
    const [event] = acceptedEvents(decide(waived('w', '12.00', '12.00'), account, policy));
    const odd = { ...event, data: { ...event?.data, approvedBy: { userId: 'bo', upTo } } };
    expect(() => parseEvent(odd)).toThrow(
      expect.objectContaining({ code: 'INVALID_EVENT', message: expect.stringContaining(expected) }),
    );
  });

  it('is not compared when a command is repeated: its amount may differ', () => {
    const before = accountAfter([waived('w', '20.00', '20.00')], policy, account);
    expect(decide(waived('w', '20.00', '25.00'), before, policy)).toMatchObject({
      accepted: true,
      events: [],
    });
  });

  it.each(['0', '-1', '1.001', 'x', '', 7, null])('with the amount %j is refused', (upTo) => {
    const command = { ...waive('w', 'f1'), by: ana, approvedBy: { userId: 'bo', upTo: upTo as string } };
    expect(refusal(command)).toMatchObject({
      type: 'InvalidCommand',
      faults: [expect.objectContaining({ path: 'approvedBy.upTo' })],
    });
  });

  it('is compared with the decided amount, whatever amounts were asked for and approved', async () => {
    const cents = fc.integer({ min: 1, max: 3_000 });
    const money = (amount: number) => (amount / 100).toFixed(2);
    const outcomes = { accepted: 0, refused: 0 };
    const property = fc.property(cents, cents, (amount, upTo) => {
      const rejection = refusal(waived('w', money(amount), money(upTo)));
      const isCovered = amount <= 1_000 || amount <= upTo;
      outcomes[isCovered ? 'accepted' : 'refused'] += 1;
      if (isCovered) expect(rejection).toBeNull();
      else expect(rejection).toMatchObject({ amount: money(amount), approvedUpTo: money(upTo) });
    });
    await assertVaried(property, tried(300), 60, () => {
      expect(outcomes.accepted).toBeGreaterThan(5);
      expect(outcomes.refused).toBeGreaterThan(5);
    });
  });

  it.each([
    ['JPY', '700'],
    ['BHD', '7.000'],
  ])('in %s can be stored with every event', (currency, amount) => {
    const rules = definePolicy({ currency, approvals: { ResolveDispute: { above: '0', roles: ['CHIEF'] } } });
    const before = accountAfter(
      [assess('f1', amount), ask('DisputeFee', 'd', { feeId: 'f1' })],
      rules,
      emptyAccount(),
    );
    const upheld = ask('ResolveDispute', 'r', {
      ...{ feeId: 'f1', outcome: 'patronUpheld', remedy: 'cancel' },
      ...{ by: ana, approvedBy: bo(amount) },
    });
    const events = acceptedEvents(decide(upheld, before, rules));
    expect(events.map(({ type }) => type)).toContain('DisputeResolved');
    expect(events.map((event) => decodeEvent(encodeEvent(event)))).toEqual(events);
  });
});
