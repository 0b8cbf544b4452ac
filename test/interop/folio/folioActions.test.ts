import { describe, expect, it } from 'vitest';
import { folioActions, paymentGroups, readActions } from '../../../src/interop/folio/folioActions.js';
import { checkedReadOptions } from '../../../src/interop/import/readOptions.js';
import { newIntake } from '../../../src/interop/import/refusedRows.js';
import { account, action, folioImport, policy } from './folioImport.js';

const cash = { paymentMethod: 'Cash', transactionInformation: '-' };

describe('actions of FOLIO', () => {
  it('of one payment are one payment of several fees', async () => {
    const paid = { ...cash, transactionInformation: 'Receipt 7' };
    const { all, findings } = await folioImport(
      [account('a1', 4), account('a2', 0)],
      [action('x2', 'a1', 5, 'Paid partially', 6, paid), action('x1', 'a2', 5, 'Paid fully', 10, paid)],
    );
    expect(findings).toEqual([]);
    expect(all.at(-1)).toMatchObject({
      type: 'PaymentReceived',
      data: {
        paymentId: 'folio/action/x1',
        amount: '16.00',
        method: 'Cash',
        reference: 'Receipt 7',
        allocations: [
          { feeId: 'folio/a1', amount: '6.00' },
          { feeId: 'folio/a2', amount: '10.00' },
        ],
      },
    });
  });

  it('waive, transfer and cancel', async () => {
    const { steps, findings, all } = await folioImport(
      [account('a1', 0)],
      [
        action('x1', 'a1', 0, 'Overdue fine', 10, { balance: 10 }),
        action('x2', 'a1', 1, 'Waived partially', 2, { paymentMethod: 'Kindness', balance: 8 }),
        action('x3', 'a1', 2, 'Transferred partially', 3, { paymentMethod: 'Bursar', balance: 5 }),
        action('x4', 'a1', 3, 'Staff info only', 0),
        action('x5', 'a1', 4, 'Cancelled as error', 10, { balance: 0 }),
      ],
    );
    expect([steps, findings]).toEqual([
      ['FeeAssessed 10.00', 'FeeWaived 2.00', 'FeeTransferred 3.00', 'FeeCancelled 5.00'],
      [],
    ]);
    expect(all[1]?.data).toMatchObject({ reason: 'Kindness' });
    expect(all[2]?.data).toMatchObject({ destination: 'Bursar', expectsSettlement: false });
  });

  it('cancel if they have a custom reason; unknown ones are findings', async () => {
    const own = await folioImport(
      [account('a1', 0)],
      [
        action('x1', 'a1', 0, 'Overdue fine', 10, { balance: 10 }),
        action('x2', 'a1', 4, 'Wrong patron', 10, { balance: 0 }),
      ],
    );
    expect([own.steps, own.findings]).toEqual([['FeeAssessed 10.00', 'FeeCancelled 10.00'], []]);
    const unknown = await folioImport(
      [account('a1', 10)],
      [
        action('x1', 'a1', 0, 'Overdue fine', 10, { balance: 10 }),
        action('x2', 'a1', 4, 'Pondered', 3, { balance: 7 }),
      ],
    );
    expect(unknown.findings).toEqual(['UnknownType feefineactions x2 typeAction']);
  });

  it('refund: a payment is reversed, a transfer recalled', async () => {
    const { steps, findings } = await folioImport(
      [account('a1', 5)],
      [
        action('x1', 'a1', 1, 'Paid partially', 6, cash),
        action('x2', 'a1', 2, 'Transferred fully', 4, { paymentMethod: 'Bursar' }),
        action('x3', 'a1', 3, 'Credited partially', 2, { transactionInformation: 'Refund to patron' }),
        action('x4', 'a1', 3, 'Refunded partially', 2, { transactionInformation: 'Refunded to patron' }),
        action('x5', 'a1', 4, 'Refunded fully-Claim returned', 3, {
          transactionInformation: 'Refunded to Bursar',
        }),
      ],
    );
    expect([steps.slice(3), findings]).toEqual([['PaymentReversed 2.00', 'TransferRecalled 3.00'], []]);
  });

  it('that give back more than came in are cut, with a finding (paid 6, transferred 5, the patron gets 11)', async () => {
    const back = { transactionInformation: 'Refunded to patron' };
    const { owed, findings } = await folioImport(
      [account('a1', 11, { amount: 11 })],
      [
        action('x1', 'a1', 1, 'Paid partially', 6, cash),
        action('x2', 'a1', 2, 'Transferred fully', 5, { paymentMethod: 'Bursar' }),
        action('x3', 'a1', 3, 'Refunded partially', 4, back),
        action('x4', 'a1', 4, 'Refunded partially', 4, back),
        action('x5', 'a1', 5, 'Refunded partially', 3, back),
      ],
    );
    expect(Object.values(owed).reduce((sum, one) => sum + one, 0)).toBe(1_100);
    expect(findings).toEqual([
      'AmountDoesNotFit feefineactions x4',
      'AmountDoesNotFit feefineactions x5',
      'BalanceDiffers accounts a1 remaining',
    ]);
  });

  it('are findings without an account or an amount', async () => {
    const { findings } = await folioImport(
      [account('a1', 10)],
      [
        action('x1', 'a9', 1, 'Paid partially', 6, cash),
        action('x2', 'a1', 2, 'Waived partially', 0),
        action('x3', 'a1', 3, 'Paid partially', -1, cash),
      ],
    );
    expect(findings.sort()).toEqual([
      'AmountHasWrongSign feefineactions x2 amountAction',
      'AmountHasWrongSign feefineactions x3 amountAction',
      'UnknownRow feefineactions x1 accountId',
    ]);
  });

  it('are read in the order of their dates', () => {
    const intake = newIntake();
    const options = checkedReadOptions({ policy });
    const rows = [
      action('x2', 'a1', 5, 'Paid fully', 10, {
        ...cash,
        createdAt: '-',
        originalCreatedAt: 'desk-2',
        comments: 'plain',
      }),
      action('x1', 'a1', 1, 'Fine', 10, { balance: 10 }),
      action('x3', 'a1', 1, 'Paid fully', 10, { dateAction: null }),
    ];
    const actions = readActions(rows, 'u1', options, intake);
    expect(actions.map(({ kind }) => kind)).toEqual(['charge', 'payment']);
    expect(actions[1]?.by).toEqual({ userId: 'Doe, Jane', desk: 'desk-2', staffNote: 'plain' });
    expect(intake.findings).toMatchObject([{ code: 'MalformedField', field: 'dateAction' }]);
    expect(paymentGroups(actions, options)).toHaveLength(1);
    const [charge] = actions;
    const fee = { id: 'folio/a1', feeType: 'Fine', owner: 'Main' };
    expect(charge && folioActions({ ...fee, reader: charge.reader }, actions, options)).toEqual([]);
  });
});
