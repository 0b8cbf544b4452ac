// The worked example of how a shape is retired: what the pre-releases 0.0.1 and 0.0.2 wrote for FeeAssessed.
//
// To retire a shape: copy its schema here under a name that says what it was, tell how it is recognised, write one
// function to the shape that followed, put it into the list, and add a golden log of it. None is ever taken out again:
// somebody's history has it.
import * as v from 'valibot';
import type { FeeAssessed } from '../account/events/feeEvents.js';
import { circumstancesFields, nameField } from '../account/fieldSchemas.js';
import { minorDigits } from '../money/currency.js';
import { formatAmount } from '../money/money.js';
import { metadataField } from './eventSchemas.js';
import { type RetiredShape, retired, retiredBefore } from './upcast.js';

/** Tells whether the data of an event has a field. */
function has(data: unknown, field: string): boolean {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, field);
}

/** 0.0.2: the owner of a fee was called its library. */
const feeAssessedByLibrary = /* @__PURE__ */ retired(
  {
    type: 'FeeAssessed',
    recognises: ({ data }) => has(data, 'library') && !has(data, 'owner'),
    schema: v.strictObject({
      type: v.literal('FeeAssessed'),
      data: v.strictObject({
        ...circumstancesFields,
        feeId: nameField,
        feeType: nameField,
        amount: v.string(),
        currency: v.string(),
        library: nameField,
      }),
      metadata: v.exactOptional(metadataField),
    }),
  },
  ({ data: { library, ...data }, ...event }): FeeAssessed => ({
    ...event,
    data: { ...data, owner: library },
  }),
);

/** 0.0.1: a fee was a charge, and its amount a number of minor units. */
const feeCharged = /* @__PURE__ */ retiredBefore(
  {
    type: 'FeeCharged',
    recognises: () => true,
    schema: v.strictObject({
      type: v.literal('FeeCharged'),
      data: v.strictObject({
        ...circumstancesFields,
        chargeId: nameField,
        chargeType: nameField,
        minorUnits: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
        currency: v.string(),
        library: nameField,
      }),
      metadata: v.exactOptional(metadataField),
    }),
  },
  ({ data: { chargeId, chargeType, minorUnits, ...data }, ...event }) => ({
    ...event,
    type: 'FeeAssessed' as const,
    data: {
      ...data,
      feeId: chargeId,
      feeType: chargeType,
      amount: formatAmount(minorUnits, minorDigits(data.currency) ?? 2),
    },
  }),
  feeAssessedByLibrary,
);

/** Every shape that a release wrote and the current one does not. */
export const retiredShapes: readonly RetiredShape<never>[] = [feeCharged, feeAssessedByLibrary];
