import * as v from 'valibot';
import { type Fee, owed } from '../account/fee.js';
import { nameField } from '../account/fieldSchemas.js';
import { fold } from '../account/fold.js';
import { balancesInMinorUnits, findFee, type PatronAccount } from '../account/patronAccount.js';
import { PatronFeesError } from '../errors.js';
import { type RecordedEvent, streamName } from '../history/eventStore.js';
import { compareInstants } from '../history/instants.js';
import { checkedArgument } from '../input/checkedArgument.js';
import { dateField } from '../input/instant.js';
import { parseAmount } from '../money/money.js';
import { definedPolicy, type FeePolicy } from '../policy/feePolicy.js';
import type { NoticeRule } from '../policy/notices.js';
import { amountWriter } from '../views/amountWriter.js';
import { feeTypeLabel } from '../views/codeLabel.js';
import { paymentPlan } from '../views/paymentPlan.js';
import type { Notice } from './notice.js';
import { type Draft, draftsOfBlocks, draftsOfDay, draftsOfEvents } from './noticeDrafts.js';

/** The patron and the day of the notices, and the notices that the patron already had. */
export type NoticeOptions = {
  /** The institution. */
  readonly institution: string;
  /** The patron. */
  readonly patronId: string;
  /** The patron's user group. */
  readonly group: string;
  /** The day, a local date of the library `YYYY-MM-DD`. Instalments until the day before are overdue. */
  readonly on: string;
  /**
   * The patron's language, such as `de`. One that the policy does not have becomes its first language.
   *
   * @defaultValue the first language of the policy's notices
   */
  readonly language?: string;
  /**
   * What the patron was told already: `told` of earlier notices.
   *
   * @defaultValue nothing
   */
  readonly told?: readonly string[];
};

const optionsSchema = v.strictObject({
  institution: nameField,
  patronId: nameField,
  group: v.string(),
  on: dateField,
  language: v.exactOptional(v.string()),
  told: v.optional(v.array(v.string()), []),
});

/**
 * Returns the notices that a patron has not had yet: first about what happened since the notices began, in order, then
 * those of the day, about payment plans that are behind and about what is owed. Pure: the same events, policy and
 * options give the same notices.
 *
 * Events that were recorded together and differ only in fee and amount make one notice, as do all events of one return,
 * dispute that ends, or cancelled fee. Imported events give no notice, nor does a fine while it grows. Figures of what
 * is owed are as of the last event.
 *
 * @param events - all events of the account, as a store returns them
 * @param policy - the institution's policy, with `notices`; its labels should be in the patron's language
 * @param options - the patron, the day, what was told already
 * @returns the notices; none if the policy has no `notices`
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid options, and if the policy and
 * the account have different currencies; `INVALID_POLICY`; `CORRUPT_HISTORY`
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { execute, memoryEventStore } from 'patron-fees/history';
 * import { noticesOf } from 'patron-fees/jobs';
 *
 * const at = '2026-03-02T14:00:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const rules = [{ kinds: ['charged', 'paid'] }] as const;
 * const policy = definePolicy({ currency: 'USD', notices: { from: '2026-03-01T00:00:00Z', rules } });
 * const patron = { institution: 'north', patronId: 'dverma' };
 * await execute(store, policy, patron, [
 *   { type: 'AssessFee', id: 'f1', feeType: 'OTHER', amount: '5', owner: 'MAIN', at },
 *   { type: 'ReceivePayment', id: 'p1', amount: '2', method: 'CASH', at },
 * ]);
 *
 * const { events } = await store.read(patron);
 * const notices = noticesOf(events, policy, { ...patron, group: 'STUDENT', on: '2026-03-02' });
 * notices.map(({ noticeId, amount }) => [noticeId, amount]);
 * //=> [['north/dverma/charged/1', '5.00'], ['north/dverma/paid/2', '2.00']]
 * const told = notices.flatMap((notice) => notice.told);
 * noticesOf(events, policy, { ...patron, group: 'STUDENT', on: '2026-03-02', told }); //=> []
 * ```
 */
export function noticesOf(
  events: readonly RecordedEvent[],
  policy: FeePolicy,
  options: NoticeOptions,
): readonly Notice[] {
  const known = definedPolicy(policy);
  const { institution, patronId, group, on, told, ...given } = checkedArgument(
    optionsSchema,
    options,
    'options',
  );
  const { notices } = known;
  if (notices === undefined || events.length === 0) return [];
  const stream = streamName({ institution, patronId });
  const account = fold(
    events.map(({ event }) => event),
    undefined,
    { stream },
  );
  if (account.currency === null) return [];
  if (account.currency !== known.currency) {
    const figures = { account: account.currency, policy: known.currency };
    const message = 'the account and the policy have different currencies';
    throw new PatronFeesError('INVALID_ARGUMENT', message, figures);
  }
  const rules = notices.rules.filter(({ groups }) => groups === undefined || groups.includes(group));
  const isTold = new Set(told);
  const [first = ''] = notices.languages;
  const language =
    given.language !== undefined && notices.languages.includes(given.language) ? given.language : first;
  const write = amountWriter(account);
  const { payable } = balancesInMinorUnits(account);
  const drafts = [
    ...draftsOfEvents(events, account, known, notices, isTold),
    ...draftsOfBlocks(events, known, { rules, from: notices.from, group, on, stream }),
    ...draftsOfDay(account, known, notices, on),
  ];
  return drafts.flatMap((draft): readonly Notice[] => {
    const { kind, amount, credited, planId, recordedAt, comment, fees } = draft;
    if (isTold.has(draft.told[0] as string)) return [];
    const rule = rules.find((one) => fits(one, draft));
    if (rule === undefined) return [];
    const plan = planId === null ? null : paymentPlan(account, known, { planId, on });
    return [
      {
        noticeId: noticeId(institution, patronId, draft.told),
        kind,
        told: draft.told,
        institution,
        patronId,
        language,
        at: draft.at,
        on: recordedAt === null ? on : null,
        currency: account.currency as string,
        amount: amount === null ? null : write(amount),
        credited: credited === 0 ? null : write(credited),
        fees: fees.map((part) => {
          const { feeId, feeType, item, owner } = feeOf(account, part.feeId);
          return {
            feeId,
            feeType,
            feeTypeLabel: feeTypeLabel(known, feeType),
            title: item?.title ?? null,
            owner,
            amount: part.amount === null ? null : write(part.amount),
            owed: write(owed(feeOf(account, feeId))),
          };
        }),
        instalments: plan === null ? [] : plan.instalments.filter(({ open }) => open !== write(0)),
        methodLabel: draft.methodLabel,
        destinationLabel: draft.destinationLabel,
        reasonLabel: draft.reasonLabel,
        outcome: draft.outcome,
        message: rule.message?.[language] ?? null,
        comment: rule.comments === true ? comment : null,
        payable: write(payable),
      },
    ];
  });

  function fits({ kinds, feeTypes, minimumAmount, from = notices?.from }: NoticeRule, draft: Draft): boolean {
    const { kind, amount, fees, recordedAt } = draft;
    const about = amount ?? fees.reduce((sum, { feeId }) => sum + owed(feeOf(account, feeId)), 0);
    return (
      kinds.includes(kind) &&
      (feeTypes === undefined ||
        fees.some(({ feeId }) => feeTypes.includes(feeOf(account, feeId).feeType))) &&
      (minimumAmount === undefined || about >= parseAmount(minimumAmount, account.minorDigits)) &&
      (recordedAt === null || compareInstants(recordedAt, from as string) >= 0)
    );
  }
}

function feeOf(account: PatronAccount, feeId: string): Fee {
  return findFee(account, feeId) as Fee;
}

function noticeId(institution: string, patronId: string, told: readonly string[]): string {
  const [first = '', ...others] = told;
  const last = others.at(-1);
  const parts = [institution, patronId].map(encodeURIComponent);
  return [...parts, last === undefined ? first : `${first}-${last.replace(/.*\//, '')}`].join('/');
}
