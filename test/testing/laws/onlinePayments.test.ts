import { describe, it } from 'vitest';
import { decide, fold } from '../../../src/index.js';
import { failureOf } from './mutants.js';

describe('law 14, online payments', () => {
  it('catches payments that are recorded in half', async () => {
    await failureOf([14, 'what was taken is recorded once'], {
      fold: (events, account) => {
        const folded = fold(events, account);
        const payments = folded.payments.map((one) => ({ ...one, amount: Math.ceil(one.amount / 2) }));
        return { ...folded, payments };
      },
    });
  });

  it('catches money that is not recorded', async () => {
    await failureOf([14, 'what was taken is recorded once'], {
      decide: (commands, account, policy) =>
        'type' in commands && commands.type === 'ReceivePayment' && commands.overpayment === 'credit'
          ? decide({ ...commands, overpayment: 'refuse' }, account, policy)
          : decide(commands, account, policy),
    });
  });

  it('catches returns that are not recorded', async () => {
    await failureOf([14, 'what went back is reversed once'], {
      decide: (commands, account, policy) =>
        Array.isArray(commands)
          ? decide(
              [{ type: 'CancelFee', id: 'x', feeId: 'none', at: '2026-03-02T09:00:00Z' }],
              account,
              policy,
            )
          : decide(commands, account, policy),
    });
  });

  it('catches an account that does not add up', async () => {
    await failureOf([14, 'reports that come again change nothing'], {
      fold: (events, account) => {
        const folded = fold(events, account);
        const fees = folded.fees.map((fee) => (fee.paid > 0 ? { ...fee, paid: fee.original + 1 } : fee));
        return { ...folded, fees };
      },
    });
  });
});
