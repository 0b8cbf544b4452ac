import { expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { checkedForm } from '../../../src/jobs/bulkWaive/bulkWaiveForm.js';
import { refusalOf } from '../../../src/jobs/bulkWaive/notWaived.js';
import { formWith } from '../../support/bulkWaiveForms.js';

const policy = definePolicy({ currency: 'USD' });
const refusal = (more: Parameters<typeof formWith>[0]) =>
  refusalOf(checkedForm(formWith(more), policy), policy);

it('lets a user manager or a user administrator waive in bulk, and nobody else', () => {
  expect(refusal({})).toBeUndefined();
  expect(refusal({ by: { userId: 'mo', roles: ['USER_ADMINISTRATOR'] } })).toBeUndefined();
  for (const roles of [[], ['CIRCULATION_DESK'], ['user_manager'], ['USER_MANAGER_VIEW']]) {
    expect(refusal({ by: { userId: 'kim', roles } })).toEqual({
      type: 'ActorLacksRole',
      kind: 'forbidden',
      userId: 'kim',
      role: 'USER_MANAGER',
    });
  }
});

it('refuses a reason or a fee type that is not in the policy', () => {
  expect(refusal({ reason: 'BECAUSE' })).toEqual({
    type: 'ReasonUnknown',
    known: expect.anything(),
    kind: 'invalid',
    list: 'waiveReasons',
    reason: 'BECAUSE',
  });
  expect(refusal({ reason: 'constructor' })?.type).toBe('ReasonUnknown');
  expect(refusal({ feeTypes: ['OTHER', 'OVERDUE'] })).toEqual({
    type: 'FeeTypeUnknown',
    known: expect.anything(),
    kind: 'invalid',
    feeType: 'OVERDUE',
  });
  expect(refusal({ feeTypes: ['toString'] })?.type).toBe('FeeTypeUnknown');
});

it('checks the role first, so that others learn nothing about the policy', () => {
  expect(refusal({ by: { userId: 'kim', roles: [] }, reason: 'BECAUSE' })?.type).toBe('ActorLacksRole');
});
