import { describe, expect, it } from 'vitest';
import { memoryEventStore } from '../../../src/history/index.js';
import { definePolicy } from '../../../src/index.js';
import { type Sip2Options, sip2Settings } from '../../../src/interop/sip2/sip2Options.js';
import { now, policy } from './terminal.js';

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
