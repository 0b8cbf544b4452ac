import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import {
  checkedPurgeForm,
  checkedRetentionForm,
  oldEnough,
  retentionRefusal,
} from '../../../src/jobs/retention/retentionForm.js';
import { tried } from '../../support/seeded.js';

const policy = definePolicy({ currency: 'USD' });
const form = {
  institution: 'north',
  at: '2026-03-02T09:00:00Z',
  by: { userId: 'mo', roles: ['CIRC_DESK', 'USER_MANAGER'] },
  settledForDays: 1,
};

describe('the form of a retention job', () => {
  it('counts days of 24 hours back from its time', () => {
    expect(new Date(oldEnough(checkedRetentionForm(form, policy))).toISOString()).toBe(
      '2026-03-01T09:00:00.000Z',
    );
  });

  it('is refused with every fault', () => {
    const wrong = { ...form, at: '2026-03-02', settledForDays: 0.5, by: { userId: '' }, days: 1 };
    expect(() => checkedRetentionForm(wrong as never, policy)).toThrow(
      /form.days.*|form.at.*form.by.userId.*form.by.roles.*form.settledForDays/,
    );
  });

  it('is refused exactly below the least age of the policy; a purge is held to both ages', () => {
    const days = fc.integer({ min: 1, max: 5 });
    const retention = fc.record({ purgeAfterDays: days, eraseTextsAfterDays: days }, { requiredKeys: [] });
    const purge = { jobId: 'j', timeZone: 'UTC' };
    const isAccepted = (check: () => unknown): boolean => {
      try {
        check();
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(retention, days, (ages, settledForDays) => {
        const rules = definePolicy({ currency: 'USD', retention: ages });
        const { purgeAfterDays = 1, eraseTextsAfterDays = 1 } = ages;
        const given = { ...form, settledForDays };
        const texts = isAccepted(() => checkedRetentionForm(given, rules));
        const events = isAccepted(() => checkedPurgeForm({ ...given, ...purge }, rules));
        expect(texts).toBe(settledForDays >= eraseTextsAfterDays);
        expect(events).toBe(settledForDays >= eraseTextsAfterDays && settledForDays >= purgeAfterDays);
      }),
      tried(500),
    );
  });

  it('needs the role of those who may waive in bulk', () => {
    expect(retentionRefusal(form.by)).toBeUndefined();
    expect(retentionRefusal({ userId: 'kim', roles: [] })).toEqual({
      type: 'ActorLacksRole',
      kind: 'forbidden',
      userId: 'kim',
      role: 'USER_MANAGER',
    });
  });
});
