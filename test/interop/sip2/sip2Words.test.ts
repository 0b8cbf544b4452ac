import { describe, expect, it } from 'vitest';
import { rejectionKinds } from '../../../src/account/rejections/rejectionKinds.js';
import { definePolicy } from '../../../src/index.js';
import { englishSip2Words, type Sip2Options } from '../../../src/interop/sip2/index.js';
import { feePaidMessage, fieldsOf, information, NOW, status, terminal, withPasswords } from './terminal.js';

const FIXED_64 = 61;
const FIXED_24 = 37;

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
