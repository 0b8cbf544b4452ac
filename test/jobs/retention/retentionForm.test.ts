import { describe, expect, it } from 'vitest';
import {
  checkedRetentionForm,
  oldEnough,
  retentionRefusal,
} from '../../../src/jobs/retention/retentionForm.js';

const form = {
  institution: 'north',
  at: '2026-03-02T09:00:00Z',
  by: { userId: 'mo', roles: ['CIRC_DESK', 'USER_MANAGER'] },
  settledForDays: 1,
};

describe('the form of a retention job', () => {
  it('counts days of 24 hours back from its time', () => {
    expect(new Date(oldEnough(checkedRetentionForm(form))).toISOString()).toBe('2026-03-01T09:00:00.000Z');
  });

  it('is refused with every fault', () => {
    const wrong = { ...form, at: '2026-03-02', settledForDays: 0.5, by: { userId: '' }, days: 1 };
    expect(() => checkedRetentionForm(wrong as never)).toThrow(
      /form.days.*|form.at.*form.by.userId.*form.by.roles.*form.settledForDays/,
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
