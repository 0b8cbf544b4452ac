import * as v from 'valibot';
import { expect, it } from 'vitest';
import { commandUserField, officeAmounts } from '../../../src/office/officeFields.js';
import { tillCommandSchema } from '../../../src/office/till/tillCommands.js';
import { by, close, move, open } from './tills.js';

it.each([open(), move('m', 'in', '1.00'), close('c', '1.00', '51.00')])(
  'accepts a command $type',
  (command) => {
    expect(v.parse(tillCommandSchema(officeAmounts(2)), command)).toEqual(command);
  },
);

it('needs a user', () => {
  expect(v.safeParse(commandUserField, by).success).toBe(true);
  expect(v.safeParse(commandUserField, { channel: 'desk' }).success).toBe(false);
});
