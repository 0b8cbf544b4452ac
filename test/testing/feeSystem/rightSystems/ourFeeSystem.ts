import { emptyAccount, type FeePolicy } from '../../../../src/index.js';
import { ourFigures } from '../../../../src/testing/feeSystem/figures.js';
import { ourAnswer } from '../../../../src/testing/feeSystem/ourAnswer.js';
import type { NamedRequest } from '../../../../src/testing/feeSystem/requests.js';
import type { FeeSystem, FeeSystemAnswer } from '../../../../src/testing/index.js';

/** Our account behind the interface. A refund that comes again would pay out the next credits, so its id is kept. */
export function ourFeeSystem(policy: FeePolicy): Required<FeeSystem> {
  let account = emptyAccount();
  const refunds = new Map<string, FeeSystemAnswer>();
  const ask = async (asked: NamedRequest) => {
    const known = refunds.get(asked.request.id);
    if (known !== undefined) return known;
    const ours = ourAnswer(account, asked, policy);
    account = ours.account;
    if (asked.name === 'refund') refunds.set(asked.request.id, ours.answer);
    return ours.answer;
  };
  return {
    assess: (request) => ask({ name: 'assess', request }),
    pay: (request) => ask({ name: 'pay', request }),
    waive: (request) => ask({ name: 'waive', request }),
    dispute: (request) => ask({ name: 'dispute', request }),
    restore: (request) => ask({ name: 'restore', request }),
    transfer: (request) => ask({ name: 'transfer', request }),
    returnLostItem: (request) => ask({ name: 'returnLostItem', request }),
    cancel: (request) => ask({ name: 'cancel', request }),
    refund: (request) => ask({ name: 'refund', request }),
    reversePayment: (request) => ask({ name: 'reversePayment', request }),
    balances: async () => {
      const figures = ourFigures(account, 2).map(({ name, shown }) => [name, shown] as const);
      const ofAccount = Object.fromEntries(figures.slice(account.fees.length));
      const fees = account.fees.map(({ feeId }, index) => ({ feeId, owed: figures[index]?.[1] ?? '' }));
      return { ...ofAccount, fees };
    },
    release: async () => undefined,
  };
}
