import * as v from 'valibot';
import { base, count, decimal, flag, given, record, saying, text } from './fields.js';

const intervals = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
const graceUnits = ['Minutes', 'Hours', 'Days', 'Weeks', 'Months'] as const;

const answer = saying(
  record({
    fine: v.optional(decimal),
    accountCreated: v.optional(flag),
    chargeableMinutes: v.optional(count),
    minutes: v.optional(count),
    note: v.optional(text),
  }),
);

/** A scenario about the fine for a late loan. */
export const overdueScenario = record({
  ...base,
  given: given({
    policy: v.optional(
      given({
        rate: v.optional(decimal),
        interval: v.optional(v.picklist(intervals, `one of ${intervals.join(', ')}`)),
        max: v.optional(decimal),
        recall: v.optional(flag, false),
        forgiveOnRenewal: v.optional(flag, false),
      }),
    ),
    grace: v.optional(
      v.strictTuple(
        [count, v.picklist(graceUnits, `one of ${graceUnits.join(', ')}`)],
        'a length and a unit',
      ),
    ),
    recall: v.optional(flag, false),
    ignoreGraceForRecall: v.optional(flag, false),
    due: v.optional(text),
    returned: v.optional(text),
    openings: v.optional(text),
  }),
  when: given({
    op: v.picklist(
      ['assess-overdue', 'renew-overdue-loan', 'adjust-for-grace', 'open-minutes-overdue'],
      'one of assess-overdue, renew-overdue-loan, adjust-for-grace, open-minutes-overdue',
    ),
    overdueMinutes: v.optional(count, 0),
  }),
  // biome-ignore lint/suspicious/noThenProperty: the files call it so
  then: answer,
  betterThen: v.optional(answer),
});

const made = saying(
  record({
    httpStatus: v.optional(count),
    error: v.optional(text),
    field: v.optional(text),
    value: v.optional(text),
    note: v.optional(text),
  }),
);

/** A scenario that creates an overdue fine policy. */
export const policyScenario = record({
  ...base,
  given: given({}),
  when: given({
    op: v.literal('create-overdue-policy', 'create-overdue-policy'),
    'overdueFine.quantity': v.optional(text, '1'),
    'overdueRecallFine.quantity': v.optional(text, '1'),
  }),
  // biome-ignore lint/suspicious/noThenProperty: the files call it so
  then: made,
  betterThen: v.optional(made),
});

export type OverdueScenario = v.InferOutput<typeof overdueScenario>;
export type PolicyScenario = v.InferOutput<typeof policyScenario>;
