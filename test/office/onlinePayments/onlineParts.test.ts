import { foldOnlinePayment, unrecordedParts } from 'patron-fees/online';
import { describe, expect, it } from 'vitest';
import { history } from './onlinePayments.js';

const [started, captured, , , returned] = history;

describe('unrecordedParts', () => {
  it('lists captures, then returns', () => {
    const payment = foldOnlinePayment([started, captured, returned] as never);
    expect(payment && unrecordedParts(payment).map(({ kind, patronId }) => [kind, patronId])).toEqual([
      ['capture', 'ann'],
      ['capture', 'ben'],
      ['return', 'ann'],
    ]);
  });
});
