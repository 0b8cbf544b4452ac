import { type AccountEvent, decide, definePolicy, fold, type PatronAccount } from 'patron-fees';
import type * as alma from 'patron-fees/alma';
import { summary } from 'patron-fees/views';

const policy = definePolicy({ currency: 'USD' });

export function charge(account: PatronAccount): { active: string; events: readonly AccountEvent[] } {
  const decision = decide(
    {
      type: 'AssessFee',
      id: 'f1',
      at: '2026-03-02T09:00:00Z',
      feeType: 'OTHER',
      amount: '2.5',
      owner: 'MAIN',
    },
    account,
    policy,
  );
  // @ts-expect-error what was decided is not to be changed
  decision.events = [];
  return { active: summary(fold(decision.events, account)).active, events: decision.events };
}

export type FromAlma = keyof typeof alma;
