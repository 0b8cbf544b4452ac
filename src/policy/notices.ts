import * as v from 'valibot';
import { instantField } from '../input/instant.js';
import { onlyFields } from '../input/plainObject.js';
import type { amountSchema } from '../money/amountSchema.js';

/** The kinds of notices. */
export const noticeKinds = [
  'charged',
  'grown',
  'paid',
  'reversed',
  'refunded',
  'refundReversed',
  'waived',
  'cancelled',
  'disputed',
  'resolved',
  'returned',
  'transferred',
  'planAgreed',
  'planBehind',
  'blocked',
  'owed',
] as const;

/**
 * What a notice tells a patron.
 *
 * - `charged`: a fee was charged whose amount is final.
 * - `grown`: a fine has stopped growing; a fine that grows gives no notice.
 * - `paid`: a payment was received.
 * - `reversed`: a payment or a waiver was undone, or a fee came back from an external billing system; more is owed
 *   again.
 * - `refunded`: a credit was paid out.
 * - `refundReversed`: a refund came back or was taken back; its amount counts in the patron's favour again.
 * - `waived`: a fee was waived or written off.
 * - `cancelled`: a fee was taken back.
 * - `disputed`: a dispute was recorded.
 * - `resolved`: a dispute ended, with what was waived or cancelled then.
 * - `returned`: a lost item came back, with what is no longer owed.
 * - `transferred`: a fee was handed to an external billing system.
 * - `planAgreed`: a payment plan was agreed.
 * - `planBehind`: an instalment was not paid in time.
 * - `blocked`: what is owed has reached a limit of the group.
 * - `owed`: what can be paid now, once a week or month.
 */
export type NoticeKind = (typeof noticeKinds)[number];

/** Which notices a patron gets. A notice is sent if a rule fits it; it has the message of the first rule that fits. */
export type NoticeRule = {
  /** The kinds of notices. */
  readonly kinds: readonly NoticeKind[];
  /** Fee types of this policy, at least one of which the notice must be about; any if left out. */
  readonly feeTypes?: readonly string[];
  /** The user groups that get them; all if left out. */
  readonly groups?: readonly string[];
  /** The smallest amount about which a notice is given, a decimal string; any amount if left out. */
  readonly minimumAmount?: string;
  /**
   * Events recorded before this time give no notice by this rule, ISO 8601 with a zone; `from` of the notices if left
   * out.
   */
  readonly from?: string;
  /** A paragraph of the library's own, by language: a text for every language of the notices. None if left out. */
  readonly message?: Readonly<Record<string, string>>;
  /** Whether the notice has the comment of staff; false if left out. Never a staff note. */
  readonly comments?: boolean;
};

/** Which notices an institution sends, complete. */
export type Notices = {
  /** When the library begins to send notices, ISO 8601 with a zone: events recorded before give none. */
  readonly from: string;
  /** The languages of the notices, such as `de`; the first one is for patrons of any other. */
  readonly languages: readonly string[];
  /** How often notices of the kind `owed` are sent. A week begins on Monday. */
  readonly owedEvery: 'week' | 'month';
  /** Which notices patrons get. */
  readonly rules: readonly NoticeRule[];
};

/** Input of {@link definePolicy} for notices. */
export type NoticesInput = {
  /** When the library begins to send notices, ISO 8601 with a zone: events recorded before give none. */
  readonly from: string;
  /**
   * The languages of the notices, such as `de`; the first one is for patrons of any other.
   *
   * @defaultValue `['en']`
   */
  readonly languages?: readonly string[];
  /**
   * How often notices of the kind `owed` are sent. A week begins on Monday.
   *
   * @defaultValue `"month"`
   */
  readonly owedEvery?: 'week' | 'month';
  /** Which notices patrons get: at least one rule. */
  readonly rules: readonly NoticeRule[];
};

const text = v.pipe(v.string('a text'), v.nonEmpty('a text'));

/** Returns the schema of `notices`, for the amounts and the codes of a policy. */
export function noticesSchema(amount: ReturnType<typeof amountSchema>, code: v.GenericSchema<string>) {
  const some = <Entry extends v.GenericSchema>(entry: Entry) =>
    v.pipe(v.array(entry), v.nonEmpty('at least one'));
  return onlyFields({
    from: instantField,
    languages: v.optional(some(v.pipe(v.string(), v.regex(/^[a-z]{2,3}$/, 'a language, such as de'))), [
      'en',
    ]),
    owedEvery: v.optional(v.picklist(['week', 'month']), 'month'),
    rules: some(
      v.strictObject({
        kinds: some(v.picklist(noticeKinds, 'a kind of notice')),
        feeTypes: v.exactOptional(some(code)),
        groups: v.exactOptional(some(code)),
        minimumAmount: v.exactOptional(amount),
        from: v.exactOptional(instantField),
        message: v.exactOptional(v.record(v.string(), text)),
        comments: v.exactOptional(v.boolean()),
      }),
    ),
  });
}

/** A fault of the rules of a policy that one field alone does not show. */
type NoticeFault = {
  readonly path: readonly (string | number)[];
  readonly expected: string;
  readonly found: unknown;
};

/** Returns the faults of notices whose shape is right: unknown fee types, missing languages, blocks without limits. */
export function noticeFaults(
  { languages, rules }: Notices,
  feeTypes: object,
  blockLimits: object,
): readonly NoticeFault[] {
  const hasLimits = (group: string) => Object.hasOwn(blockLimits, group) || Object.hasOwn(blockLimits, '*');
  return rules.flatMap((rule, index): readonly NoticeFault[] => {
    const of = ['notices', 'rules', index] as const;
    const { message, groups = ['*'] } = rule;
    const unknown = rule.feeTypes?.find((type) => !Object.hasOwn(feeTypes, type));
    const free = rule.kinds.includes('blocked') ? groups.find((group) => !hasLimits(group)) : undefined;
    const written = Object.keys(message ?? {});
    const isWhole = written.length === languages.length && languages.every((one) => written.includes(one));
    return [
      ...(unknown === undefined
        ? []
        : [{ path: [...of, 'feeTypes'], expected: 'only fee types of this policy', found: unknown }]),
      ...(free === undefined
        ? []
        : [
            {
              path: [...of, 'kinds'],
              expected: "blockLimits for the groups of this rule, or for '*', to tell of blocks",
              found: free,
            },
          ]),
      ...(message === undefined || isWhole
        ? []
        : [
            {
              path: [...of, 'message'],
              expected: `a text for each language of the notices (${languages.join(', ')})`,
              found: written,
            },
          ]),
    ];
  });
}
