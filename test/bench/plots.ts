import { type GeneratedBlocks, mermaid } from '../../scripts/pictures/generatedBlocks.js';

/** A figure that a measurement reported. */
export type Figure = Readonly<Record<string, unknown>> & { readonly figure: string };

/** The plots of docs/concepts/performance.md, from the figures of a run; those that were not measured are left out. */
export function plotsOf(figures: readonly Figure[]): GeneratedBlocks {
  const of = (figure: string) => figures.filter((one) => one.figure === figure);
  const limit = of('fold / limit').filter(({ accounts }) => accounts === undefined);
  const replay = of('replay / JSON.parse alone').filter(({ source }) => source === 'lines');
  const held = of('a command on a held account');
  const evolve = of('evolve');
  return {
    ...(limit.length > 0 && {
      'plot of folding': chart(
        'Speed of fold against a loop written only for speed (1 = as fast)',
        [
          'events',
          labels(
            limit.filter(({ ids }) => ids === 'readable'),
            'events',
          ),
        ],
        limit.map(({ ratio }) => Number(ratio)).concat(1),
        [
          [
            'line',
            values(
              limit.filter(({ ids }) => ids === 'readable'),
              'ratio',
            ),
          ],
          [
            'line',
            values(
              limit.filter(({ ids }) => ids === 'digits'),
              'ratio',
            ),
          ],
        ],
      ),
    }),
    ...(held.length > 0 && {
      'plot of one more event': chart(
        'Microseconds for one command on a held account (bars) and one evolve (line)',
        ['fees of the account', labels(held, 'fees')],
        [...values(held, 'microseconds'), ...values(evolve, 'microseconds')],
        [
          ['bar', values(held, 'microseconds')],
          ...(evolve.length > 0 ? [['line', values(evolve, 'microseconds')] as const] : []),
        ],
      ),
    }),
    ...(replay.length > 0 && {
      'plot of replaying': chart(
        'Time of replaying lines against JSON.parse alone (1 = as long), without and with validation',
        [
          'log',
          labels(
            replay.filter(({ validate }) => validate === false),
            'log',
          ),
        ],
        values(replay, 'times'),
        [
          [
            'bar',
            values(
              replay.filter(({ validate }) => validate === false),
              'times',
            ),
          ],
          [
            'bar',
            values(
              replay.filter(({ validate }) => validate === true),
              'times',
            ),
          ],
        ],
      ),
    }),
  };
}

function labels(figures: readonly Figure[], field: string): string[] {
  return figures.map((figure) => String(figure[field]));
}

function values(figures: readonly Figure[], field: string): number[] {
  return figures.map((figure) => Number(figure[field]));
}

function chart(
  title: string,
  [axis, names]: readonly [string, readonly string[]],
  all: readonly number[],
  series: readonly (readonly ['bar' | 'line', readonly number[]])[],
): string {
  const top = Math.max(...all) * 1.1;
  return mermaid(
    [
      'xychart-beta',
      `  title "${title}"`,
      `  x-axis "${axis}" [${names.map((name) => `"${name}"`).join(', ')}]`,
      `  y-axis 0 --> ${top < 10 ? top.toFixed(1) : Math.ceil(top)}`,
      ...series.map(([kind, numbers]) => `  ${kind} [${numbers.join(', ')}]`),
    ].join('\n'),
  );
}
