/** Lines of Stripe's itemised payout reconciliation: charges of 13.00, and a refund of 5.00 of every tenth. */
export function* stripeReport(rowCount: number): Generator<string> {
  yield 'automatic_payout_id,automatic_payout_effective_at,balance_transaction_id,created,available_on,currency,gross,fee,net,reporting_category,source_id,description,customer_facing_amount,customer_facing_currency,charge_id,payment_metadata[onlinePaymentId]\r\n';
  for (let n = 0; n < rowCount; n++) {
    const isRefund = n % 10 === 9;
    const of = isRefund ? n - 1 : n;
    const money = isRefund ? '-5.00,0.00,-5.00,refund' : '13.00,0.68,12.32,charge';
    yield `po_${Math.floor(n / 500)},2026-03-04 00:00:00,txn_${n},2026-03-02 10:00:00,2026-03-04 00:00:00,usd,${money},${isRefund ? 're' : 'ch'}_${n},"Library fines, online",${isRefund ? '-5.00' : '13.00'},usd,ch_${of},op-${of}\r\n`;
  }
}

/** Joins lines to pieces of some kilobytes, and counts the lines that were taken. */
export function piecesOf(lines: Iterable<string>) {
  let read = 0;
  function* text(): Generator<string> {
    let piece = '';
    for (const line of lines) {
      read += 1;
      piece += line;
      if (piece.length < 16_384) continue;
      yield piece;
      piece = '';
    }
    yield piece;
  }
  return { text: text(), linesRead: () => read };
}

/** Lines of Adyen's settlement details: payments of 13.00, and a payout for every 500. */
export function* adyenReport(rowCount: number): Generator<string> {
  yield 'Company Account,Merchant Account,Psp Reference,Merchant Reference,Payment Method,Creation Date,TimeZone,Type,Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Exchange Rate,Net Currency,Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),Payment Method Variant,Modification Merchant Reference,Batch Number\r\n';
  for (let n = 0; n < rowCount; n++) {
    const batch = Math.floor(n / 500);
    yield `Co,Lib,P${n},op-${n},visa,2026-03-02 11:26:49,CET,Settled,M${n},EUR,,13.00,1,EUR,,12.68,,0.10,0.05,0.17,visaclassic,,${batch}\r\n`;
    if (n % 500 === 499) {
      yield `Co,Lib,,,,2026-03-04 02:00:00,CET,MerchantPayout,"TX${batch}, batch ${batch}",,,,,EUR,6340.00,,,,,,,,${batch}\r\n`;
    }
  }
}
