import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits, formatAmount } from '../../../src/index.js';
import { paidAmount } from '../../../src/interop/sip2/feePaid.js';
import { type Sip2Options, sip2Service } from '../../../src/interop/sip2/index.js';
import { tried } from '../../support/seeded.js';
import { ANSWERED, bytesOf, feePaidMessage, now, policy, terminal } from './terminal.js';

/** Sends one payment and returns the response, the payments and what is still to pay. */
async function pay(message: string, options: Partial<Sip2Options> = {}) {
  const { ask, account } = await terminal(options);
  const response = await ask(message);
  const { payments, ...rest } = await account();
  return { response, payments, payable: balancesInMinorUnits({ payments, ...rest }).payable };
}

describe('Fee Paid (37)', () => {
  it('pays the fee that CG names', async () => {
    const { response, payments } = await pay(feePaidMessage('2.50', 'CGf3|BKk1-77|'));
    expect(response).toBe(`38Y${ANSWERED}AOnorth|AA2000171|CGf3|BKk1-77|`);
    expect(payments).toMatchObject([
      {
        paymentId: 'id-1',
        amount: 250,
        method: 'CASH',
        allocations: [{ feeId: 'f3', amount: 250 }],
        externalTransactionId: 'k1-77',
        feesNamed: ['f3'],
        at: now,
        by: { channel: 'selfCheck', institution: 'north' },
      },
    ]);
  });

  it('pays all payable fees in the order of the policy if it names none', async () => {
    const { response, payments } = await pay(feePaidMessage('6,00', 'BKk1-77|', { type: '02' }));
    expect(response).toMatch(/^38Y/);
    expect(payments).toMatchObject([
      {
        amount: 600,
        method: 'CREDIT_CARD',
        allocations: [
          { feeId: 'f1', amount: 500 },
          { feeId: 'f2', amount: 100 },
        ],
        feesNamed: [],
      },
    ]);
  });

  it.each(['0', '000000', 'null', 'undefined', '    '])(
    'treats BK%s as no transaction id: two payments with it are two, one sent again is one',
    async (id) => {
      const { ask, account } = await terminal();
      const [one, other] = ['f1', 'f2'].map((fee) => feePaidMessage('5.00', `CG${fee}|BK${id}|`));
      for (const message of [one, one, other, other]) expect(await ask(message as string)).toMatch(/^38Y/);
      const { payments } = await account();
      expect(
        payments.map(({ feesNamed, externalTransactionId }) => [feesNamed, externalTransactionId]),
      ).toEqual([
        [[], null],
        [[], null],
      ]);
    },
  );

  it('reads its stream once', async () => {
    let reads = 0;
    const { store } = await terminal();
    const counting = {
      ...store,
      read: (...args: Parameters<typeof store.read>) => {
        reads += 1;
        return store.read(...args);
      },
    };
    const service = sip2Service({
      store: counting,
      policy,
      institution: 'north',
      now: () => now,
      newId: () => 'once',
      patron: () => ({ patronId: 'p1' }),
    });
    const message = bytesOf(`${feePaidMessage('1.00', 'CGf1|BK1|')}\r`);
    for await (const response of service.connect().receive(message)) {
      expect(new TextDecoder().decode(response)).toMatch(/^38Y/);
    }
    expect(reads).toBe(1);
  });

  it('records the desk and library of the terminal', async () => {
    const { ask, account } = await terminal({ login: () => ({ desk: 'KIOSK1', library: 'MAIN' }) });
    await ask('9300CNk|COs|');
    await ask(feePaidMessage('1.00', 'BK1|'));
    expect((await account()).payments[0]?.by).toEqual({
      channel: 'selfCheck',
      desk: 'KIOSK1',
      library: 'MAIN',
      institution: 'north',
    });
  });

  it.each([
    ['an unknown patron', feePaidMessage('1.00', 'BK1|', { patron: '9' }), 'There is no such patron.'],
    [
      'another institution',
      feePaidMessage('1.00', 'BK1|', { institution: 'south' }),
      'There is no such patron.',
    ],
    [
      'another currency',
      feePaidMessage('1.00', 'BK1|', { currency: 'EUR' }),
      'Payments are taken in USD, not in EUR.',
    ],
    [
      'an unknown payment type',
      feePaidMessage('1.00', 'BK1|', { type: '77' }),
      'There is no payment type 77.',
    ],
    ['no amount', feePaidMessage('', 'BK1|'), '"" is not an amount in USD.'],
    ['zero', feePaidMessage('0.00', 'BK1|'), '"0.00" is not an amount in USD.'],
    ['a negative amount', feePaidMessage('-5.00', 'BK1|'), '"-5.00" is not an amount in USD.'],
    ['thousands', feePaidMessage('1,234.50', 'BK1|'), '"1,234.50" is not an amount in USD.'],
    ['an unknown fee', feePaidMessage('1.00', 'CGf9|BK1|'), 'This patron has no fee f9.'],
    ['a disputed fee', feePaidMessage('4.00', 'CGf4|BK1|'), 'Fee f4 is disputed. Resolve the dispute first.'],
    ['more than the fee', feePaidMessage('5.01', 'CGf1|BK1|'), '5.01 is more than the 5.00 that is owed.'],
    ['more than all', feePaidMessage('12.51', 'BK1|'), '12.51 is more than the 12.50 that is owed.'],
  ])('refuses %s whole, with the reason', async (_name, message, reason) => {
    // Without a method for all other types.
    const { response, payments, payable } = await pay(message, { paymentMethods: { '00': 'CASH' } });
    expect(response).toMatch(/^38N/);
    expect(response).toContain(`|AF${reason}|`);
    expect({ payments, payable }).toEqual({ payments: [], payable: 1250 });
  });

  it('refuses a patron with a wrong password', async () => {
    const { response, payments } = await pay(feePaidMessage('1.00', 'AD1|BK1|'), {
      patron: () => ({ patronId: 'p1', passwordIsValid: false }),
    });
    expect(response).toContain('AFThe password is wrong.|');
    expect(payments).toEqual([]);
  });

  it('credits what is paid above what is owed, if so configured', async () => {
    const { response, payments, payable } = await pay(feePaidMessage('20', 'BK1|'), {
      overpayment: 'credit',
    });
    expect(response).toMatch(/^38Y/);
    expect(payments[0]?.overpayment).toMatchObject({ amount: 750 });
    expect(payable).toBe(0);
  });

  it('accepts a blank currency, and lower case', async () => {
    for (const currency of ['   ', 'usd']) {
      const { response } = await pay(feePaidMessage('1.00', 'BK1|', { currency }));
      expect(response).toMatch(/^38Y/);
    }
  });
});

describe('a Fee Paid that is sent again', () => {
  it('is one payment with the same BK, over another connection too', async () => {
    const { ask, service, account } = await terminal();
    const message = feePaidMessage('2.50', 'CGf3|BKk1-77|');
    expect(await ask(message)).toMatch(/^38Y/);
    expect(await ask(message)).toMatch(/^38Y/);
    expect(await ask(message.replace('2.50', '2,5'), service.connect())).toMatch(/^38Y/);
    expect((await account()).payments).toHaveLength(1);
  });

  it('is recorded whole if a terminal pays fee by fee with one BK, each part once', async () => {
    const { ask, account } = await terminal();
    const parts = [
      feePaidMessage('5.00', 'CGf1|BKT9|'),
      feePaidMessage('5.00', 'CGf2|BKT9|'),
      feePaidMessage('2.50', 'BKT9|'),
    ];
    for (const part of [...parts, ...parts, ...[...parts].reverse()]) expect(await ask(part)).toMatch(/^38Y/);
    const { payments, ...rest } = await account();
    expect(payments).toHaveLength(3);
    expect(balancesInMinorUnits({ payments, ...rest }).payable).toBe(0);
  });

  it('is refused with the same BK and another amount', async () => {
    const { ask } = await terminal();
    await ask(feePaidMessage('2.50', 'BKT9|'));
    const response = await ask(feePaidMessage('2.00', 'BKT9|'));
    expect(response).toContain('|AFThe CASH transaction T9 is already recorded: payment id-1, of 2.50.|');
  });

  it('is one payment without BK too, if the terminal has a clock', async () => {
    const { ask, service, account } = await terminal();
    const message = feePaidMessage('2.50', 'CGf3|');
    await ask(message);
    expect(await ask(message, service.connect())).toMatch(/^38Y/);
    expect((await account()).payments).toHaveLength(1);
    await ask(feePaidMessage('1.00', '', { time: '20260302    090001' }));
    await ask(feePaidMessage('1.00', '', { time: '20260302    090002' }));
    expect((await account()).payments).toHaveLength(3);
  });

  it('without BK has an id that depends on no card number or password: ids are stored forever', async () => {
    const { ask, account } = await terminal();
    const paid = (card: string, passwords: string) =>
      `3720260302    0900010400USDBV1.00|AOnorth|AA${card}|${passwords}CGf3|`;
    const senders = [
      ['2000171', ''],
      ['2000171', 'ACterminal|'],
      ['2000171', 'ACother|AD1234|'],
    ] as const;
    for (const [card, passwords] of senders) await ask(paid(card, passwords));
    const { payments } = await account();
    expect(payments).toHaveLength(1);
    expect(payments[0]?.paymentId).toMatch(/^sip2-[0-9a-f]{16}$/);
  });

  it('is another payment with another BK of bytes that the encoding does not have', async () => {
    const { send, account } = await terminal();
    const paid = (time: string, byte: number) =>
      Uint8Array.from([...bytesOf(feePaidMessage('1.00', 'BKcaf', { time })), byte, ...bytesOf('1|\r')]);
    const first = paid('20260302    090001', 0xe9);
    for (const message of [first, paid('20260302    090002', 0xe8), first]) {
      expect(await send(message)).toMatchObject([expect.stringMatching(/^38Y/)]);
    }
    expect((await account()).payments).toHaveLength(2);
  });

  it('is another payment if BK is blank, as CG may be', async () => {
    const { ask, account } = await terminal();
    for (const time of ['20260302    090001', '20260302    090002', '20260302    090002']) {
      expect(await ask(feePaidMessage('1.00', 'CG  |BK      |', { time }))).toMatch(/^38Y/);
    }
    const { payments } = await account();
    expect(payments).toMatchObject([
      { externalTransactionId: null, feesNamed: [] },
      { externalTransactionId: null, feesNamed: [] },
    ]);
  });

  it.each([
    ['a clock', '19700101    000000'],
    ['a time of day', '20260302    000000'],
  ])('is another payment without BK and without %s', async (_name, time) => {
    const { ask, account } = await terminal();
    const message = feePaidMessage('1.00', '', { time });
    await ask(message);
    await ask(message);
    expect((await account()).payments).toHaveLength(2);
  });
});

describe('paidAmount', () => {
  it.each([
    ['12.50', '12.50'],
    ['12,50', '12.50'],
    ['12.5', '12.50'],
    ['12', '12.00'],
    ['  3,5 ', '3.50'],
    ['0003.50', '3.50'],
    ['.50', '0.50'],
  ])('reads "%s"', (text, amount) => {
    expect(paidAmount(text, 2)).toBe(amount);
  });

  it.each([
    '',
    ' ',
    '.',
    ',',
    '0',
    '0.00',
    '3.',
    '1,234',
    '1.234',
    '1,234.00',
    '1.2.3',
    '1,2,3',
    '-1',
    '+1',
    '$3',
    '1e2',
    '1 2',
    '٣',
    '1'.repeat(13),
    '0'.repeat(30),
  ])('refuses "%s"', (text) => {
    expect(paidAmount(text, 2)).toBeUndefined();
  });

  it('knows the decimals of the currency', () => {
    expect(paidAmount('1,234', 3)).toBe('1.234');
    expect(paidAmount('1234', 0)).toBe('1234');
    expect(paidAmount('1,234', 0)).toBeUndefined();
  });

  it('reads every amount with a point or a comma, and no text in another way', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_999_999 }), fc.constantFrom(0, 2, 3), (minor, digits) => {
        const text = formatAmount(minor, digits);
        expect(paidAmount(text, digits)).toBe(text);
        expect(paidAmount(text.replace('.', ','), digits)).toBe(text);
      }),
      tried(300),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('0', '1', '.', ',', ' ', '-') }), (text) => {
        const amount = paidAmount(text, 2);
        if (amount !== undefined) expect(Number(amount)).toBe(Number(text.trim().replace(',', '.')));
      }),
      tried(300),
    );
  });
});
