import { expect, it } from 'vitest';
import {
  captureOf,
  type OnlinePayment,
  transactionOf,
} from '../../../src/office/onlinePayments/onlinePayment.js';

it('a capture and a return are known by their ids', () => {
  const capture = { externalTransactionId: 'ch_1' };
  const returned = { externalTransactionId: 're_1' };
  const payment = { captures: [capture], returns: [returned] } as unknown as OnlinePayment;
  expect(captureOf(payment, 'ch_1')).toBe(capture);
  expect(captureOf(payment, 're_1')).toBeUndefined();
  expect(transactionOf(payment, 'capture', 'ch_1')).toBe(capture);
  expect(transactionOf(payment, 'return', 're_1')).toBe(returned);
  expect(transactionOf(payment, 'return', 'ch_1')).toBeUndefined();
});
