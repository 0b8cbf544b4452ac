import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, definePolicy, emptyAccount, type FeePolicy, fold } from '../../../src/index.js';
import { usualPolicies, variantOf } from '../../../src/testing/arbitraries/policies.js';
import { formatStory, printedAs, type Step } from '../../../src/testing/arbitraries/story.js';
import { assess, pay } from '../../support/account.js';

const [policy] = usualPolicies as [(typeof usualPolicies)[number]];

describe('a formatted story', () => {
  const steps: Step[] = [];
  for (const [command, inForce] of [
    [assess('f1', '10.00', { feeType: 'OTHER', comment: 'for nobody', by: { channel: 'desk' } }), policy],
    [pay('p1', '4.00', { allocations: [{ feeId: 'f1', amount: '4.00' }] }), variantOf(policy, 'next')],
    [pay('p1', '4.00', { allocations: [{ feeId: 'f1', amount: '4.00' }] }), policy],
    [pay('p2', '40.00'), policy],
  ] as const) {
    const before = steps.at(-1)?.after ?? emptyAccount();
    const decision = decide(command, before, inForce);
    steps.push({ command, policy: inForce, before, decision, after: fold(decision.events, before) });
  }

  it('has a line for each command, with its result', () => {
    expect(formatStory({ policy, steps }).split('\n')).toEqual([
      'In USD:',
      '1. AssessFee f1 feeType=OTHER amount=10.00 owner=MAIN by=(channel=desk) -> FeeAssessed',
      '2. ReceivePayment p1 amount=4.00 method=CASH allocations=[(feeId=f1 amount=4.00)], under a policy with overpayment=credit, paymentOrder=newest-first, unpaidOnReturn=all -> PaymentReceived',
      '3. ReceivePayment p1 amount=4.00 method=CASH allocations=[(feeId=f1 amount=4.00)] -> nothing',
      '4. ReceivePayment p2 amount=40.00 method=CASH -> refused: PaymentExceedsOwed',
    ]);
  });

  it('says where it stopped', () => {
    const { command, decision } = steps[0] as Step;
    const formatted = (broken: Parameters<typeof formatStory>[0]['broken']) =>
      formatStory({ policy, steps: [], ...(broken === undefined ? {} : { broken }) });
    expect(formatted({ command, decision, error: new Error('full') })).toMatch(
      /^In USD:\n1\. AssessFee f1 .* -> FeeAssessed, then throws full$/,
    );
    expect(formatted({ command, error: 17 })).toMatch(/by=\(channel=desk\) -> throws 17$/);
  });

  it('names the policies it was decided by', () => {
    const formatted = (policy: FeePolicy, inForce = policy) =>
      formatStory({ policy, steps: steps.slice(0, 1).map((step) => ({ ...step, policy: inForce })) }).split(
        '\n',
      );
    const rules = definePolicy({
      currency: 'JPY',
      overpayment: 'credit',
      paymentOrder: 'evenly',
      transfers: { expectsSettlement: true, fees: { minimumAmount: '500', minimumAgeDays: 2 } },
    });
    expect(formatted(rules)[0]).toBe(
      'In JPY, overpayment=credit, paymentOrder=evenly, expectsSettlement=true, transferredFees=(minimumAmount=500 minimumAgeDays=2):',
    );
    expect(formatted(policy, variantOf(policy, 'foreign'))[1]).toContain(
      ', under a policy with currency=EUR -> ',
    );
    expect(formatted(policy, variantOf(policy, 'later'))[1]).toContain(
      ', under a policy with other codes -> ',
    );
  });
});

describe('printedAs', () => {
  it('changes how fast-check prints a value, and nothing else about it', () => {
    const value = { a: 1 };
    expect(printedAs(value, () => 'once upon a time')).toBe(value);
    expect(fc.stringify([value])).toBe('[\nonce upon a time\n]');
    expect(Object.keys(value)).toEqual(['a']);
    expect(value).toEqual({ a: 1 });
  });
});
