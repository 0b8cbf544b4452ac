/** A line of the chart: a value after each step. */
export type Series = { readonly name: string; readonly values: readonly number[] };

/** How money is written. */
type Money = { readonly currency: string; readonly format: (value: number) => string };

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [640, 230, 56, 30, 28];

/**
 * Draws balances over the steps of a story as SVG. Amounts change at a step, so the lines have steps too. Each line has
 * its own dashes and its name, so that no meaning depends on colour.
 */
export function balancesChart(series: readonly Series[], current: number, money: Money): string {
  const { currency, format } = money;
  const all = series.flatMap(({ values }) => values);
  const [low, high] = [Math.min(0, ...all), Math.max(1, ...all)];
  const count = Math.max(1, ...series.map(({ values }) => values.length));
  const x = (step: number) => round(LEFT + ((WIDTH - LEFT - 90) * step) / count);
  const y = (value: number) => round(TOP + ((HEIGHT - TOP - BOTTOM) * (high - value)) / (high - low));
  const lines = series.map(({ name, values }, index) => {
    const path = values.map(
      (value, step) => `${step === 0 ? `M${x(0)} ${y(0)}` : ''}H${x(step + 1)}V${y(value)}`,
    );
    const end = y(values.at(-1) ?? 0) + 4 + index * 13 * Number(values.at(-1) === 0);
    return `<path class="series${index}" d="${path.join('')}H${WIDTH - 88}"/><text x="${WIDTH - 84}" y="${end}">${name}</text>`;
  });
  const ticks = [low, 0, high]
    .filter((value, index, values) => values.indexOf(value) === index)
    .map((value) => `<text x="${LEFT - 6}" y="${y(value) + 4}" text-anchor="end">${format(value)}</text>`);
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Balances in ${currency} after each step: ${described(series, money)}">
<text x="${LEFT - 6}" y="13" text-anchor="end">${currency}</text>
<path class="axis" d="M${LEFT} ${y(0)}H${WIDTH - 88}"/>${ticks.join('')}
<path class="now" d="M${x(current + 1)} ${TOP}V${HEIGHT - BOTTOM}"/>
<text x="${x(current + 1)}" y="${HEIGHT - 8}" text-anchor="middle">step ${current + 1}</text>${lines.join('')}</svg>`;
}

function described(series: readonly Series[], { format }: Money): string {
  return series.map(({ name, values }) => `${name} ${values.map(format).join(', ')}`).join('; ');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
