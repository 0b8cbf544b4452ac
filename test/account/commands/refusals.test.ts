import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const account = new URL('../../../src/account/', import.meta.url);

/** The texts of a folder's files, each with the name of the file in capital case: that of the command. */
const sourcesOf = (folder: string) =>
  readdirSync(new URL(folder, account)).map((file) => ({
    command: `${file.charAt(0).toUpperCase()}${file.slice(1, -'.ts'.length)}`,
    text: readFileSync(new URL(`${folder}/${file}`, account), 'utf8'),
  }));

/** The comment of each command, by its name. */
const comments = new Map(
  sourcesOf('commands')
    .flatMap(({ text }) => [
      ...text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport type (\w+) = CommandBase/g),
    ])
    .map(([, comment = '', name = '']) => [name, comment]),
);

/** What the decision of each command refuses with: of its own file, without the functions that it calls. */
const refusals = sourcesOf('decisions').flatMap(({ command, text }) => {
  const types = [...text.matchAll(/refuse\(\{\s*type: '(\w+)'/g)].map(([, type = '']) => type);
  if (text.includes('refuseIfMerged()')) types.push('AccountMerged');
  return [...new Set(types)].map((type) => [command, type] as const);
});

describe('the comments of commands', () => {
  it('are found in the docstrings, as the refusals are in the decisions', () => {
    expect(comments.size).toBe(22);
    expect(refusals).toContainEqual(['WaiveFees', 'WaiverExceedsOwed']);
    expect(refusals.length).toBeGreaterThan(40);
  });

  it.each(refusals)('list exactly what the decision refuses with: %s, %s', (command, type) => {
    expect(comments.get(command)).toMatch(new RegExp(`Refused:[\\s\\S]*\\b${type}\\}`));
  });
});
