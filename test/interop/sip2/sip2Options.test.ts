import { describe, expect, it } from 'vitest';
import { rejectionKinds } from '../../../src/account/rejections/rejectionKinds.js';
import { memoryEventStore } from '../../../src/history/index.js';
import { definePolicy, type Fee, fold, formatAmount } from '../../../src/index.js';
import { englishSip2Words } from '../../../src/interop/sip2/index.js';
import {
  fineItemFormats,
  fineItemOf,
  type Sip2Options,
  sip2Settings,
} from '../../../src/interop/sip2/sip2Options.js';
import {
  feePaidMessage,
  fieldsOf,
  information,
  NOW,
  now,
  policy,
  status,
  terminal,
  withPasswords,
} from './terminal.js';

const options: Sip2Options = {
  store: memoryEventStore({ now: () => now }),
  policy,
  institution: 'north',
  now: () => now,
  newId: () => 'id',
  patron: () => undefined,
};

describe('sip2Settings', () => {
  it('has defaults', () => {
    const { institutionCode, methods, writing, time, overpayment } = sip2Settings(options);
    expect({ institutionCode, writing, overpayment, time: time() }).toEqual({
      institutionCode: 'north',
      writing: { encoding: 'utf-8', lineEnd: '\r' },
      overpayment: undefined,
      time: '20260302   Z090000',
    });
    expect(Object.fromEntries(methods)).toEqual({
      '00': 'CASH',
      '01': 'CREDIT_CARD',
      '02': 'CREDIT_CARD',
      '05': 'CHECK',
      '*': 'CREDIT_CARD',
    });
  });

  it('leaves out usual payment methods that are not in the policy', () => {
    const cashOnly = definePolicy({ currency: 'USD', paymentMethods: { CASH: 'Cash' } });
    expect([...sip2Settings({ ...options, policy: cashOnly }).methods]).toEqual([['00', 'CASH']]);
  });

  it('takes the options given', () => {
    const given = sip2Settings({
      ...options,
      institutionCode: 'N',
      paymentMethods: { '07': 'CHECK' },
      lineEnd: 'CRLF',
      encoding: 'latin1',
      timeZone: 'Europe/Helsinki',
    });
    expect(given).toMatchObject({ institutionCode: 'N', writing: { encoding: 'latin1', lineEnd: '\r\n' } });
    expect([...given.methods]).toEqual([['07', 'CHECK']]);
    expect(given.time()).toBe('20260302    110000');
  });

  it.each([
    [
      'a method that is not in the policy',
      { paymentMethods: { '00': 'SHELLS' } },
      'options.paymentMethods.00',
    ],
    ['a payment type that is not two digits', { paymentMethods: { cash: 'CASH' } }, 'options.paymentMethods'],
    ['no patron hook', { patron: undefined }, 'options.patron'],
    ['an unknown format', { fineItem: 'xml' }, 'options.fineItem'],
    ['an unknown encoding', { encoding: 'cp852' }, 'options.encoding'],
    ['an offset as time zone', { timeZone: '+01:00' }, 'options.timeZone'],
    ['an unknown option', { port: 6001 }, 'options.port'],
  ])('throws for %s', (_name, wrong, path) => {
    const call = () => sip2Settings({ ...options, ...wrong } as unknown as Sip2Options);
    expect(call).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(path) }),
    );
  });
});

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

const at = '2026-03-02T09:00:00Z';

function itemOf(feeType: string, more: object) {
  const data = { feeId: 'f1', feeType, amount: '2.50', currency: 'USD', owner: 'MAIN', at, ...more };
  const [fee] = fold([{ type: 'FeeAssessed', data }]).fees;
  return fineItemOf(fee as Fee, 'f1', policy, (minor) => formatAmount(minor, 2));
}

const maps = itemOf('OVERDUEFINE', { item: { title: 'Maps', barcode: 'b1' } });
const lost = itemOf('LOSTITEMREPLACEMENTFEE', { lostItem: true, item: { title: 'Birds' } });
const bare = itemOf('LOCKERKEY', {});

describe('fineItemOf', () => {
  it('returns the fee as a terminal shows it', () => {
    expect(maps).toEqual({
      feeId: 'f1',
      feeType: 'OVERDUEFINE',
      label: 'Overdue fine',
      owed: '2.50',
      title: 'Maps',
      barcode: 'b1',
      accruing: false,
      lostItem: false,
    });
    expect(bare).toMatchObject({ title: '', barcode: '', label: 'Locker key' });
  });
});

describe('fineItemFormats', () => {
  it.each([
    ['koha', ['Overdue fine: Maps 2.50', 'Lost item replacement fee: Birds 2.50', 'Locker key 2.50']],
    ['evergreen', ['2.50 Overdue fine Maps', '2.50 Lost item replacement fee Birds', '2.50 Locker key']],
    ['3m', ['f1 $2.50 "FINE" Maps', 'f1 $2.50 "LOST" Birds', 'f1 $2.50 "FEE" Locker key']],
    [
      'swyer',
      [
        'Charge-Number: f1, Amount-Due: 2.50, Fine-Type: FINE, Title: Maps',
        'Charge-Number: f1, Amount-Due: 2.50, Fine-Type: LOST, Title: Birds',
        'Charge-Number: f1, Amount-Due: 2.50, Fine-Type: FEE, Title: Locker key',
      ],
    ],
  ] as const)('write as %s does', (format, texts) => {
    expect([maps, lost, bare].map(fineItemFormats[format])).toEqual(texts);
  });
});
