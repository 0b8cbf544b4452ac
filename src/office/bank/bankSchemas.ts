import * as v from 'valibot';
import { nameField, textField } from '../../account/fieldSchemas.js';
import { dateField } from '../../input/instant.js';
import { plainObject } from '../../input/plainObject.js';
import { type OfficeAmounts, officeCommandFields } from '../officeFields.js';

/** The schemas of what tells an entry of the bank. */
export const bankEntryFields = { entryId: nameField, bookedOn: dateField };

/** The schema of how the items of an entry were found. */
export const matchedByField = v.picklist(['reference', 'hand']);

/** The schema of an item, for schemas of its amounts. */
export function bankItemField(amount: v.GenericSchema<string>) {
  const amounts = { amount, of: v.exactOptional(amount) };
  const method = nameField;
  const kinds = [
    v.strictObject({ kind: v.literal('deposit'), till: nameField, sessionId: nameField, method, ...amounts }),
    v.strictObject({ kind: v.literal('safeDeposit'), depositId: nameField, method, ...amounts }),
    v.strictObject({
      kind: v.literal('returned'),
      patronId: nameField,
      reversalId: nameField,
      method,
      ...amounts,
    }),
    v.strictObject({
      kind: v.literal('remittance'),
      remittanceId: nameField,
      destination: v.exactOptional(nameField),
      ...amounts,
    }),
    v.strictObject({ kind: v.literal('payout'), method, payoutId: nameField, ...amounts }),
  ] as const;
  return v.variant('kind', [...kinds], 'the kind of an item');
}

/** The schema of the items of an entry, for schemas of their amounts. */
export function bankItemsField(amount: v.GenericSchema<string>) {
  return v.pipe(v.array(bankItemField(amount)), v.minLength(1, 'one or more items'));
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
          ...bankEntryFields,
          amount: notZero,
          items: bankItemsField(notZero),
          difference: v.exactOptional(bankDifferenceField(notZero)),
        }),
        v.strictObject({
          ...base,
          type: v.literal('EndBankItem'),
          item: bankItemField(notZero),
          reason: v.exactOptional(nameField),
        }),
        v.strictObject({
          ...base,
          type: v.literal('BookBankEntry'),
          ...bankEntryFields,
          amount: notZero,
          reason: nameField,
        }),
        v.strictObject({ ...base, type: v.literal('ReverseBankRecord'), recordId: nameField }),
      ],
      'DepositFromSafe, ConfirmBankEntry, EndBankItem, BookBankEntry or ReverseBankRecord',
    ),
  );
}
