import type { Command } from '../../account/commands/command.js';
import { balancesInMinorUnits, emptyAccount, type PatronAccount } from '../../account/patronAccount.js';
import type { Explored } from './explorationLaws.js';

/**
 * Returns a story as a scenario to paste into a test: it passes, and shows what the story leads to.
 *
 * @param both - how many of the last commands are shown in the other order, too
 */
export function scenarioText(
  law: string,
  message: string,
  commands: readonly Command[],
  both: 0 | 2,
  subject: Explored,
): string {
  const other = [...commands.slice(0, -2), ...commands.slice(-2).reverse()];
  const stories = both === 0 ? [commands] : [commands, other];
  const comment = [law, ...message.split('\n')].map((line) => `// ${line}`.trimEnd());
  return [...comment, ...stories.flatMap((story) => linesOf(story, subject))].join('\n');
}

function linesOf(commands: readonly Command[], { policy, decide, fold }: Explored): readonly string[] {
  let account: PatronAccount = emptyAccount();
  const lines = commands.map((command) => {
    const answer = () => {
      const decision = decide(command, account, policy);
      if (!decision.accepted) return `refused: ${decision.rejection.type}`;
      account = fold(decision.events, account);
      return decision.events.map(({ type }) => type).join(', ') || 'nothing';
    };
    return `    ${source(command)}, // ${attempt(answer)}`;
  });
  return [
    'scenario(policy)',
    '  .given()',
    '  .when([',
    ...lines,
    '  ])',
    `  .thenView(balancesInMinorUnits, ${source(balancesInMinorUnits(account))});`,
  ];
}

function attempt(answer: () => string): string {
  try {
    return answer();
  } catch (error) {
    return `throws ${String(error).split('\n')[0]}`;
  }
}

/** Returns plain data as TypeScript. */
function source(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(source).join(', ')}]`;
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string'
      ? `'${JSON.stringify(value).slice(1, -1).replaceAll("'", "\\'")}'`
      : String(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{ ${fields.map(([name, field]) => `${name}: ${source(field)}`).join(', ')} }`;
}
