import { expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { preparedErasure } from '../../../src/jobs/retention/erasure.js';
import { tickingStore } from '../../support/stores.js';

const policy = definePolicy({ currency: 'USD' });
const form = {
  institution: 'north',
  at: '2026-03-02T09:00:00Z',
  actor: { userId: 'mo', roles: ['USER_MANAGER'] },
  settledForDays: 1,
};

it('returns the terms, and the options of the job alone', async () => {
  const options = { concurrency: 2, onAccount: () => undefined, onFinding: () => undefined };
  expect(await preparedErasure(tickingStore(), policy, () => form, options)).toEqual({
    form,
    currency: 'USD',
    terms: { untilMs: Date.parse('2026-03-01T09:00:00Z'), openSessions: new Set() },
    jobOptions: { concurrency: 2 },
  });
});

it('returns the refusal of an actor without the role', async () => {
  const clerk = { ...form, actor: { userId: 'kim', roles: [] } };
  expect(await preparedErasure(tickingStore(), policy, () => clerk, {})).toMatchObject({
    rejection: { type: 'ActorLacksRole', userId: 'kim' },
  });
});

it('throws for an invalid policy, a store that cannot erase, a form and unknown options, in this order', async () => {
  const { redact: _redact, ...plain } = tickingStore();
  const noForm = () => {
    throw new Error('no form');
  };
  const wrong = { onAcount: () => undefined } as object;
  await expect(preparedErasure(plain as never, {} as never, noForm, wrong)).rejects.toThrow('INVALID_POLICY');
  await expect(preparedErasure(plain as never, policy, noForm, wrong)).rejects.toThrow(
    'a store that can erase',
  );
  await expect(preparedErasure(tickingStore(), policy, noForm, wrong)).rejects.toThrow('no form');
  await expect(preparedErasure(tickingStore(), policy, () => form, wrong)).rejects.toThrow(
    'options.onAcount',
  );
});
