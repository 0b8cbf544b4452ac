import { expect, it } from 'vitest';
import { refusedRow, unknown, withoutCharge } from '../../../src/online/payouts/rowFindings.js';
import type { PaymentRow } from '../../../src/online/payouts/rowTransaction.js';
import { institution, row } from '../shop.js';

it('says what is wrong with a row', () => {
  const one = row('r1', '5.00') as PaymentRow;
  const refused = (type: string) => refusedRow({ institution }, one, 'o1', { type } as never).code;
  expect([unknown(one).code, withoutCharge(one).code]).toEqual(['UNKNOWN_PAYMENT', 'AMOUNT_DIFFERS']);
  expect(
    [
      'OnlinePaymentUnknown',
      'CaptureUnknown',
      'PerhapsReported',
      'ReportInOtherCurrency',
      'ReportDiffers',
    ].map(refused),
  ).toEqual(['UNKNOWN_PAYMENT', 'UNKNOWN_PAYMENT', 'PERHAPS_REPORTED', 'CURRENCY_DIFFERS', 'REPORT_REFUSED']);
});
