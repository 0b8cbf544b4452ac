import { describe, expect, it } from 'vitest';
import { fieldsByCommand } from '../../../src/account/commands/commandFields.js';
import { requiredFields, wholeCommands } from '../../support/wholeCommands.js';

/** Fields that exclude another field that the complete command has. */
const excluded = [
  'ReceivePayment.feeIds',
  'ReceivePayment.order',
  'ReturnLostItem.loanId',
  'TransferFees.fees',
  'TransferFees.credits',
  'ApplyCredit.allocations',
];

describe('fieldsByCommand', () => {
  it('has exactly the known commands', () => {
    expect(Object.keys(fieldsByCommand).sort()).toEqual(Object.keys(wholeCommands).sort());
  });

  it('has every field of the complete commands', () => {
    const common = ['type', 'id', 'at', 'by', 'approvedBy', 'reason', 'comment', 'staffNote', 'metadata'];
    for (const [type, command] of Object.entries(wholeCommands)) {
      const fields = Object.keys(fieldsByCommand[command.type]);
      const own = Object.keys(command).filter((field) => !common.includes(field));
      expect(fields, type).toEqual(expect.arrayContaining(own));
    }
  });

  it('has no field that is missing in the complete commands, unless another field excludes it', () => {
    const missing = Object.values(wholeCommands).flatMap((command) =>
      Object.keys(fieldsByCommand[command.type])
        .filter((field) => !(field in command))
        .map((field) => `${command.type}.${field}`),
    );
    expect(missing, 'add new fields to test/support/wholeCommands.ts').toEqual(excluded);
  });

  it('marks a field as required or optional', () => {
    expect(fieldsByCommand.CancelCredit).toEqual({
      creditId: 'required',
      amount: 'optional',
      forfeit: 'optional',
    });
  });

  it('has a reason only where the command needs one', () => {
    expect(requiredFields.WaiveFees).toContain('reason');
    expect(fieldsByCommand.WaiveFees.reason).toBe('required');
  });
});
