import type { ComparedCase, ComparedFeeSystem } from './compareFeeSystem.js';

/** A format of results: for people, for the Test Anything Protocol, for build servers that read JUnit's XML. */
export type ComparisonFormat = 'text' | 'tap' | 'junit';

/**
 * Formats the results of {@link compareFeeSystem}.
 *
 * @param results - the results
 * @param format - `text` for people, `tap` for TAP 14, `junit` for JUnit's XML
 * @returns a text that ends with a line break
 *
 * @example
 * ```ts
 * import { formatComparison } from 'patron-fees/testing';
 *
 * const one = { title: 'waives fees as our account does', stories: 500, milliseconds: 20, difference: null };
 * formatComparison({ name: 'ours', passed: true, cases: [one] }, 'text');
 * //=> 'ours: 1 case\n\npassed  waives fees as our account does (500 stories)\n'
 * ```
 */
export function formatComparison(results: ComparedFeeSystem, format: ComparisonFormat): string {
  return { text: textOf, tap: tapOf, junit: junitOf }[format](results);
}

const counted = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
const indented = (text: string, by: string) => text.replace(/^(?=.)/gm, by);

function textOf({ name, cases }: ComparedFeeSystem): string {
  const lines = cases.map(({ title, stories, difference }) =>
    difference === null
      ? `passed  ${title} (${counted(stories, 'story').replace('storys', 'stories')})`
      : `failed  ${title}\n\n${indented(difference, '        ')}\n`,
  );
  return `${name}: ${counted(cases.length, 'case')}\n\n${lines.join('\n')}\n`;
}

function tapOf({ cases }: ComparedFeeSystem): string {
  const lines = cases.map(({ title, milliseconds, difference }, index) => {
    const line = `ok ${index + 1} - ${title.replaceAll('#', '\\#')}`;
    const time = `  duration_ms: ${milliseconds}`;
    return difference === null
      ? `${line}\n  ---\n${time}\n  ...`
      : `not ${line}\n  ---\n${time}\n  message: |-\n${indented(difference, '    ')}\n  ...`;
  });
  return `TAP version 14\n1..${cases.length}\n${lines.join('\n')}\n`;
}

function junitOf({ name, cases }: ComparedFeeSystem): string {
  const failures = cases.filter(({ difference }) => difference !== null).length;
  const seconds = (list: readonly ComparedCase[]) =>
    (list.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1_000).toFixed(3);
  const head = `name="${xml(name)}" tests="${cases.length}" failures="${failures}" time="${seconds(cases)}"`;
  const lines = cases.map((one) => {
    const about = `<testcase classname="${xml(name)}" name="${xml(one.title)}" time="${seconds([one])}"`;
    return one.difference === null
      ? `    ${about}/>`
      : `    ${about}>\n      <failure message="${xml(one.difference.split('\n', 1)[0] ?? '')}">${xml(one.difference)}</failure>\n    </testcase>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n  <testsuite ${head}>\n${lines.join('\n')}\n  </testsuite>\n</testsuites>\n`;
}

/** Escapes a text for XML, without the characters that XML cannot have. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replace(
      /[&<>"]/g,
      (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] as string,
    );
}
