import { judgeAction } from './judgeAction.js';
import { judgeBlock } from './judgeBlock.js';
import { judgeLost } from './judgeLost.js';
import { judgeOverdue, judgePolicy } from './judgeOverdue.js';
import { judgeReport } from './judgeReport.js';
import { judgeSplit } from './judgeSplit.js';
import { judgeTill } from './judgeTill.js';
import { type Malformed, readScenarios } from './readScenarios.js';
import { otherSuites, type Scenario } from './scenario.js';
import { failed, type Verdict } from './verdict.js';

/** The result of a scenario. */
export type Judged = Verdict & { readonly id: string; readonly suite: string };

/** The result of a file. */
export type FileResult = {
  readonly file: string;
  readonly judged: readonly Judged[];
  readonly malformed: readonly Malformed[];
};

/** Plays all scenarios in the content of a file. */
export function playFile(file: string, text: string): FileResult {
  const { scenarios, malformed } = readScenarios(text);
  const judged = scenarios.map((each) => ({ id: each.scenario.id, suite: each.suite, ...judge(each) }));
  return { file, judged, malformed };
}

/** Plays a scenario; if it cannot be played, it failed. */
export function judge(each: Scenario): Verdict {
  try {
    return judgeUnguarded(each);
  } catch (error) {
    return failed([(error as Error).message]);
  }
}

function judgeUnguarded(each: Scenario): Verdict {
  switch (each.kind) {
    case 'action':
      return judgeAction(each.scenario);
    case 'split':
      return judgeSplit(each.scenario);
    case 'lost':
      return judgeLost(each.scenario);
    case 'block':
      return judgeBlock(each.scenario);
    case 'report':
      return judgeReport(each.scenario);
    case 'till':
      return judgeTill(each.scenario);
    case 'overdue':
      return judgeOverdue(each.scenario);
    case 'policy':
      return judgePolicy(each.scenario);
    case 'other':
      return { outcome: 'not asked', reasons: [otherSuites[each.suite] as string] };
  }
}

/** Formats the results of files: differences and reasons, what was not asked, failures, and finally the counts. */
export function reportText(results: readonly FileResult[]): string {
  const lines = results.flatMap(({ file, judged, malformed }) => {
    const of = (outcome: Judged['outcome']) => judged.filter((each) => each.outcome === outcome);
    return [
      file,
      ...section(
        'differ on purpose',
        grouped(of('differs'), ({ id }) => id),
      ),
      ...section(
        'not asked',
        grouped(of('not asked'), ({ suite }) => `suite ${suite}`),
      ),
      ...section(
        'failed',
        of('failed').flatMap(({ id, reasons }) => [id, ...reasons.map((reason) => `  ${reason}`)]),
      ),
      ...section(
        'cannot be read',
        malformed.map(({ scenario, problem }) => `${file}: scenario ${scenario}: ${problem}`),
      ),
    ];
  });
  const all = results.flatMap(({ judged }) => judged);
  const count = (outcome: Judged['outcome']) => all.filter((each) => each.outcome === outcome).length;
  const bad = failures(results);
  lines.push(
    `${count('differs')} differ on purpose, ${count('not asked')} not asked`,
    `${count('passed')} passed, ${bad} failed`,
  );
  return `${lines.join('\n')}\n`;
}

/** The number of scenarios that failed or could not be read. */
export function failures(results: readonly FileResult[]): number {
  return results.reduce(
    (total, { judged, malformed }) =>
      total + malformed.length + judged.filter(({ outcome }) => outcome === 'failed').length,
    0,
  );
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}:`, ...lines.map((line) => `    ${line}`)];
}

/** Every reason once, with its scenarios. */
function grouped(judged: readonly Judged[], nameOf: (each: Judged) => string): string[] {
  const names = new Map<string, string[]>();
  for (const each of judged) {
    const reason = each.reasons.join('; ');
    names.set(reason, [...(names.get(reason) ?? []), nameOf(each)]);
  }
  return [...names].flatMap(([reason, list]) => [reason, ...counted(list).map((name) => `  ${name}`)]);
}

function counted(names: readonly string[]): string[] {
  return [...new Set(names)].map((name) => {
    const times = names.filter((each) => each === name).length;
    return times === 1 ? name : `${name}: ${times}`;
  });
}
