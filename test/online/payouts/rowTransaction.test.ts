import type { OnlinePayment } from 'patron-fees/online';
import { describe, expect, it } from 'vitest';
import {
  asRecorded,
  asReturn,
  isUntaken,
  type PaymentRow,
} from '../../../src/online/payouts/rowTransaction.js';

const row = (more: Partial<PaymentRow> = {}) =>
  ({
    rowId: 'r1',
    transaction: 'pi_1',
    type: 'capture',
    amount: '5.00',
    ...more,
  }) as PaymentRow;

const paymentOf = (captures: readonly object[], payouts: readonly object[] = []) =>
  ({ captures, payouts }) as unknown as OnlinePayment;

const paid = (more: object = {}) => ({
  rowId: 'r1',
  kind: 'capture',
  externalTransactionId: 'ch_1',
  amount: '5.00',
  ...more,
});

describe('the transaction of a row', () => {
  it('is the refund under the id of the row if it was recorded as what was not taken', () => {
    const two = [{ externalTransactionId: 'pi_1' }];
    expect(asRecorded(paymentOf(two), row())).toEqual(row());
    expect(asRecorded(paymentOf(two, [paid({ externalTransactionId: 'pi_1' })]), row())).toEqual(row());
    expect(asRecorded(paymentOf(two), row({ type: 'refund' })).transaction).toBe('pi_1');
    const back = paymentOf(two, [paid({ kind: 'return', externalTransactionId: 'r1' })]);
    expect(asRecorded(back, row())).toEqual(asReturn(row()));
    expect(asReturn(row())).toMatchObject({ type: 'refund', of: 'pi_1', transaction: 'r1' });
  });

  it('is returned in part by a row below 0 that its amount does not include', () => {
    const capture = { externalTransactionId: 'pi_1', amount: '5.00', rowId: 'r0' };
    const charge = (amount: string) => paid({ rowId: 'r0', externalTransactionId: 'pi_1', amount });
    const untaken = row({ amount: '-1.00' });
    const told = { externalTransactionId: 'pi_1', amount: '5.00' };
    const isIt = (payment: OnlinePayment, one = untaken) => isUntaken(payment, one);
    expect(isIt(paymentOf([capture], [charge('5.00')]))).toBe(true);
    expect(isIt(paymentOf([capture], [charge('6.00')]))).toBe(false);
    expect(isIt(paymentOf([capture]))).toBe('unknown');
    expect(isIt(paymentOf([told], [charge('5.00')]))).toBe(false);
    expect(isIt(paymentOf([capture], [charge('5.00'), paid({ amount: '-1.00' })]))).toBe(false);
    expect(isIt(paymentOf([capture], [charge('5.00')]), row())).toBe(false);
  });
});
