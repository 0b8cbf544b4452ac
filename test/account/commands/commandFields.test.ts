import { describe, expect, it } from 'vitest';
import { fieldsByCommand } from '../../../src/account/commands/commandFields.js';
import { requiredFields, wholeCommands } from '../../support/wholeCommands.js';

describe('fieldsByCommand', () => {
  it('has exactly the known commands', () => {
    expect(Object.keys(fieldsByCommand).sort()).toEqual(Object.keys(wholeCommands).sort());
  });

  it('has every field of the complete commands', () => {
    const common = ['type', 'id', 'at', 'by', 'reason', 'comment', 'staffNote', 'metadata'];
    for (const [type, command] of Object.entries(wholeCommands)) {
      const fields = Object.keys(fieldsByCommand[command.type]);
      const own = Object.keys(command).filter((field) => !common.includes(field));
      expect(fields, type).toEqual(expect.arrayContaining(own));
    }
    expect(requiredFields.WaiveFees).toContain('reason');
    expect(fieldsByCommand.WaiveFees.reason).toBe('required');
  });
});
