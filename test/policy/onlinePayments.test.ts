import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../../src/input/faults.js';
import { policySchema } from '../../src/policy/policySchema.js';

function policyFaults(policy: object) {
  const schema = policySchema(2);
  return faultsOf(v.safeParse(schema, policy).issues ?? [], schema);
}

describe('online payments', () => {
  const feeTypes = { OTHER: { label: 'Other' }, OLD: { label: 'Old', retired: true } };
  const paymentMethods = { CARD: 'Card' };
  const onlinePayments = { method: 'CARD', shortfallFee: { feeType: 'OTHER', owner: 'MAIN' } };
  const faultsIn = (given: unknown) =>
    policyFaults({ currency: 'USD', feeTypes, paymentMethods, onlinePayments: given });
  const faults = (changed: object) => faultsIn({ ...onlinePayments, ...changed });

  it('have defaults', () => {
    expect(
      v.parse(policySchema(2), { currency: 'USD', feeTypes, paymentMethods, onlinePayments }).onlinePayments,
    ).toEqual({
      ...onlinePayments,
      exactBalance: false,
      accruing: false,
      expiresAfterMinutes: 60,
      sharedAccount: false,
    });
    expect(faultsIn(false)).toEqual([]);
    expect(faultsIn(true)).toMatchObject([{ path: 'onlinePayments' }]);
  });

  it('need a payment method and a fee type of the policy', () => {
    expect(faults({})).toEqual([]);
    expect(faults({ method: 'CASH' })).toMatchObject([
      { path: 'onlinePayments.method', expected: 'a payment method of this policy' },
    ]);
    for (const type of ['OLD', 'NONE', 'constructor'])
      expect(faults({ shortfallFee: { feeType: type, owner: 'MAIN' } })).toMatchObject([
        {
          path: 'onlinePayments.shortfallFee.feeType',
          expected: 'a fee type of this policy that is not retired',
        },
      ]);
  });

  it('have a service fee that is an amount or a percentage', () => {
    expect(faults({ serviceFee: { amount: '0.50', vatPercent: 19 } })).toEqual([]);
    expect(faults({ serviceFee: { percent: 1.5 } })).toEqual([]);
    for (const serviceFee of [{}, { amount: '0.50', percent: 1 }])
      expect(faults({ serviceFee })).toMatchObject([{ path: 'onlinePayments.serviceFee' }]);
    expect(faults({ serviceFee: { percent: 101 } })).toMatchObject([
      { path: 'onlinePayments.serviceFee.percent' },
    ]);
    for (const expiresAfterMinutes of [0, 525_601])
      expect(faults({ expiresAfterMinutes })).toMatchObject([{ path: 'onlinePayments.expiresAfterMinutes' }]);
  });
});
