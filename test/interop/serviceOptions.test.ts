import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { memoryEventStore } from '../../src/history/index.js';
import { definePolicy } from '../../src/index.js';
import {
  functionField,
  type ServiceOptions,
  serviceContext,
  serviceFields,
} from '../../src/interop/serviceOptions.js';

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

  it('throws for an invalid policy', () => {
    expect(() => serviceContext({ ...options, policy: {} as ServiceOptions['policy'] })).toThrow(
      'INVALID_POLICY',
    );
  });
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
