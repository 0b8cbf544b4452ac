import * as v from 'valibot';
import { onlyFields, plainObject } from '../input/plainObject.js';
import { wholeNumber } from '../input/wholeNumber.js';
import { amountSchema, expectedAmount } from '../money/amountSchema.js';
import { formatAmount } from '../money/money.js';
import { almaFeeTypes, almaPaymentMethods, almaWaiveReasons } from './codeTables.js';
import { noticeFaults, noticesSchema } from './notices.js';
import { onlinePaymentsSchema } from './onlinePayments.js';
import { paymentOrders } from './paymentOrder.js';
import { approvableCommands, approvableJobs, permittedCommands } from './permissions.js';
import type { WaiveReason } from './policyRules.js';

const CODE_LENGTH_MAX = 200;

/** Keys that not every JSON tool handles as ordinary fields. */
const unusableCodes = ['__proto__', 'constructor', 'prototype'];

const code = v.pipe(
  v.string(),
  v.check(
    (text) => text.length > 0 && text.length <= CODE_LENGTH_MAX && !text.includes('\u0000'),
    `a code of 1 to ${CODE_LENGTH_MAX} characters without U+0000`,
  ),
);
const approvingRoles = v.pipe(v.array(code), v.nonEmpty('at least one role'));
const label = v.pipe(v.string('a label'), v.nonEmpty('a label'));
const labels = table(label, code);
const waiveReason = v.pipe(
  v.union(
    [
      label,
      v.strictObject({
        label,
        kind: v.optional(v.picklist(['waiver', 'writeOff']), 'waiver'),
        commentRequired: v.exactOptional(v.boolean()),
      }),
    ],
    'a label, or an object with a label and a kind (waiver, writeOff)',
  ),
  v.transform(
    (reason): WaiveReason => (typeof reason === 'string' ? { label: reason, kind: 'waiver' } : reason),
  ),
);

/** Returns the schema of a table by code, without the unusable codes, which the schema library would ignore. */
function table<Schema extends v.GenericSchema, Key extends v.GenericSchema<string, string>>(
  entry: Schema,
  key: Key,
) {
  return v.pipe(
    plainObject,
    v.check(
      (input) => !unusableCodes.some((name) => Object.hasOwn(input, name)),
      `a table by code (${unusableCodes.join(', ')} cannot be codes)`,
    ),
    v.record(key, entry),
  );
}

/** A rate of a tax or a fee. */
const rate = v.pipe(
  v.number(),
  v.check(
    (percent) => percent <= 100 && /^\d+(\.\d{1,3})?$/.test(String(percent)),
    'a percentage from 0 to 100 with at most 3 decimals',
  ),
);

const feeTypeSchema = (amount: ReturnType<typeof amountSchema>) =>
  v.pipe(
    v.strictObject({
      label,
      manual: v.optional(v.boolean(), true),
      waiveable: v.optional(v.boolean(), true),
      lostItem: v.optional(v.boolean(), false),
      refundPercent: v.optional(
        v.pipe(
          v.number(),
          v.check((percent) => percent >= 0 && percent <= 100, 'a percentage from 0 to 100'),
        ),
        0,
      ),
      retired: v.exactOptional(v.boolean()),
      commentRequired: v.exactOptional(v.boolean()),
      vatPercent: v.exactOptional(rate),
      defaultAmount: v.exactOptional(amount),
      payableOnline: v.exactOptional(v.boolean()),
    }),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed || dataset.value.lostItem || dataset.value.refundPercent === 0) return;
      addIssue({
        message: '0 for a type that is not for lost items',
        received: String(dataset.value.refundPercent),
        path: pathTo(dataset.value, 'refundPercent'),
      });
    }),
  );

/** Returns the schema of a policy with its defaults, for a currency with `digits` decimals. */
export function policySchema(digits: number) {
  const amount = amountSchema(digits);
  const days = v.pipe(
    v.number(),
    v.check((count) => count >= 0 && count < Number.POSITIVE_INFINITY, 'a number of days, 0 or more'),
  );
  const minimum = v.optional(
    onlyFields({
      minimumAmount: v.exactOptional(amount),
      minimumAgeDays: v.exactOptional(days),
    }),
    {},
  );
  const nothing = formatAmount(0, digits);
  const zero = v.pipe(
    v.picklist(['0', nothing]),
    v.transform(() => nothing),
  );
  const limit = v.strictObject({
    // A limit of 0 blocks every patron who owes anything.
    amount: v.union([zero, amount], `0, or ${expectedAmount(digits)}`),
    limitItselfBlocks: v.optional(v.boolean(), false),
    excludedFeeTypes: v.optional(v.array(code), []),
    excusesPaymentPlans: v.optional(v.boolean(), false),
  });
  return v.pipe(
    v.strictObject({
      currency: v.string(),
      feeTypes: v.optional(table(feeTypeSchema(amount), code), almaFeeTypes),
      paymentMethods: v.optional(labels, almaPaymentMethods),
      waiveReasons: v.optional(table(waiveReason, code), almaWaiveReasons),
      creditReasons: v.optional(labels, { GOODWILL: 'Goodwill', OTHER: 'Other' }),
      destinations: v.optional(labels, { BURSAR: 'Bursar' }),
      overpayment: v.optional(v.picklist(['refuse', 'credit']), 'refuse'),
      paymentOrder: v.optional(v.picklist(paymentOrders), 'oldest-first'),
      unpaidOnReturn: v.optional(v.picklist(['percent', 'all']), 'percent'),
      transfers: v.optional(
        onlyFields({
          expectsSettlement: v.optional(v.boolean(), false),
          fees: minimum,
          credits: minimum,
        }),
        {},
      ),
      blockLimits: v.optional(table(v.array(limit), code), {}),
      accrualLimits: v.optional(table(amount, code), {}),
      permissions: v.exactOptional(
        table(
          table(onlyFields({ upTo: v.exactOptional(amount) }), code),
          v.picklist(permittedCommands, 'a command that can be permitted'),
        ),
      ),
      approvals: v.exactOptional(
        onlyFields({
          ...v.entriesFromList(
            approvableCommands,
            v.exactOptional(
              v.strictObject({
                above: v.union([zero, amount], `0, or ${expectedAmount(digits)}`),
                roles: approvingRoles,
              }),
            ),
          ),
          ...v.entriesFromList(approvableJobs, v.exactOptional(onlyFields({ roles: approvingRoles }))),
        }),
      ),
      duties: v.exactOptional(
        v.array(
          v.pipe(
            v.array(v.picklist(permittedCommands, 'a command that can be permitted')),
            v.check((list) => list.length > 1, 'two or more commands'),
          ),
        ),
      ),
      backdating: v.exactOptional(onlyFields({ days })),
      retention: v.exactOptional(
        onlyFields({
          purgeAfterDays: v.exactOptional(wholeNumber(1)),
          eraseTextsAfterDays: v.exactOptional(wholeNumber(1)),
        }),
      ),
      forfeitAfterDays: v.exactOptional(wholeNumber(1)),
      cardNumbers: v.optional(v.picklist(['refused', 'allowed']), 'refused'),
      onlinePayments: v.exactOptional(onlinePaymentsSchema(amount, rate)),
      notices: v.exactOptional(noticesSchema(amount, code)),
      tillMethods: v.exactOptional(v.array(code)),
      receipts: v.exactOptional(v.literal('always')),
      bankReasons: v.exactOptional(labels),
    }),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const { feeTypes, blockLimits, accrualLimits, onlinePayments, paymentMethods, notices } = dataset.value;
      const found = notices ? noticeFaults(notices, feeTypes, blockLimits) : [];
      for (const fault of found)
        addIssue({
          message: fault.expected,
          received: JSON.stringify(fault.found),
          path: pathTo(dataset.value, ...fault.path),
        });
      if (onlinePayments) {
        const { method, shortfallFee } = onlinePayments;
        if (!Object.hasOwn(paymentMethods, method))
          addIssue({
            message: 'a payment method of this policy',
            received: JSON.stringify(method),
            path: pathTo(dataset.value, 'onlinePayments', 'method'),
          });
        const type = Object.hasOwn(feeTypes, shortfallFee.feeType)
          ? feeTypes[shortfallFee.feeType]
          : undefined;
        if (type === undefined || type.retired === true)
          addIssue({
            message: 'a fee type of this policy that is not retired',
            received: JSON.stringify(shortfallFee.feeType),
            path: pathTo(dataset.value, 'onlinePayments', 'shortfallFee', 'feeType'),
          });
      }
      for (const type of Object.keys(accrualLimits)) {
        const rule = Object.hasOwn(feeTypes, type) ? feeTypes[type] : undefined;
        if (rule !== undefined && !rule.lostItem) continue;
        addIssue({
          message: rule === undefined ? 'a fee type of this policy' : 'a fee type that is not for lost items',
          received: JSON.stringify(type),
          path: pathTo(dataset.value, 'accrualLimits', type),
        });
      }
      for (const [group, limits] of Object.entries(blockLimits)) {
        for (const [index, { excludedFeeTypes }] of limits.entries()) {
          const unknown = excludedFeeTypes.find((type) => !Object.hasOwn(feeTypes, type));
          if (unknown === undefined) continue;
          addIssue({
            message: 'only fee types of this policy',
            received: JSON.stringify(unknown),
            path: pathTo(dataset.value, 'blockLimits', group, index, 'excludedFeeTypes'),
          });
        }
      }
    }),
  );
}

/** Returns a path into a policy as the schema library represents it. */
function pathTo(
  input: Record<string, unknown>,
  ...keys: (string | number)[]
): [v.IssuePathItem, ...v.IssuePathItem[]] {
  const [first, ...rest] = keys.map(
    (key) => ({ type: 'unknown', origin: 'value', input, key, value: null }) as const,
  );
  return [first as v.IssuePathItem, ...rest];
}
