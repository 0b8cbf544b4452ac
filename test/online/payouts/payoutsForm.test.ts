import * as v from 'valibot';
import { expect, it } from 'vitest';
import { payoutsFormSchema } from '../../../src/online/payouts/payoutsForm.js';
import { at, institution } from '../shop.js';

it('the form accepts an institution, a time and a method, and refuses 0 days', () => {
  const is = (form: object) => v.is(payoutsFormSchema, { institution, at, ...form });
  expect([is({}), is({ method: 'CARD', notPaidOutAfterDays: 7 })]).toEqual([true, true]);
  expect([is({ notPaidOutAfterDays: 0 }), is({ at: 'today' }), is({ days: 7 })]).toEqual([
    false,
    false,
    false,
  ]);
});
