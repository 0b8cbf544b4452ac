import * as v from 'valibot';
import { nameField, textField } from '../../account/fieldSchemas.js';
import { dateField } from '../../input/instant.js';
import { plainObject } from '../../input/plainObject.js';
import { type OfficeAmounts, officeCommandFields } from '../officeFields.js';

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

/** Returns the schema of a command about a bank account; its output has canonical amounts. */
export function bankCommandSchema({ aboveZero, notZero }: OfficeAmounts) {
  const base = officeCommandFields({ aboveZero });
  return v.pipe(
    plainObject,
    v.variant(
      'type',
      [
        v.strictObject({
          ...base,
          type: v.literal('DepositFromSafe'),
          method: v.exactOptional(nameField),
          amount: aboveZero,
          reference: v.exactOptional(textField),
        }),
        v.strictObject({
          ...base,
          type: v.literal('ConfirmBankEntry'),
          entryId: nameField,
          bookedOn: dateField,
          amount: notZero,
          items: bankItemsField(notZero),
          difference: v.exactOptional(bankDifferenceField(notZero)),
        }),
        v.strictObject({ ...base, type: v.literal('ReverseBankRecord'), recordId: nameField }),
      ],
      'DepositFromSafe, ConfirmBankEntry or ReverseBankRecord',
    ),
  );
}
