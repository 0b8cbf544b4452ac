import { findFee, type PatronAccount } from 'patron-fees';
import { mergeAccounts } from 'patron-fees/institution';
import { summary } from 'patron-fees/views';
import { describe, expect, it } from 'vitest';
import { at, back, fee, institution, openShop, policyOf, type Shop, taken } from './shop.js';

const whole = [{ patronId: 'ann' }, { patronId: 'ben' }];

async function begun(parts = whole): Promise<Shop> {
  const shop = await openShop();
  expect(await shop.start('o1', parts)).toMatchObject({ accepted: true });
  return shop;
}

const rejectionsOf = ({ rejections }: { readonly rejections: readonly { readonly type: string }[] }) =>
  rejections.map(({ type }) => type);

const owedOn = (account: PatronAccount, feeId: string) => findFee(account, feeId)?.paid;

async function active(shop: Shop, patronId: string): Promise<string> {
  return summary(await shop.account(patronId), shop.policy).active;
}

describe('reportOnlinePayment', () => {
  it('pays the fees of a household in one payment, and keeps the service fee', async () => {
    const shop = await begun();
    const result = await shop.report('o1', taken('ch_1', '19.50'));
    expect(result).toMatchObject({ accepted: true, rejections: [], waiting: [] });
    expect(result.payment?.captures[0]).toMatchObject({ amount: '19.50', serviceFee: '0.50' });
    expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['0.00', '0.00']);
  });

  it('records a report that comes twice once', async () => {
    const shop = await begun();
    await shop.report('o1', taken('ch_1', '19.50'));
    const before = await shop.account('ann');
    expect(await shop.report('o1', taken('ch_1', '19.5'))).toMatchObject({ accepted: true });
    expect(await shop.account('ann')).toEqual(before);
  });

  it('refuses a report of an unknown payment', async () => {
    const shop = await begun();
    const result = await shop.report('o2', taken('ch_1', '19.50'));
    expect([rejectionsOf(result), result.payment]).toEqual([['OnlinePaymentUnknown'], null]);
  });

  it('refuses a wrong currency, and records the rest of the report', async () => {
    const shop = await begun();
    const captures = [
      ...(taken('ch_1', '19.50', 'EUR').captures ?? []),
      ...(taken('ch_2', '19.50').captures ?? []),
    ];
    const result = await shop.report('o1', { captures });
    expect(rejectionsOf(result)).toEqual(['ReportInOtherCurrency']);
    expect(await active(shop, 'ann')).toBe('0.00');
  });

  it.each(['-5.00', '0.00', '1e3', '5.001', ''])('refuses the amount %j', async (amount) => {
    const shop = await begun();
    expect(rejectionsOf(await shop.report('o1', taken('ch_1', amount)))).toEqual(['InvalidOnlinePayment']);
    expect(await active(shop, 'ann')).toBe('15.00');
  });

  it('keeps an amount below the service fee as a part of it, and the rest of it later', async () => {
    const shop = await begun();
    const { payment } = await shop.report('o1', taken('ch_1', '0.30'));
    expect(payment?.captures[0]).toMatchObject({ serviceFee: '0.30', accounts: [] });
    const later = await shop.report('o1', taken('ch_2', '1.00'));
    expect(later.payment?.captures[1]).toMatchObject({ serviceFee: '0.20' });
    expect(owedOn(await shop.account('ann'), 'f1')).toBe(80);
  });

  it('refuses a capture that is told with another amount', async () => {
    const shop = await begun();
    await shop.report('o1', taken('ch_1', '19.50'));
    expect(rejectionsOf(await shop.report('o1', taken('ch_1', '20.00')))).toEqual(['ReportDiffers']);
  });

  it('refuses a return before its capture, and records it when it is told again', async () => {
    const shop = await begun();
    expect(rejectionsOf(await shop.report('o1', back('re_1', 'ch_1', '19.50')))).toEqual(['CaptureUnknown']);
    await shop.report('o1', taken('ch_1', '19.50'));
    const result = await shop.report('o1', back('re_1', 'ch_1', '19.50'));
    expect(result).toMatchObject({ accepted: true, waiting: [] });
    expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['15.00', '4.00']);
  });

  it('records capture and return of one report in that order', async () => {
    const shop = await begun();
    const report = { ...back('re_1', 'ch_1', '4.00'), ...taken('ch_1', '19.50') };
    expect(await shop.report('o1', report)).toMatchObject({ accepted: true, waiting: [] });
    expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['0.00', '4.00']);
  });

  it('makes the second of two transactions a credit of the payer', async () => {
    const shop = await begun();
    await shop.report('o1', taken('ch_1', '19.50'));
    const { payment } = await shop.report('o1', taken('ch_2', '19.50'));
    expect(payment?.recorded.at(-1)).toMatchObject({ patronId: 'ann', amount: '19.50', credited: '19.50' });
    expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['-19.50', '0.00']);
  });

  it('refuses one transaction told under two payments', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    await shop.start('o2', [{ patronId: 'ben' }]);
    await shop.report('o1', taken('ch_1', '15.50'));
    const result = await shop.report('o2', taken('ch_1', '15.50'));
    expect(result.rejections).toEqual([
      {
        type: 'TransactionOfOtherPayment',
        kind: 'conflict',
        externalTransactionId: 'ch_1',
        onlinePaymentId: 'o1',
      },
    ]);
  });

  it('counts what another program posted with the same transaction', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    const posted = { type: 'ReceivePayment', id: 'portal', amount: '5.00', method: 'ONLINE', at } as const;
    await shop.give('ann', { ...posted, externalTransactionId: 'ch_1', feeIds: ['f1'] });
    const { payment } = await shop.report('o1', taken('ch_1', '15.50'));
    expect(payment?.recorded[0]).toMatchObject({ amount: '15.00', byOthers: '5.00' });
    expect(await active(shop, 'ann')).toBe('0.00');
    const again = await shop.give('ann', {
      ...posted,
      id: 'portal2',
      externalTransactionId: 'ch_1',
      feeIds: ['f2'],
    });
    expect(again.decision).toMatchObject({ rejection: { type: 'ExceedsTransactionTotal', total: '15.00' } });
  });

  it('records beside a part of another program that looks the same, with another total', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    const posted = { type: 'ReceivePayment', id: 'portal', amount: '5.00', method: 'ONLINE', at } as const;
    const transaction = { externalTransactionId: 'ch_1', part: 'whole' } as const;
    await shop.give('ann', { ...posted, ...transaction, feeIds: ['f1'] });
    const result = await shop.report('o1', taken('ch_1', '15.50'));
    expect(result.waiting).toEqual([]);
    expect(await active(shop, 'ann')).toBe('0.00');
  });

  it('leaves a transaction that another program posted whole as it is', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    const posted = { type: 'ReceivePayment', id: 'portal', amount: '15.00', method: 'ONLINE', at } as const;
    await shop.give('ann', { ...posted, externalTransactionId: 'ch_1' });
    const { payment } = await shop.report('o1', taken('ch_1', '15.50'));
    expect(payment?.recorded[0]).toMatchObject({ recordedId: 'portal', byOthers: '15.00' });
    expect(await active(shop, 'ann')).toBe('0.00');
  });

  it('credits what a waiver, a dispute and another payment left nothing to pay of', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    await shop.give('ann', {
      type: 'ReceivePayment',
      id: 'p1',
      amount: '5.00',
      method: 'CASH',
      feeIds: ['f1'],
      at,
    });
    await shop.give('ann', { type: 'DisputeFee', id: 'd1', feeId: 'f2', at });
    const { payment } = await shop.report('o1', taken('ch_1', '15.50'));
    expect(payment?.recorded[0]).toMatchObject({ amount: '15.00', credited: '15.00' });
  });

  it('records in the account of a patron who was merged meanwhile', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    const from = { institution, patronId: 'ann' };
    await mergeAccounts(shop.stores.accounts, shop.policy, {
      from,
      into: { ...from, patronId: 'ann2' },
      id: 'm1',
      at,
    });
    expect(await shop.report('o1', taken('ch_1', '15.50'))).toMatchObject({ accepted: true, waiting: [] });
    expect(await active(shop, 'ann')).toBe('0.00');
  });

  it('records although the policy has dropped the method, the types and online payments since', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    const { onlinePayments: _o, ...rest } = shop.policy;
    const dropped = {
      ...rest,
      paymentMethods: { CASH: 'Cash' },
      feeTypes: { SHORT: { label: 'Taken back' } },
    };
    shop.policy = policyOf(
      {},
      { ...dropped, onlinePayments: false, permissions: {}, backdating: { days: 1 } },
    );
    expect(await shop.report('o1', taken('4111111111111111', '15.50'))).toMatchObject({
      accepted: true,
      waiting: [],
    });
    expect(await shop.report('o1', back('re_1', '4111111111111111', '15.50'))).toMatchObject({ waiting: [] });
    expect(await active(shop, 'ann')).toBe('15.00');
  });

  it('counts a refund that staff entered with the return, in whichever account', async () => {
    const shop = await begun();
    await shop.report('o1', taken('ch_1', '22.50'));
    const [credit] = (await shop.account('ann')).credits;
    const refund = { type: 'RefundCredit', id: 'r1', amount: '3.00', method: 'ONLINE', at } as const;
    await shop.give('ann', { ...refund, creditId: credit?.creditId ?? '', externalTransactionId: 're_1' });
    const result = await shop.report('o1', back('re_1', 'ch_1', '3.00'));
    expect(result.payment?.recorded.at(-1)).toMatchObject({ recordedId: 'r1', byOthers: '3.00' });
    expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['0.00', '0.00']);
  });

  it('leaves a refund of another id to that return, and charges the shortfall', async () => {
    const shop = await begun();
    await shop.report('o1', taken('ch_1', '22.50'));
    const [credit] = (await shop.account('ann')).credits;
    const refund = { type: 'RefundCredit', id: 'r1', amount: '3.00', method: 'ONLINE', at } as const;
    await shop.give('ann', { ...refund, creditId: credit?.creditId ?? '', externalTransactionId: 're_0' });
    const result = await shop.report('o1', back('re_1', 'ch_1', '3.00', { kind: 'chargeback' }));
    expect(result.waiting).toEqual([]);
    expect(await active(shop, 'ann')).toBe('3.00');
    const other = await shop.report('o1', back('re_0', 'ch_1', '3.00'));
    expect(other.payment?.recorded.at(-1)).toMatchObject({ recordedId: 'r1', byOthers: '3.00' });
    expect(await active(shop, 'ann')).toBe('3.00');
  });

  it('counts a reversal by hand with the method of the payment once', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    const { payment } = await shop.report('o1', taken('ch_1', '15.50'));
    const paymentId = payment?.recorded[0]?.recordedId ?? '';
    await shop.give('ann', { type: 'ReversePayment', id: 'hand', paymentId, amount: '4.00', at });
    await shop.report('o1', back('re_1', 'ch_1', '3.00'));
    expect(await active(shop, 'ann')).toBe('4.00');
    const result = await shop.report('o1', back('re_2', 'ch_1', '3.00'));
    expect(result.payment?.recorded.slice(1)).toMatchObject([{ byOthers: '3.00' }, { byOthers: '1.00' }]);
    expect(await active(shop, 'ann')).toBe('6.00');
  });

  it('says what waits where staff handed the money back in cash', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    const { payment } = await shop.report('o1', taken('ch_1', '15.50'));
    const paymentId = payment?.recorded[0]?.recordedId ?? '';
    await shop.give('ann', { type: 'ReversePayment', id: 'hand', paymentId, method: 'CASH', at });
    const { waiting } = await shop.report('o1', back('re_1', 'ch_1', '15.50'));
    expect(waiting).toMatchObject([{ kind: 'return', amount: '15.00', because: { type: 'AlreadyUndone' } }]);
  });

  it('refuses to give back more than is left of a capture', async () => {
    const shop = await begun();
    await shop.report('o1', taken('ch_1', '19.50'));
    await shop.report('o1', back('re_1', 'ch_1', '19.00'));
    const result = await shop.report('o1', back('re_2', 'ch_1', '1.00'));
    expect(result.rejections).toMatchObject([{ type: 'ReturnExceedsCapture', left: '0.50' }]);
  });

  it('gives a return to the payment of its capture, whatever payment it names', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    await shop.start('o2', [{ patronId: 'ben' }]);
    await shop.report('o1', taken('ch_1', '15.50'));
    for (const named of ['o2', 'unknown']) {
      const result = await shop.report(named, back('re_1', 'ch_1', '5.00'));
      expect(result).toMatchObject({ accepted: true, payment: { onlinePaymentId: 'o1' } });
    }
    expect(await active(shop, 'ann')).toBe('5.00');
  });

  it('refuses a return that is told of another capture', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    await shop.report('o1', taken('ch_1', '15.50'));
    await shop.report('o1', taken('ch_2', '15.50'));
    await shop.report('o1', back('re_1', 'ch_1', '5.00'));
    expect(rejectionsOf(await shop.report('o1', back('re_1', 'ch_2', '5.00')))).toEqual(['ReportDiffers']);
  });

  it('takes back first what the caller names, then credits, then the last account, then the service fee', async () => {
    const shop = await begun();
    await shop.report('o1', taken('ch_1', '20.50'));
    const named = { accounts: [{ patronId: 'ann', amount: '2.00' }] };
    const { payment } = await shop.report('o1', back('re_1', 'ch_1', '4.00', named));
    expect(payment?.returns[0]?.accounts).toEqual([
      { patronId: 'ann', amount: '2.00' },
      { patronId: 'ben', amount: '2.00' },
    ]);
    const rest = await shop.report('o1', back('re_2', 'ch_1', '16.50'));
    expect(rest.payment?.returns[1]).toMatchObject({ serviceFee: '0.50' });
    expect([await active(shop, 'ann'), await active(shop, 'ben')]).toEqual(['15.00', '4.00']);
  });

  it('records money after every end, and says that the payment ended', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    await shop.report('o1', { ended: { cause: 'cancelled', final: true } });
    const { payment } = await shop.report('o1', {
      ...taken('ch_1', '15.50'),
      ended: { cause: 'expired', final: false },
    });
    expect(payment?.ended).toMatchObject({ cause: 'cancelled', final: true });
    expect(await active(shop, 'ann')).toBe('0.00');
  });

  it('records the parts of other accounts where one cannot be read', async () => {
    const shop = await begun();
    const broken = {
      type: 'PaymentReceived',
      data: { paymentId: 'x', amount: '1.00', currency: 'EUR', method: 'CASH', allocations: [], at },
    } as const;
    await shop.stores.accounts.append({ institution, patronId: 'ann' }, [broken], { expectedVersion: 'any' });
    const { waiting } = await shop.report('o1', taken('ch_1', '19.50'));
    expect(waiting).toMatchObject([
      { patronId: 'ann', amount: '15.00', because: { code: 'CORRUPT_HISTORY' } },
    ]);
    expect(await active(shop, 'ben')).toBe('0.00');
  });

  it('takes a chargeback that was won as a capture of its own', async () => {
    const shop = await begun([{ patronId: 'ann' }]);
    await shop.report('o1', taken('ch_1', '15.50'));
    await shop.report('o1', back('dp_1', 'ch_1', '15.50', { kind: 'chargeback' }));
    expect(await active(shop, 'ann')).toBe('15.00');
    const { payment } = await shop.report('o1', taken('dp_1', '15.50'));
    expect(payment?.captures[1]).toMatchObject({ serviceFee: '0.50' });
    expect(await active(shop, 'ann')).toBe('0.00');
  });

  it('charges a shortfall where the credit of a return is used', async () => {
    const shop = await begun([{ patronId: 'ann', feeId: 'f1' }] as never);
    await shop.report('o1', taken('ch_1', '8.50'));
    const [credit] = (await shop.account('ann')).credits;
    const use = { creditId: credit?.creditId ?? '', allocations: [{ feeId: 'f2', amount: '3.00' }] };
    await shop.give('ann', { type: 'ApplyCredit', id: 'a1', ...use, at });
    expect(await shop.report('o1', back('re_1', 'ch_1', '8.50'))).toMatchObject({ waiting: [] });
    const account = await shop.account('ann');
    expect(account.fees.map(({ feeType }) => feeType)).toEqual(['OTHER', 'OTHER', 'SHORT']);
    expect(await active(shop, 'ann')).toBe('15.00');
    await shop.give('ann', fee('f3', '1.00'));
  });
});
