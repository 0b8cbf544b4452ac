import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';

/** The schema of the items of an entry, for schemas of their amounts. */
export function bankItemsField(amount: v.GenericSchema<string>) {
  const kinds = [
    v.strictObject({
      kind: v.literal('deposit'),
      till: nameField,
      sessionId: nameField,
      method: nameField,
      amount,
    }),
    v.strictObject({ kind: v.literal('safeDeposit'), depositId: nameField, method: nameField, amount }),
    v.strictObject({
      kind: v.literal('returned'),
      patronId: nameField,
      reversalId: nameField,
      method: nameField,
      amount,
    }),
    v.strictObject({
      kind: v.literal('remittance'),
      remittanceId: nameField,
      destination: v.exactOptional(nameField),
      amount,
    }),
    v.strictObject({ kind: v.literal('payout'), method: nameField, payoutId: nameField, amount }),
  ] as const;
  return v.pipe(
    v.array(v.variant('kind', [...kinds], 'the kind of an item')),
    v.minLength(1, 'one or more items'),
  );
}

/** The schema of a difference. */
export function bankDifferenceField(amount: v.GenericSchema<string>) {
  return v.strictObject({ kind: v.picklist(['overShort', 'charges']), amount });
}
