import { expect, it } from 'vitest';
import type { StepResult } from '../../../src/testing/feeSystem/compare.js';
import { formatDivergence } from '../../../src/testing/feeSystem/formatDivergence.js';
import type { NamedRequest } from '../../../src/testing/feeSystem/requests.js';

const currency = 'USD';
const fee = { id: 'f1', feeType: 'OTHER', amount: '10.00', currency, lostItem: false, refundPercent: 0 };
const lost = { ...fee, id: 'f2', feeType: 'LOST', lostItem: true, refundPercent: 50 };
const part = (id: string) => ({ id, feeId: 'f1', amount: '4.00' });
const pay = (id: string, feeIds: string[]): NamedRequest => ({
  name: 'pay',
  request: { id, amount: '4.00', currency, feeIds },
});

const played = (more: Partial<StepResult>, ...requests: NamedRequest[]): StepResult => ({
  requests,
  delivery: 'once',
  answers: requests.map(() => ({ accepted: true })),
  ...more,
});

it('formats every kind of step, and both sides', () => {
  const comparison = {
    rows: [
      { label: 'owed on f1', cells: ['6.00', '10.00'], differs: true },
      { label: 'owed', cells: ['16.00', 'x'.repeat(100)], differs: true },
    ],
    differs: true,
  };
  const steps = [
    played({}, { name: 'assess', request: fee }),
    played({ delivery: 'twice' }, { name: 'assess', request: lost }),
    played({ delivery: 'twiceAtOnce' }, pay('p3', ['f1', 'f2'])),
    played({}, pay('p4', ['f1']), { name: 'waive', request: part('w5') }),
    played({}, { name: 'dispute', request: { id: 'd6', feeId: 'f1' } }),
    played({}, { name: 'restore', request: { id: 'e7', feeId: 'f1' } }),
    played({}, { name: 'transfer', request: part('t8') }),
    played({}, { name: 'returnLostItem', request: { id: 'l9', feeId: 'f2' } }),
    played({}, { name: 'cancel', request: part('c10') }),
    played({ answers: [{ accepted: false }] }, { name: 'refund', request: { id: 'r11', amount: '1.00' } }),
    played({}, { name: 'reversePayment', request: { id: 'v12', paymentId: 'p3' } }),
  ];
  expect(formatDivergence({ steps, comparison }).split('\n')).toEqual([
    '1. f1: a fee of 10.00 (OTHER)',
    '2. f2: a fee of 10.00 (LOST, for a lost item, 50 % of it back when it returns), and this is delivered twice',
    '3. p3: 4.00 is paid for f1, f2, and this is delivered twice at once',
    '4. p4: 4.00 is paid for f1, and at the same time w5: 4.00 of f1 is waived',
    '5. d6: f1 is disputed',
    '6. e7: f1 is restored',
    '7. t8: 4.00 of f1 is transferred',
    '8. l9: the lost item of f2 comes back',
    '9. c10: 4.00 of f1 is cancelled as charged in error',
    '10. r11: 1.00 is refunded (we refuse)',
    '11. v12: the payment p3 is reversed',
    '',
    '              ours   yours',
    '> owed on f1  6.00   10.00',
    `  owed        16.00  ${'x'.repeat(59)}…`,
  ]);
});
