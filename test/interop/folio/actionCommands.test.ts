import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits } from '../../../src/index.js';
import { at, charges, folioClient } from './folioClient.js';
import { isSuccess } from './folioSchemas.js';

const twoFees = charges(['f1', '10.00'], ['f2', '2.55']);

describe('actions without money of the patron', () => {
  it('waive, in part and in full, one fee and several', async () => {
    const { ids, act } = await folioClient(twoFees);
    const all = await ids();
    const part = await act('waive', all, { amount: '11.00', paymentMethod: 'Staff error' });
    expect(part.json.feefineactions.map(({ typeAction }: { typeAction: string }) => typeAction)).toEqual([
      'Waived fully',
      'Waived partially',
    ]);
    const rest = await act('waive', all[1] as string, { amount: '1.55', paymentMethod: 'OTHER' });
    expect(rest.json).toMatchObject({
      remainingAmount: '0.00',
      feefineactions: [{ paymentMethod: 'Other', balance: 0 }],
    });
    expect(
      (await act('waive', all[1] as string, { amount: '1.00', paymentMethod: 'OTHER' })).json.errorMessage,
    ).toBe('Fee/fine is already closed');
    expect((await act('waive', all, { amount: '1.00', paymentMethod: 'Because' })).status).toBe(422);
  });

  it('waive a lost item: what is reserved for it is no longer owed', async () => {
    const lost = {
      type: 'AssessFee',
      id: 'l',
      feeType: 'LOSTITEMREPLACEMENTFEE',
      amount: '25.00',
      owner: 'MAIN',
      at,
    } as const;
    const { ids, act } = await folioClient([lost]);
    const { json } = await act('waive', (await ids())[0] as string, {
      amount: '5.00',
      paymentMethod: 'Other',
    });
    expect(json).toMatchObject({
      remainingAmount: '20.00',
      feefineactions: [{ typeAction: 'Waived partially', balance: 20 }],
    });
  });

  it('transfer to an account of the policy, and refund what was transferred', async () => {
    const { ids, act } = await folioClient(twoFees);
    const [first = ''] = await ids();
    const { json } = await act('transfer', first, { amount: '10.00', paymentMethod: 'bursar' });
    expect(json.feefineactions).toMatchObject([
      { typeAction: 'Transferred fully', paymentMethod: 'Bursar', balance: 0 },
    ]);
    const back = await act('refund', first, { amount: '4.00', paymentMethod: 'Any reason' });
    expect(back.json.feefineactions).toMatchObject([
      {
        typeAction: 'Refunded partially',
        amountAction: 4,
        balance: 4,
        transactionInformation: 'Refunded to transfer account',
      },
    ]);
    expect((await act('transfer', first, { amount: '1.00', paymentMethod: 'Nowhere' })).status).toBe(422);
  });

  it('cancel a fee: what was paid for it becomes a credit', async () => {
    const { ids, act, post, account } = await folioClient(twoFees);
    const [first = '', second = ''] = await ids();
    await act('pay', first, { amount: '4.00' });
    const body = { notifyPatron: false, comments: 'STAFF : wrong', servicePointId: 'CIRC', userName: 'desk' };
    const { status, json } = await post(`accounts/${first}/cancel`, body);
    expect([status, isSuccess(json), json.amount, json.remainingAmount]).toEqual([201, true, '6.00', '0.00']);
    const cancelled = { typeAction: 'Cancelled as error', amountAction: 6, balance: 0 };
    expect(json.feefineactions.at(-1)).toMatchObject(cancelled);
    expect(balancesInMinorUnits(await account()).active).toBe(255 - 400);
    expect((await post(`accounts/${first}/cancel`, body)).json.errorMessage).toBe(
      'Fee/fine is already closed',
    );
    const several = await post('accounts-bulk/cancel', { ...body, accountIds: [second] });
    expect([several.status, isSuccess(several.json), several.json.amount]).toEqual([201, true, '2.55']);
  });

  it('refund payments, the last one first, never more than was paid', async () => {
    const { ids, act, account } = await folioClient(twoFees);
    const [first = ''] = await ids();
    for (const amount of ['4.00', '3.00']) await act('pay', first, { amount });
    const refund = (amount: string) => act('refund', first, { amount, paymentMethod: 'Mistake' });
    const { json } = await refund('5.00');
    expect(json).toMatchObject({ remainingAmount: '8.00' });
    expect(json.feefineactions.map(({ amountAction }: { amountAction: number }) => amountAction)).toEqual([
      3, 2,
    ]);
    expect((await refund('2.01')).json.errorMessage).toContain('less than or equal to Selected amount');
    expect((await refund('2.00')).status).toBe(201);
    expect((await account()).payments.map(({ reversals }) => reversals.length)).toEqual([2, 1]);
  });

  it('refund what was paid for a cancelled fee, which is not owed again; never more than that', async () => {
    const { ids, act, post, account, send } = await folioClient(twoFees);
    const [first = '', second = ''] = await ids();
    await act('pay', [first, second], { amount: '12.55' });
    await act('refund', second, { amount: '2.55', paymentMethod: 'M' });
    await act('refund', first, { amount: '6.00', paymentMethod: 'M' });
    const body = { notifyPatron: false, servicePointId: 'CIRC', userName: 'desk' };
    expect((await post(`accounts/${first}/cancel`, body)).status).toBe(201);
    const refund = (amount: string) => act('refund', first, { amount, paymentMethod: 'Mistake' });
    const { json } = await refund('3.00');
    expect(json.feefineactions).toMatchObject([
      { typeAction: 'Refunded partially', amountAction: 3, balance: 0 },
    ]);
    expect((await refund('1.01')).status).toBe(422);
    expect((await refund('1.00')).status).toBe(201);
    expect((await refund('0.01')).status).toBe(422);
    expect((await send(`accounts/${first}`)).json).toMatchObject({
      remaining: 0,
      status: { name: 'Closed' },
    });
    expect(balancesInMinorUnits(await account())).toMatchObject({ active: 255 });
  });

  it('refund a payment of several fees only with the fees that it paid last', async () => {
    const { ids, act } = await folioClient(twoFees);
    const all = await ids();
    await act('pay', all, { amount: '12.55' });
    const refund = async (fees: string | string[], amount: string) =>
      (await act('refund', fees, { amount, paymentMethod: 'M' })).status;
    expect(await refund(all[0] as string, '10.00')).toBe(422);
    expect(await refund(all[1] as string, '2.55')).toBe(201);
    expect(await refund(all[0] as string, '10.00')).toBe(201);
  });
});
