import { describe, expect, it } from 'vitest';
import { rejectionKinds } from '../../../src/account/rejections/rejection.js';
import { definePolicy } from '../../../src/index.js';
import { englishSip2Words, type Sip2Answered, type Sip2Options } from '../../../src/interop/sip2/index.js';
import { feePaidMessage, fieldsOf, NOW, terminal } from './terminal.js';

const FIXED_64 = 61;
const FIXED_24 = 37;

const status = (fields: string) => `23001${NOW}AOnorth|${fields}`;
const information = (fields: string) => `63001${NOW}${' '.repeat(10)}AOnorth|${fields}`;

/** A library whose patrons have the password 1234. */
const withPasswords: Partial<Sip2Options> = {
  patron: ({ identifier, password }) =>
    identifier === '2000172'
      ? {
          patronId: 'p2',
          name: 'Fumi Tanaka',
          ...(password !== undefined && { passwordIsValid: password === '1234' }),
        }
      : undefined,
};

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
    'gets %s always, if the library says so of what it does not check',
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

  it('is told that a wrong password is wrong, whatever the library says of unchecked ones', async () => {
    const { ask } = await terminal({ ...withPasswords, uncheckedPassword: 'Y' });
    expect(fieldsOf(await ask(information('AA2000172|AD1|')), FIXED_64).get('CQ')).toEqual(['N']);
  });
});

describe("a terminal that shows AF (Koha's tests)", () => {
  it.each([
    ['an unknown card', 'AA999|', englishSip2Words.unknownPatron],
    ['a wrong PIN', 'AA2000172|AD1|', englishSip2Words.wrongPassword],
    ['a patron whose password is right', 'AA2000172|AD1234|', undefined],
  ])('shows a message for %s', async (_name, fields, expected) => {
    const { ask } = await terminal(withPasswords);
    expect(fieldsOf(await ask(status(fields)), FIXED_24).get('AF')?.[0]).toBe(expected);
    expect(fieldsOf(await ask(information(fields)), FIXED_64).get('AF')?.[0]).toBe(expected);
  });

  it('shows a message for a blocked patron, and none below the limit', async () => {
    const { ask } = await terminal();
    expect(await ask(status('AA2000171|'))).toContain(
      '|AFThe account is blocked because of fines and fees.|',
    );
    const generous = definePolicy({ currency: 'USD', blockLimits: { '*': [{ amount: '100.00' }] } });
    expect(await (await terminal({ policy: generous })).ask(status('AA2000171|'))).not.toContain('|AF');
  });

  it('shows every message in the words of the library', async () => {
    const rejections = Object.fromEntries(Object.keys(rejectionKinds).map((type) => [type, 'nein']));
    const words = Object.fromEntries(Object.keys(englishSip2Words).map((name) => [name, `:${name}`]));
    const options = {
      ...withPasswords,
      paymentMethods: { '00': 'CASH' },
      words: { ...words, rejections } as unknown as NonNullable<Sip2Options['words']>,
    };
    const { ask } = await terminal(options);
    const patron = '2000172';
    const said: (string | undefined)[] = [];
    for (const request of [
      status('AA999|'),
      status('AA2000172|AD1|'),
      feePaidMessage('1.00', 'BK1|', { patron: '999' }),
      feePaidMessage('1.00', 'AD1|BK1|', { patron }),
      feePaidMessage('1.00', 'BK1|', { patron, currency: 'EUR' }),
      feePaidMessage('1.00', 'BK1|', { patron, type: '09' }),
      feePaidMessage('1.000', 'BK1|', { patron }),
      feePaidMessage('1.00', 'BK1|', { patron }),
      `17${NOW}AOnorth|AB1|`,
    ])
      said.push(/\|AF([^|]*)\|/.exec(await ask(request))?.[1]);
    expect(said).toEqual([
      ':unknownPatron',
      ':wrongPassword',
      ':unknownPatron',
      ':wrongPassword',
      ':otherCurrency',
      ':unknownPaymentType',
      ':invalidAmount',
      'nein',
      ':notOffered',
    ]);
    const blocked = await terminal({ words: { blocked: 'Gesperrt.' } });
    expect(await blocked.ask(status('AA2000171|'))).toContain('|AFGesperrt.|');
  });

  it.each([{ unknown: 'x' }, { blocked: 7 }, 'German', { rejections: 'nein' }])(
    'throws for the words %o',
    async (words) => {
      await expect(terminal({ words: words as object })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    },
  );
});

describe("a system that shows a patron's address, e-mail and phone (Evergreen's tests)", () => {
  const address = { BD: '1 Main Street', BE: 'dev@example.org', BF: '555-0100' };

  it('finds them in 24, 64 and 38', async () => {
    const seen: Sip2Answered[] = [];
    const { ask } = await terminal({
      fields: (answered) => {
        seen.push(answered);
        return answered.patron === undefined ? {} : address;
      },
    });
    const added = 'BD1 Main Street|BEdev@example.org|BF555-0100|';
    expect((await ask(status('AA2000171|'))).endsWith(`|${added}`)).toBe(true);
    expect((await ask(information('AA2000171|'))).endsWith(`|${added}`)).toBe(true);
    expect((await ask(feePaidMessage('1.00', 'BK1|'))).endsWith(`|${added}`)).toBe(true);
    expect(await ask(status('AA999|'))).not.toContain('|BD');
    expect(await ask(`01N${NOW}AOnorth|AL|AA2000171|`)).toContain(`|${added}`);
    const patron = { patronId: 'p1', name: 'Dev Verma', group: 'STUDENT' };
    const known = { identifier: '2000171', patron, isKnown: true, passwordIsValid: undefined, terminal: {} };
    expect(seen).toEqual([
      { code: '24', ...known },
      { code: '64', ...known },
      { code: '38', ...known },
      { ...known, code: '24', identifier: '999', patron: undefined, isKnown: false },
      { code: '24', ...known },
    ]);
  });

  it('finds the name although the PIN is wrong, if the library wants that', async () => {
    const { ask } = await terminal({
      ...withPasswords,
      fields: ({ isKnown, passwordIsValid }) =>
        isKnown && passwordIsValid === false ? { AE: 'Fumi Tanaka' } : {},
    });
    const fields = fieldsOf(await ask(information('AA2000172|AD1|')), FIXED_64);
    expect([fields.get('AE'), fields.get('CQ'), fields.get('BV')]).toEqual([
      ['Fumi Tanaka'],
      ['N'],
      undefined,
    ]);
  });

  it.each([{ AZ: '1' }, { AY: '1' }, { address: 'x' }, { bd: 'x' }, { BD: 7 }, [], 'BD'])(
    'is not sent the fields %o: the error is thrown',
    async (fields) => {
      const { ask } = await terminal({ fields: () => fields as unknown as Record<string, string> });
      await expect(ask(status('AA2000171|'))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    },
  );
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
