import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, definePolicy, emptyAccount } from '../../../src/index.js';
import { feeSystemCapabilities } from '../../../src/testing/feeSystem/capabilities.js';
import { requestFor } from '../../../src/testing/feeSystem/requestFor.js';
import { ourAnswer } from '../../../src/testing/feeSystem/runStory.js';
import { type RequestPlan, stories } from '../../../src/testing/feeSystem/story.js';
import { accountAfter, ask, assess, assessLost, pay, policyWith, transfer } from '../../support/account.js';

const policy = policyWith();
const plan: RequestPlan = { name: 'pay', pick: 0, span: 1, size: 'all', minor: 300, fitting: true };
const account = accountAfter([assess('f1', '10.00'), assess('f2', '4.00'), assess('f3', '1.00')]);
const setting = { account, policy, number: 7, reversesTransfers: true };
const wanted = (more: Partial<RequestPlan>, where: Partial<typeof setting> = {}) =>
  requestFor({ ...plan, ...more }, { ...setting, ...where })?.request;

describe('a plan becomes a request', () => {
  it('for the largest amount, a part of it, or the given amount', () => {
    expect(wanted({})).toEqual({ id: 'p7', amount: '10.00', currency: 'USD', feeIds: ['f1'] });
    expect(wanted({ size: 'part', minor: 1003 })).toMatchObject({ amount: '0.03' });
    expect(wanted({ size: 'asIs', minor: 1003 })).toMatchObject({ amount: '10.03' });
  });

  it('over neighbouring fees, oldest first, each once', () => {
    expect(wanted({ pick: 2, span: 2 })).toMatchObject({ feeIds: ['f1', 'f3'], amount: '11.00' });
    expect(wanted({ span: 9 })).toMatchObject({ feeIds: ['f1', 'f2', 'f3'], amount: '15.00' });
  });

  it('on a fee that accepts it, unless `fitting` is false', () => {
    const disputed = accountAfter([ask('DisputeFee', 'd1', { feeId: 'f1' })], policy, account);
    expect(wanted({}, { account: disputed })).toMatchObject({ feeIds: ['f2'] });
    expect(wanted({ fitting: false }, { account: disputed })).toMatchObject({ feeIds: ['f1'] });
    const both = { feeIds: ['f1', 'f2'], amount: '4.00' };
    expect(wanted({ fitting: false, span: 2 }, { account: disputed })).toMatchObject(both);
    expect(wanted({ name: 'restore', pick: 5 }, { account: disputed })).toEqual({ id: 'e7', feeId: 'f1' });
  });

  it('for a fee of an ordinary type, or of a lost-item type with its percentage', () => {
    expect(wanted({ name: 'assess' })).toEqual({
      id: 'f7',
      amount: '3.00',
      currency: 'USD',
      feeType: 'OVERDUEFINE',
      lostItem: false,
      refundPercent: 0,
    });
    expect(wanted({ name: 'assess', pick: 1 })).toMatchObject({ lostItem: true, refundPercent: 100 });
  });

  it('never for a retired fee type', () => {
    const feeTypes = { OLD: { label: 'Old', retired: true }, NEW: { label: 'New' } };
    const renamed = definePolicy({ currency: 'USD', feeTypes });
    for (const pick of [0, 1])
      expect(wanted({ name: 'assess', pick }, { policy: renamed })).toMatchObject({ feeType: 'NEW' });
    const none = definePolicy({ currency: 'USD', feeTypes: { OLD: feeTypes.OLD } });
    expect(wanted({ name: 'assess' }, { policy: none })).toBeUndefined();
  });

  it('in the decimals of the currency', () => {
    const yen = definePolicy({ currency: 'JPY' });
    expect(wanted({ name: 'assess' }, { policy: yen })).toMatchObject({ amount: '300', currency: 'JPY' });
  });

  it('not at all if it has no target', () => {
    const empty = { account: emptyAccount() };
    for (const name of [
      'pay',
      'waive',
      'dispute',
      'restore',
      'transfer',
      'returnLostItem',
      'cancel',
      'reversePayment',
    ] as const)
      expect(wanted({ name }, empty)).toBeUndefined();
    expect(wanted({ name: 'refund' }, empty)).toEqual({ id: 'r7', amount: '3.00' });
  });

  it('not for transferred fees if transfers are final', () => {
    const sent = accountAfter([assessLost('f1', '5.00'), transfer('t1', 'f1')]);
    const final = { account: sent, reversesTransfers: false };
    for (const name of ['waive', 'cancel', 'returnLostItem'] as const) {
      expect(wanted({ name }, final)).toBeUndefined();
      expect(wanted({ name }, { account: sent })).toMatchObject({ feeId: 'f1' });
    }
  });

  it('with the next payment that is not reversed', () => {
    const undone = [pay('p1', '1.00'), pay('p2', '2.00'), ask('ReversePayment', 'v1', { paymentId: 'p1' })];
    const paid = accountAfter(undone, policy, account);
    expect(wanted({ name: 'reversePayment' }, { account: paid })).toEqual({ id: 'v7', paymentId: 'p2' });
  });
});

describe('requests of random stories', () => {
  it('are well formed, accepted more often than not, and refused often enough', () => {
    const counts = { accepted: 0, refused: 0 };
    const story = stories(fc, { capabilities: feeSystemCapabilities, focus: [], maxSteps: 10 });
    for (const steps of fc.sample(story, { numRuns: 150, seed: 1 })) {
      let now = emptyAccount();
      for (const [number, step] of steps.entries()) {
        const asked = requestFor(step.plan, { ...setting, account: now, number });
        if (asked === undefined) continue;
        const ours = ourAnswer(now, asked, policy);
        expect(ours.answer.reason ?? '').not.toMatch(
          /InvalidCommand|IdAlreadyUsed|FeeTypeUnknown|FeeNotFound/,
        );
        counts[ours.answer.accepted ? 'accepted' : 'refused'] += 1;
        now = ours.account;
      }
      expect(decide([], now, policy).accepted).toBe(true);
    }
    expect(counts.accepted).toBeGreaterThan(counts.refused);
    expect(counts.refused).toBeGreaterThan(100);
  });
});
