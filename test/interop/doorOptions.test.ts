import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { memoryEventStore } from '../../src/history/index.js';
import { definePolicy } from '../../src/index.js';
import {
  admit,
  assertCodes,
  functionField,
  isAuthorized,
  libraryNames,
  mayOwn,
  type ServiceOptions,
  serviceContext,
  serviceFields,
} from '../../src/interop/doorOptions.js';
import { servicesOf } from '../support/services.js';

const now = () => '2026-03-02T09:00:00Z';
const service = {
  store: memoryEventStore({ now }),
  policy: definePolicy({ currency: 'USD' }),
  institution: 'NORTH',
  now,
  newId: () => 'id',
};

it('mayOwn accepts the libraries, but not the institution', () => {
  const { institution } = service;
  for (const libraries of [['MAIN'], { MAIN: 'Main Library' }]) {
    const own = { institution, libraries };
    expect(['MAIN', 'MUS', 'NORTH', 'toString'].map((code) => mayOwn(code, own))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  }
  expect([mayOwn('MUS', { institution }), mayOwn('NORTH', { institution })]).toEqual([true, false]);
});

it('libraryNames returns the known names', () => {
  expect(libraryNames({ libraries: { MAIN: 'Main Library' } })).toEqual({ MAIN: 'Main Library' });
  expect([libraryNames({ libraries: ['MAIN'] }), libraryNames({})]).toEqual([{}, {}]);
});

it('isAuthorized accepts only true', async () => {
  expect(await isAuthorized({}, 'x')).toBe(true);
  for (const said of [true, false, 'yes']) {
    const authorize = () => Promise.resolve(said as boolean);
    expect(await isAuthorized({ authorize }, 'x')).toBe(said === true);
  }
});

it('assertCodes throws for a code that the policy does not have', () => {
  const { policy } = service;
  expect(() => assertCodes(policy, 'paymentMethods', 'method', 'toString')).toThrow(
    "options.method: expected one of the policy's payment methods, found toString",
  );
  expect(() => assertCodes(policy, 'waiveReasons', 'reasons', { LOST: 'CASH' })).toThrow(
    "options.reasons.LOST: expected one of the policy's waiving reasons, found CASH",
  );
  assertCodes(policy, 'creditReasons', 'reason', undefined);
  assertCodes(policy, 'paymentMethods', 'method', 'CASH');
});

describe('admit', () => {
  it('returns the accounts of a patron, and the actor', async () => {
    const asked: string[] = [];
    const patron = (id: string) => {
      asked.push(id);
      return id === 'a' ? { patronId: 'p1' } : undefined;
    };
    const settings = { ...serviceContext(service), patron };
    expect(await admit(settings, 'a', 'a')).toMatchObject({
      patron: { patronId: 'p1' },
      group: [{ patronId: 'p1' }],
      by: { channel: 'online', institution: 'NORTH' },
    });
    expect(await admit(settings, 'b', 'b')).toBeUndefined();
    expect(await admit(settings, 'c', 'x'.repeat(300))).toBeUndefined();
    expect(asked).toEqual(['a', 'b']);
    const actor = () => ({ channel: 'desk' as const });
    expect((await admit({ ...settings, actor }, 'a', 'a'))?.by).toEqual({ channel: 'desk' });
  });
});

const at = '2026-03-02T09:00:00Z';
const options: ServiceOptions = {
  store: memoryEventStore({ now: () => at }),
  policy: definePolicy({ currency: 'USD' }),
  institution: 'north',
  now: () => at,
  newId: () => 'id',
};

describe('serviceContext', () => {
  it('reads the clock as text, from text or a Date', () => {
    expect(serviceContext(options).now()).toBe(at);
    expect(serviceContext({ ...options, now: () => new Date(at) }).now()).toBe('2026-03-02T09:00:00.000Z');
  });

  it.each([
    ['no time', new Date(Number.NaN)],
    ['a year of five digits', new Date(8.64e15)],
    ['a time without a zone', '2026-03-02T09:00:00'],
    ['a number', 1],
    ['nothing', undefined],
  ])('throws if the clock returns %s', (_name, time) => {
    const context = serviceContext({ ...options, now: () => time as string });
    expect(() => context.now()).toThrow(/INVALID_ARGUMENT: options.now\(\): /);
  });

  it('passes on how commands are retried, if given', () => {
    expect(serviceContext(options).how).toEqual({});
    const retry = { attempts: 3 };
    expect(serviceContext({ ...options, retry }).how).toEqual({ retry });
  });

  it('passes on the time of each call to a policy that bounds the time of commands', () => {
    let minute = 0;
    const now = () => `2026-03-02T09:0${minute++}:00Z`;
    const policy = definePolicy({ currency: 'USD', backdating: { days: 7 } });
    const { how } = serviceContext({ ...options, policy, now });
    expect([{ ...how }, how.now]).toEqual([{ now: '2026-03-02T09:00:00Z' }, '2026-03-02T09:01:00Z']);
  });

  it('throws for an invalid policy', () => {
    expect(() => serviceContext({ ...options, policy: {} as ServiceOptions['policy'] })).toThrow(
      'INVALID_POLICY',
    );
  });
});

it('services work under a policy that bounds the time of commands', async () => {
  const policy = definePolicy({ currency: 'USD', backdating: { days: 7 } });
  const { alma, sip2 } = servicesOf(memoryEventStore({ now: () => at }), policy);
  const fee = { type: { value: 'OTHER' }, original_amount: 9, owner: { value: 'MAIN' } };
  const { json } = await alma('p1/fees', 'POST', fee);
  const address = `p1/fees/${json.id}?op=`;
  for (const operation of [
    'dispute',
    'restore',
    'waive&amount=1.00&reason=OTHER',
    'pay&amount=1.00&method=ONLINE',
  ])
    expect((await alma(address + operation, 'POST')).status).toBe(200);
  expect(await sip2(`3720260302    0900000101USDBV2.00|AOnorth|AAp1|CG${json.id}|BKx2|`)).toMatch(/^38Y/);
  expect((await alma('p1/fees')).json.total_sum).toBe(5);
});

describe('serviceFields', () => {
  const schema = v.strictObject(serviceFields);

  it('accept the options of a service', () => {
    expect(v.is(schema, options)).toBe(true);
  });

  it.each(['store', 'policy', 'institution', 'now', 'newId'])('need %s', (field) => {
    expect(v.is(schema, { ...options, [field]: undefined })).toBe(false);
  });

  it('refuse a retry that is not an object', () => {
    expect(v.is(schema, { ...options, retry: null })).toBe(false);
  });

  it('have functions, which functionField describes', () => {
    const result = v.safeParse(functionField('a function that counts'), 3);
    expect(result.issues?.[0]?.message).toBe('a function that counts');
  });
});
