import { describe, expect, it } from 'vitest';
import { feePaidMessage, fieldsOf, information, status, terminal, withPasswords } from './terminal.js';

const FIXED_64 = 61;
const FIXED_24 = 37;

describe('a program that reads CQ in every 64 (the Python client)', () => {
  it.each([
    ['AA2000172|AD1234|', 'Y'],
    ['AA2000172|AD1|', 'N'],
    ['AA2000172|AD|', 'N'],
    ['AA2000172|', undefined],
    ['AA999|AD1234|', 'N'],
    ['AA999|AD|', 'N'],
    ['AA999|', undefined],
  ])('gets it for %s if it sent a password field', async (fields, expected) => {
    const { ask } = await terminal(withPasswords);
    expect(fieldsOf(await ask(information(fields)), FIXED_64).get('CQ')?.[0]).toBe(expected);
    expect(fieldsOf(await ask(status(fields)), FIXED_24).get('CQ')?.[0]).toBe(expected);
  });

  it.each(['Y', 'N'] as const)(
    'always gets %s if the library chooses that for unchecked passwords',
    async (word) => {
      const { ask } = await terminal({ uncheckedPassword: word });
      for (const [fields, expected] of [
        ['AA2000172|AD1234|', word],
        ['AA2000172|AD|', word],
        ['AA2000172|', word],
        ['AA999|', 'N'],
        ['AA999|AD1|', 'N'],
      ] as const) {
        expect(fieldsOf(await ask(information(fields)), FIXED_64).get('CQ')).toEqual([expected]);
      }
    },
  );

  it('learns that a password is wrong, whatever the library chooses for unchecked ones', async () => {
    const { ask } = await terminal({ ...withPasswords, uncheckedPassword: 'Y' });
    expect(fieldsOf(await ask(information('AA2000172|AD1|')), FIXED_64).get('CQ')).toEqual(['N']);
  });
});

describe('a terminal that shows what is on loan and on hold', () => {
  const COUNTS = FIXED_64 - 24;

  it('reads blanks for what is not supported', async () => {
    const { ask } = await terminal();
    expect((await ask(information('AA2000171|'))).slice(COUNTS, FIXED_64)).toBe('            0003        ');
  });

  it('reads the numbers of the library system', async () => {
    const { ask } = await terminal({
      counts: ({ patron }) =>
        patron === undefined ? {} : { holds: 2, overdue: 0, charged: 12_345, unavailableHolds: 7 },
    });
    expect((await ask(information('AA2000171|'))).slice(COUNTS, FIXED_64)).toBe('0002000099990003    0007');
    expect((await ask(information('AA999|'))).slice(COUNTS, FIXED_64)).toBe('            0000        ');
  });

  it.each([{ holds: -1 }, { holds: 1.5 }, { loans: 1 }, 7])('is not sent the numbers %o', async (counts) => {
    const { ask } = await terminal({ counts: () => counts as object });
    await expect(ask(information('AA2000171|'))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('a kiosk with payment types of its vendor', () => {
  it.each([
    ['00', 'CASH'],
    ['01', 'CREDIT_CARD'],
    ['02', 'CREDIT_CARD'],
    ['03', 'CREDIT_CARD'],
    ['05', 'CHECK'],
    ['99', 'CREDIT_CARD'],
  ])('pays with type %s by %s', async (type, method) => {
    const { ask, account } = await terminal();
    expect(await ask(feePaidMessage('1.00', 'BK1|', { type }))).toMatch(/^38Y/);
    expect((await account()).payments.map((payment) => payment.method)).toEqual([method]);
  });

  it('pays unlisted types by the method for all others, and is refused without one', async () => {
    const listed = { '00': 'CASH', '07': 'DEBIT_CARD' };
    const strict = await terminal({ paymentMethods: listed });
    expect(await strict.ask(feePaidMessage('1.00', 'BK1|', { type: '03' }))).toContain(
      '|AFThere is no payment type 03.|',
    );
    const open = await terminal({ paymentMethods: { ...listed, '*': 'ONLINE' } });
    expect(await open.ask(feePaidMessage('1.00', 'BK1|', { type: '03' }))).toMatch(/^38Y/);
    expect((await open.account()).payments[0]?.method).toBe('ONLINE');
  });
});
