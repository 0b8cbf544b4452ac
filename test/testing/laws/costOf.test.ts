import { expect, it } from 'vitest';
import { emptyAccount, type FeePolicy, type PatronAccount } from '../../../src/index.js';
import { costOf } from '../../../src/testing/laws/costOf.js';
import { afterCommand, chargingOf, pairCommand, pairPolicies } from '../../support/pairCommands.js';

it('the cost is what the patron has paid and owes, here and at the external system, less what came back', () => {
  const [policy] = pairPolicies;
  if (policy === undefined) throw new Error('no policy');
  let account = afterCommand(chargingOf('once'), emptyAccount(), policy) as PatronAccount;
  const costs = (['pay', 'transfer', 'cancelWhole', 'refundUnused', 'goodwill'] as const).map((kind) => {
    account = afterCommand(pairCommand([kind, 4], `c-${kind}`, account), account, policy) ?? account;
    return costOf(account);
  });
  // Cancelled, 4 in cash and the transfer come back: the refund of one of the credits changes nothing.
  expect(costs).toEqual([10, 10, 0, 0, -4]);
});

it('the cost includes a payment to the external system above the pending amount, which became a credit', () => {
  const [policy] = pairPolicies;
  const at = '2026-03-02T09:00:00Z';
  const commands = [
    chargingOf('once'),
    { type: 'TransferFees', id: 't', at, fees: [{ feeId: 'f' }], expectsSettlement: true },
    { type: 'SettleTransfer', id: 's', at, transferId: 't', amount: '12' },
  ] as const;
  let account: PatronAccount | undefined = emptyAccount();
  const costs = commands.map((command) => {
    account = afterCommand(command, account as PatronAccount, policy as FeePolicy);
    return costOf(account as PatronAccount);
  });
  expect(costs).toEqual([10, 10, 10]);
});
