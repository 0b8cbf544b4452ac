import { expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { erasureTerms, openErasure } from '../../../src/jobs/retention/erasure.js';
import { tickingStore } from '../../support/stores.js';

const policy = definePolicy({ currency: 'USD' });
const form = {
  institution: 'north',
  at: '2026-03-02T09:00:00Z',
  by: { userId: 'mo', roles: ['USER_MANAGER'] },
  settledForDays: 1,
};

it('returns the terms', async () => {
  const terms = { untilMs: Date.parse('2026-03-01T09:00:00Z'), openSessions: new Set() };
  expect(await erasureTerms(form, undefined)).toEqual(terms);
});

it('returns the refusal of an actor without the role', () => {
  const clerk = { ...form, by: { userId: 'kim', roles: [] } };
  expect(openErasure(tickingStore(), policy, () => clerk, {}, 'texts').rejection).toMatchObject({
    type: 'ActorLacksRole',
    userId: 'kim',
  });
  expect(openErasure(tickingStore(), policy, () => form, {}, 'texts').rejection).toBeUndefined();
});

it('throws for an invalid policy, and reports a store that cannot erase and unknown options together', () => {
  const { redact: _redact, ...plain } = tickingStore();
  const wrong = { onAcount: () => undefined } as object;
  expect(() => openErasure(plain as never, {} as never, () => form, wrong, 'texts')).toThrow(
    'INVALID_POLICY',
  );
  expect(() => openErasure(plain as never, policy, () => form, wrong, 'texts')).toThrow(
    /stores: expected a store that can erase.*options.onAcount/,
  );
});
