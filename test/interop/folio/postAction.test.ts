import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/history/index.js';
import { balancesInMinorUnits, definePolicy } from '../../../src/index.js';
import { at, charges, folioClient, policy, userId } from './folioClient.js';
import { isCheck, isErrors, isFailure, isSuccess } from './folioSchemas.js';

describe('postAction', () => {
  const twoFees = charges(['f1', '10.00'], ['f2', '2.55']);

  describe('a payment', () => {
    it('of one fee returns what remains and what was recorded', async () => {
      const { ids, act, account } = await folioClient(twoFees);
      const [first = ''] = await ids();
      const body = { amount: '4.00', transactionInfo: 'A-17', comments: 'STAFF : called \n PATRON : thanks' };
      const { status, json } = await act('pay', first, body);
      expect([status, isSuccess(json)]).toEqual([201, true]);
      expect(json).toMatchObject({ accountId: first, amount: '4.00', remainingAmount: '6.00' });
      expect(json.feefineactions).toMatchObject([
        {
          accountId: first,
          userId,
          typeAction: 'Paid partially',
          amountAction: 4,
          balance: 6,
          paymentMethod: 'Credit card',
          transactionInformation: 'A-17',
          comments: 'PATRON : thanks',
          createdAt: 'CIRC',
          source: 'kiosk',
        },
      ]);
      const { payments, fees } = await account();
      expect(payments).toMatchObject([
        { amount: 400, method: 'CREDIT_CARD', reference: 'A-17', externalTransactionId: null },
      ]);
      expect(fees[0]?.transactions.at(-1)?.staffNote).toBe('called');
    });

    it.each([
      ['oldest-first', [0.5, 0.5, 2]],
      ['largest-first', [0.5, 0.5, 2]],
      ['evenly', [0.5, 0.5, 2]],
    ] as const)('of several fees is spread in the order of the policy: %s', async (paymentOrder, all) => {
      const own = definePolicy({ currency: 'USD', paymentOrder });
      const { ids, act } = await folioClient(charges(['f1', '0.50'], ['f2', '0.50'], ['f3', '2.00']), {
        policy: own,
      });
      const amounts = (json: { feefineactions: { amountAction: number }[] }) =>
        json.feefineactions.map(({ amountAction }) => amountAction);
      const part = await act('pay', await ids(), { amount: '1.20' });
      expect(amounts(part.json)).toEqual(
        { 'oldest-first': [0.5, 0.5, 0.2], 'largest-first': [1.2], evenly: [0.4, 0.4, 0.4] }[paymentOrder],
      );
      const rest = await act('pay', await ids(), { amount: '1.80' });
      expect(
        amounts(part.json)
          .concat(amounts(rest.json))
          .reduce((sum, one) => sum + one, 0),
      ).toBeCloseTo(all[0] + all[1] + all[2]);
      expect(await ids()).toEqual([]);
    });

    it('with a transaction is recorded once; the same `transactionInfo` means nothing', async () => {
      const transactionOf = (_body: object, headers: { readonly get: (name: string) => string | null }) =>
        headers.get('x-payment-id') ?? undefined;
      const { ids, send, act, account } = await folioClient(twoFees, { transactionOf });
      const all = await ids();
      const body = {
        amount: '12.55',
        accountIds: all,
        paymentMethod: 'Credit Card',
        userName: 'k',
        servicePointId: 'C',
        notifyPatron: true,
      };
      const pay = () =>
        send('accounts-bulk/pay', {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'x-payment-id': 'X1' },
        });
      const [one, two] = [await pay(), await pay()];
      expect([one.status, two.status, two.json]).toEqual([201, 201, one.json]);
      expect((await account()).payments).toHaveLength(1);
      const other = await folioClient(charges(['f1', '4.00']));
      const [fee = ''] = await other.ids();
      for (let n = 0; n < 2; n++) await other.act('pay', fee, { amount: '2.00', transactionInfo: userId });
      expect((await other.account()).payments).toHaveLength(2);
      expect((await act('pay', all, { amount: '1.00' })).status).toBe(422);
    });

    it('with a transaction is recorded once for the same fees, and never as a rest of theirs', async () => {
      const transactionOf = () => 'X1';
      for (const [amount, tellings] of [
        ['5.00', ['one', 'one', 'both']],
        ['5.00', ['both', 'one', 'both']],
        ['12.55', ['both', 'reversed', 'both']],
        ['2.55', ['two', 'both', 'reversed']],
      ] as const) {
        const { ids, act, account } = await folioClient(twoFees, { transactionOf });
        const [one = '', two = ''] = await ids();
        const named = { one, two, both: [one, two], reversed: [two, one] };
        const answers = [];
        for (const way of tellings) answers.push(await act('pay', named[way], { amount }));
        expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
        expect((await account()).payments.map((payment) => payment.amount)).toEqual([
          Math.round(Number(amount) * 100),
        ]);
        for (const other of ['1.00', '7.00'])
          expect((await act('pay', named.both, { amount: other })).status).toBe(422);
        expect((await account()).payments).toHaveLength(1);
      }
    });

    it('above what is owed becomes a credit if the options say so', async () => {
      const { ids, act, account } = await folioClient(twoFees, { overpayment: 'credit' });
      expect((await act('pay', await ids(), { amount: '20.00' })).status).toBe(201);
      expect(balancesInMinorUnits(await account()).active).toBe(-745);
    });
  });

  describe('a check', () => {
    it('allows exactly what the action does, and changes nothing', async () => {
      const { ids, post, act, account } = await folioClient([
        ...twoFees,
        { type: 'DisputeFee', id: 'd', feeId: 'f2', at },
      ]);
      const all = await ids();
      const before = (await account()).eventCount;
      let [allowed, forbidden] = [0, 0];
      for (const action of ['pay', 'waive', 'transfer', 'refund'])
        for (const fees of [[all[0]], [all[1]], all] as string[][])
          for (const amount of ['0.01', '2.55', '10.00', '12.55', '13.00', '0', 'x']) {
            const { status, json } = await post(`accounts-bulk/check-${action}`, {
              accountIds: fees,
              amount,
            });
            const paymentMethod = { pay: 'Cash', waive: 'Other', transfer: 'Bursar', refund: 'Any' }[action];
            const fresh = await folioClient([...twoFees, { type: 'DisputeFee', id: 'd', feeId: 'f2', at }]);
            const done = await fresh.act(action, fees, { amount, paymentMethod });
            expect([action, fees.length, amount, status === 200]).toEqual([
              action,
              fees.length,
              amount,
              done.status === 201,
            ]);
            if (status === 200) {
              allowed += 1;
              expect([isCheck(json), json.allowed]).toEqual([true, true]);
            } else {
              forbidden += 1;
              expect([isFailure(json), json.allowed, json.errorMessage]).toEqual([
                true,
                false,
                done.json.errorMessage,
              ]);
            }
          }
      expect([allowed > 10, forbidden > 10, (await account()).eventCount]).toEqual([true, true, before]);
      const one = await post(`accounts/${all[0]}/check-pay`, { amount: '4.00' });
      expect(one.json).toEqual({ accountId: all[0], amount: '4.00', allowed: true, remainingAmount: '6.00' });
      expect((await act('check-cancel', all[0] as string, {})).status).toBe(404);
    });
  });

  it.each([
    ['an unknown field', { amount: '1.00', patron: 'me' }, 'patron'],
    ['several accounts in the path of one', { amount: '1.00', accountIds: [userId] }, 'accountIds'],
    ['no amount', {}, 'amount'],
    ['no service point', { amount: '1.00', servicePointId: '' }, 'servicePointId'],
    ['no method', { amount: '1.00', paymentMethod: null }, 'paymentMethod'],
    ['no word about the notice', { amount: '1.00', notifyPatron: undefined }, 'notifyPatron'],
    ['a text about the notice', { amount: '1.00', notifyPatron: 'true' }, 'notifyPatron'],
  ])('a body with %s is refused', async (_name, body, key) => {
    const { ids, act } = await folioClient(twoFees);
    const { status, json } = await act('pay', (await ids())[0] as string, body);
    expect([status, isErrors(json), json.errors[0].parameters[0].key]).toEqual([422, true, key]);
  });

  it.each([
    ['cancel', { paymentMethod: undefined, amount: '1.00' }, 'amount'],
    ['cancel', {}, 'paymentMethod'],
    ['check-pay', { amount: '1.00' }, 'notifyPatron'],
  ])('%s has fields of its own: %j', async (action, body, key) => {
    const { ids, act } = await folioClient(twoFees);
    for (const fees of [(await ids())[0] as string, await ids()]) {
      const { status, json } = await act(action, fees, body);
      expect([status, json.errors[0].parameters[0].key]).toEqual([422, key]);
    }
  });

  it.each([[undefined], ['x'], [[]], [[1]]])('accountIds %j are refused', async (accountIds) => {
    const { post } = await folioClient(twoFees);
    const body = { amount: '1.00', accountIds, userName: 'u', servicePointId: 's', paymentMethod: 'Cash' };
    expect((await post('accounts-bulk/pay', body)).status).toBe(422);
  });
});

describe('requestedAction', () => {
  const twoFees = charges(['f1', '10.00'], ['f2', '2.55']);

  describe('a payment', () => {
    it.each([
      ['more than is owed', { amount: '13.00' }, 'Requested amount exceeds remaining amount'],
      ['nothing', { amount: '0.00' }, 'Amount must be positive'],
      ['less than nothing', { amount: '-1' }, 'Amount must be positive'],
      ['words', { amount: '1,50' }, 'Invalid amount entered'],
      ['a part of a cent', { amount: '0.005' }, 'Invalid amount entered'],
      [
        'an unknown method',
        { amount: '1.00', paymentMethod: 'Shells' },
        'paymentMethod: expected one of Cash, Credit card',
      ],
    ])('of %s is refused as a whole', async (_name, body, message) => {
      const { ids, act, account } = await folioClient(twoFees);
      const all = await ids();
      for (const fees of [all, all[0] as string]) {
        const { status, json } = await act('pay', fees, body);
        expect([status, isFailure(json), json.errorMessage]).toEqual([
          422,
          true,
          expect.stringContaining(message),
        ]);
        expect(json.amount).toBe(body.amount);
      }
      expect((await account()).payments).toEqual([]);
    });

    it('of a closed fee, a suspended one, or fees of two patrons is refused', async () => {
      const options = { patron: ({ identifier }: { identifier: string }) => ({ patronId: identifier }) };
      const dispute = { type: 'DisputeFee', id: 'd', feeId: 'f2', at } as const;
      const { ids, act, store } = await folioClient([...twoFees, dispute], options);
      const [first = '', second = ''] = await ids();
      await execute(store, policy, { institution: 'NORTH', patronId: 'p2' }, charges(['g1', '5.00']));
      const other = (await (await folioClientOf(store)).find('accounts', 'amount==5')).json.accounts[0].id;
      const messages = async (fees: string | string[], amount: string) =>
        (await act('pay', fees, { amount })).json.errorMessage;
      expect(await messages(second, '1.00')).toBe('Fee/fine is suspended: claim returned');
      expect(await messages([first, other], '1.00')).toBe('All fees/fines have to be of one patron');
      await act('pay', first, { amount: '10.00' });
      expect(await messages(first, '1.00')).toBe('Fee/fine is already closed');
      const unknown = await act('pay', userId, { amount: '1.00' });
      expect([unknown.status, unknown.text]).toEqual([404, `Fee/fine ID ${userId} not found`]);
    });

    it('has names of methods that the library maps', async () => {
      const { ids, act, account } = await folioClient(twoFees, { methods: { Kiosk: 'CASH' } });
      await act('pay', await ids(), { amount: 1, paymentMethod: 'Kiosk' });
      expect((await account()).payments).toMatchObject([{ method: 'CASH', amount: 100 }]);
    });
  });

  async function folioClientOf(store: Awaited<ReturnType<typeof folioClient>>['store']) {
    return folioClient([], { store, patron: ({ identifier }) => ({ patronId: identifier }) });
  }
});

describe('actionCommands', () => {
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
      const body = {
        notifyPatron: false,
        comments: 'STAFF : wrong',
        servicePointId: 'CIRC',
        userName: 'desk',
      };
      const { status, json } = await post(`accounts/${first}/cancel`, body);
      expect([status, isSuccess(json), json.amount, json.remainingAmount]).toEqual([
        201,
        true,
        '6.00',
        '0.00',
      ]);
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
});
