import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lineNumber } from '../../../src/interop/koha/kohaLines.js';
import { tried } from '../../support/seeded.js';
import { at, charges, kohaClient } from './kohaClient.js';

it('the numbers of lines are 32-bit integers that never change, others for each kind and patron', () => {
  expect(lineNumber('fee', { patronId: 'p1', id: 'f1' })).toBe(1_192_011_714);
  expect(lineNumber('payment', { patronId: 'p1', id: 'f1' })).toBe(297_324_656);
  fc.assert(
    fc.property(fc.string(), fc.string(), (patronId, id) => {
      const number = lineNumber('fee', { patronId, id });
      expect(Number.isInteger(number) && number > 0 && number < 2 ** 31).toBe(true);
    }),
    tried(300),
  );
});

it('two lines with the same number are both shown, and a payment for that number is refused', async () => {
  const { credit, numbers, account } = await kohaClient(charges(['f1664', '1.00'], ['f13504', '2.00']));
  const [one, other] = await numbers();
  expect(one).toBe(other);
  expect((await credit({ amount: 1, account_lines_ids: [one] })).status).toBe(409);
  expect((await account()).payments).toEqual([]);
  expect((await credit({ amount: 3 })).status).toBe(201);
});

it('a lost item and a growing fine have the status of Koha', async () => {
  const lost = {
    type: 'AssessFee',
    id: 'l',
    feeType: 'LOSTITEMREPLACEMENTFEE',
    amount: '9.00',
    owner: 'CPL',
    at,
  } as const;
  const fine = { type: 'AccrueFine', feeType: 'OVERDUEFINE', total: '1.00', owner: 'CPL', at } as const;
  const { get } = await kohaClient([
    lost,
    { type: 'ReceivePayment', id: 'p', amount: '9.00', method: 'CASH', at },
    { type: 'ReturnLostItem', id: 'r', feeIds: ['l'], at },
    { ...fine, id: 'a1', feeId: 'g1' },
    { ...fine, id: 'a2', feeId: 'g2', ends: 'returned' },
    { ...fine, id: 'a3', feeId: 'g3', ends: 'lost' },
    { ...fine, id: 'a4', feeId: 'g4', ends: 'renewed' },
  ]);
  const statuses = (await get('patrons/51/account/debits')).json.map(
    ({ status }: { status: string }) => status,
  );
  expect(statuses).toEqual(['FOUND', 'UNRETURNED', 'RETURNED', 'LOST', 'RENEWED']);
  const [, refund] = (await get('patrons/51/account/credits')).json;
  expect([refund.type, refund.amount_outstanding]).toEqual(['LOST_FOUND', -9]);
});
