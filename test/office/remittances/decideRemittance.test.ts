import { describe, expect, it } from 'vitest';
import {
  decideRemittance,
  foldRemittances,
  noRemittances,
  type RemittanceCommand,
} from '../../../src/bursar/index.js';
import { policyWith } from '../../support/account.js';
import { policy, received, remittanceEvents, undone } from './remittances.js';

const state = foldRemittances(
  remittanceEvents(received('r1', '400'), undone('u1', 'r1'), received('r2', '5')),
);

const decided = (command: unknown, rules = policy) => {
  const decision = decideRemittance(command as RemittanceCommand, state, rules);
  return decision.accepted ? decision.events : decision.rejection;
};

describe('a remittance', () => {
  it('is recorded with canonical amounts', () => {
    const more = { commission: '1.5', surplus: '2', reference: 'Wire 1', comment: 'March' };
    expect(decided(received('r3', '400', more))).toEqual([
      {
        type: 'RemittanceRecorded',
        data: {
          remittanceId: 'r3',
          destination: 'BURSAR',
          direction: 'received',
          amount: '400.00',
          commission: '1.50',
          surplus: '2.00',
          currency: 'USD',
          reference: 'Wire 1',
          comment: 'March',
          at: '2026-04-01T09:00:00Z',
          by: { channel: 'desk', userId: 'fin' },
        },
        metadata: { commandId: 'r3', commandDigest: expect.any(String) },
      },
    ]);
  });

  it('is recorded once, even if another person sends it again after other changes', () => {
    const again = { ...received('r1', '400.00'), at: '2026-05-01T09:00:00Z', comment: 'again' };
    expect(decided(again)).toEqual([]);
    expect(decided(received('r1', '400.01'))).toEqual({
      type: 'OfficeIdAlreadyUsed',
      kind: 'conflict',
      id: 'r1',
    });
    expect(decided(undone('u1', 'r1'))).toEqual([]);
  });

  const rejected: readonly (readonly [string, unknown, object])[] = [
    [
      'an unknown system',
      received('x', '1', { destination: 'OTHER' }),
      { type: 'RemittanceDestinationUnknown' },
    ],
    [
      'a surplus above amount and commission',
      received('x', '1', { commission: '1', surplus: '2.01' }),
      { type: 'RemittanceSurplusExceedsAmount', amount: '2.00', surplus: '2.01' },
    ],
    ['the reversal of an unknown one', undone('x', 'r9'), { type: 'RemittanceNotFound', remittanceId: 'r9' }],
    ['a second reversal', undone('x', 'r1'), { type: 'RemittanceAlreadyReversed', remittanceId: 'r1' }],
    ['no user', { ...received('x', '1'), by: { channel: 'job' } }, { type: 'InvalidOfficeCommand' }],
    ['another field', { ...received('x', '1'), more: 1 }, { type: 'InvalidOfficeCommand' }],
    ['another type', { ...received('x', '1'), type: 'Remit' }, { type: 'InvalidOfficeCommand' }],
    ['nothing', null, { type: 'InvalidOfficeCommand' }],
  ];

  it.each(rejected)('is refused with %s', (_, command, rejection) => {
    expect(decided(command)).toMatchObject(rejection);
  });

  it.each(['0', '-1', '1.001', '1e3', ' 1', 'NaN', '99999999999999'])(
    'is refused for the amount %j',
    (amount) => {
      for (const command of [received('x', amount), received('x', '1', { surplus: amount })]) {
        expect(decided(command)).toMatchObject({ type: 'InvalidOfficeCommand' });
      }
    },
  );

  it('has no commission if it is paid', () => {
    const paid = received('x', '5', { direction: 'paid' });
    expect(decided(paid)).toHaveLength(1);
    expect(decided({ ...paid, commission: '1' })).toMatchObject({ type: 'InvalidOfficeCommand' });
  });

  it('is refused in another currency', () => {
    const yen = policyWith({ currency: 'JPY', destinations: { BURSAR: 'Bursar' } });
    expect(decided(received('x', '5'), yen)).toMatchObject({ type: 'OfficeInOtherCurrency' });
  });

  it('is decided without a state, for a first one', () => {
    expect(decideRemittance(undone('x', 'r1'), noRemittances, policy).accepted).toBe(false);
  });

  it('can be reversed for a system that the policy no longer has', () => {
    expect(decided(undone('x', 'r2'), policyWith({}))).toMatchObject([
      { type: 'RemittanceReversed', data: { amount: '5.00' } },
    ]);
  });
});
