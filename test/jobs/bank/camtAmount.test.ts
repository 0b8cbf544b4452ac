import { expect, it } from 'vitest';
import { signedAmount } from '../../../src/jobs/bank/camtAmount.js';

const read = (amount: string, direction: string, digits = 2) =>
  signedAmount(
    new Map([
      ['Amt', amount],
      ['CdtDbtInd', direction],
    ]),
    'Amt',
    digits,
  );

it('an amount gets its sign from its direction, and zero has no sign', () => {
  expect([read(' 1.50 ', 'CRDT'), read('1.5', ' DBIT '), read('0.00', 'DBIT'), read('7', 'DBIT', 0)]).toEqual(
    [150, -150, 0, -7],
  );
});

it('an amount is invalid without a direction, with a sign of its own, or with too many decimals', () => {
  expect([read('1.50', ''), read('-1.50', 'CRDT'), read('1.505', 'CRDT'), read('', 'CRDT')]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(signedAmount(new Map(), 'Amt', 2)).toBeUndefined();
});
