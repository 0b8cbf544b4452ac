import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const calls = [
  `decide({ ...waive, at, reasn: 'OTHER' }, account, policy);`,
  'decide({ ...waive, at: new Date() }, account, policy);',
  'decide([{ ...waive, at: new Date() }], account, policy);',
  'decide({ ...fee, amount: 5 }, account, policy);',
  'execute(store, policy, stream, { ...waive, at: new Date() });',
  `execute(store, policy, stream, { ...fee, amount: '5.00', feetype: 'OTHER' });`,
];

const source = `
import { decide, emptyAccount, type FeePolicy } from './src/index.js';
import { type EventStore, execute } from './src/history/index.js';
declare const policy: FeePolicy, store: EventStore;
const at = '2026-03-02T14:00:00Z';
const account = emptyAccount();
const stream = { institution: 'north', patronId: 'p1' };
const waive = { type: 'WaiveFees', id: 'w1', fees: [{ feeId: 'f1' }], reason: 'OTHER' } as const;
const fee = { type: 'AssessFee', id: 'f1', feeType: 'OTHER', owner: 'MAIN', at } as const;
${calls.join('\n')}
`;

/** The compiler's message for each call. */
function messages(): string[] {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const name = `${root}calls.ts`;
  const read = host.getSourceFile;
  host.getSourceFile = (file, ...more) =>
    file === name ? ts.createSourceFile(file, source, ts.ScriptTarget.Latest) : read(file, ...more);
  const program = ts.createProgram([name], options, host);
  const lines = source.split('\n');
  const found = program.getSemanticDiagnostics(program.getSourceFile(name)).map((diagnostic) => {
    const line = ts.getLineAndCharacterOfPosition(
      diagnostic.file as ts.SourceFile,
      diagnostic.start ?? 0,
    ).line;
    return [lines[line], ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')] as const;
  });
  return calls.map((call) => found.find(([line]) => line === call)?.[1] ?? '');
}

it('the compiler reports a wrong field of a command, or a Date, in terms of the command', () => {
  const notText = (field: string, type: string) =>
    expect.stringMatching(
      new RegExp(
        `Types of property '${field}' are incompatible.\\s+Type '${type}' is not assignable to type 'string'`,
      ),
    );
  const texts = messages();
  expect(texts).toEqual([
    expect.stringMatching(/'reasn' does not exist in type 'WaiveFees/),
    notText('at', 'Date'),
    expect.stringContaining("Type 'Date' is not assignable to type 'string'"),
    notText('amount', 'number'),
    notText('at', 'Date'),
    expect.stringMatching(/'feetype' does not exist in type 'AssessFee/),
  ]);
  for (const text of texts) expect(text).not.toMatch(/=>|index: number/);
});
