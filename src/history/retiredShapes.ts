// A worked example of a retired shape: FeeAssessed as the pre-releases 0.0.1 and 0.0.2 wrote it.
//
// To retire a shape: copy its schema here under a descriptive name, write the function that recognises it and the
// function that converts it to the next shape, add it to the list, and add a golden log of it. Never remove a shape:
// stored histories contain it.
import * as v from 'valibot';
import type { AccountEvent } from '../account/events/accountEvent.js';
import type { FeeAssessed } from '../account/events/feeEvents.js';
import { circumstancesFields, nameField } from '../account/fieldSchemas.js';
import { minorDigits } from '../money/currency.js';
import { formatAmount } from '../money/money.js';
import { metadataField } from './eventSchemas.js';
import { type RetiredShape, retired, retiredBefore } from './upcast.js';

/** Returns whether the data of an event has a field. */
function has(data: unknown, field: string): boolean {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, field);
}

/** 0.0.2: the field `owner` was called `library`. */
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

/** 0.0.1: a fee was called a charge, and its amount was a number of minor units. */
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

/** All shapes of earlier releases that the current release does not write. */
export const retiredShapes: readonly RetiredShape<never, AccountEvent>[] = [feeCharged, feeAssessedByLibrary];
