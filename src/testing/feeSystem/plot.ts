import type { Arbitrary, FastCheck } from '../fastCheck.js';
import { type FeeSystemCapability, requestsFor } from './capabilities.js';
import type { RequestName } from './requests.js';

/** What is tried, before it is known what there is to try it on. */
export type Wish = {
  /** Which request. */
  readonly name: RequestName;
  /** Picks the fee, the payment or the fee type. */
  readonly pick: number;
  /** Over how many fees a payment goes. */
  readonly span: number;
  /** All that fits, a part of it, or the amount as it is. */
  readonly size: 'all' | 'part' | 'asIs';
  /** The amount, in minor units. */
  readonly minor: number;
  /** Whether it is tried on what it fits; else on anything there is. */
  readonly fitting: boolean;
};

/** How a request reaches the system. */
export type Delivery = 'once' | 'twice' | 'twiceAtOnce';

/** One step of a plot: a wish, or two at the same time. */
export type PlotStep = { readonly wish: Wish; readonly delivery: Delivery; readonly rival: Wish | null };

/** What plots are made of. */
export type PlotOptions = {
  /** Everything the system can do: decides what is tried at all. */
  readonly capabilities: readonly FeeSystemCapability[];
  /** What a plot is about: this is tried more often. */
  readonly focus: readonly RequestName[];
  /** The most steps. */
  readonly maxSteps: number;
};

/** Plots that begin with a fee. They shrink to few steps with small amounts. */
export function plots(
  fc: FastCheck,
  { capabilities, focus, maxSteps }: PlotOptions,
): Arbitrary<readonly PlotStep[]> {
  const step = (names: readonly RequestName[], races: boolean) =>
    fc.record({
      wish: wishes(fc, names, capabilities),
      delivery: deliveries(fc, capabilities),
      rival: races ? fc.option(wishes(fc, names, capabilities), { freq: 3 }) : fc.constant(null),
    });
  const others = step([...requestsFor(capabilities), ...focus, ...focus], capabilities.includes('races'));
  // Often the same once more: who forgets what was done before shows it then.
  const oneOrTwo = fc.record({ one: others, again: fc.boolean() });
  return fc
    .tuple(
      step(['assess'], false),
      fc.array(oneOrTwo, { minLength: 1, maxLength: maxSteps - 1, size: 'max' }),
    )
    .map(([opening, rest]) =>
      [opening, ...rest.flatMap(({ one, again }) => (again ? [one, one] : [one]))].slice(0, maxSteps),
    );
}

function wishes(
  fc: FastCheck,
  names: readonly RequestName[],
  capabilities: readonly FeeSystemCapability[],
): Arbitrary<Wish> {
  return fc.record({
    name: fc.constantFrom(...names),
    pick: fc.nat(11),
    span: capabilities.includes('paySeveralFees') ? fc.integer({ min: 1, max: 4 }) : fc.constant(1),
    size: fc.constantFrom('all', 'all', 'part', 'part', 'part', 'asIs'),
    minor: minorUnits(fc),
    fitting: fc.oneof(
      { weight: 9, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
  });
}

/** Cents, where splits go wrong; prices, which are often the same or nearly; and anything, where decimals go wrong. */
function minorUnits(fc: FastCheck): Arbitrary<number> {
  return fc.oneof(
    fc.integer({ min: 1, max: 9 }),
    fc.constantFrom(500, 500, 501, 502, 1000, 2500),
    fc.integer({ min: 1, max: 5000 }),
  );
}

function deliveries(fc: FastCheck, capabilities: readonly FeeSystemCapability[]): Arbitrary<Delivery> {
  if (!capabilities.includes('repeats')) return fc.constant('once');
  const repeated = fc.constantFrom<Delivery>(
    'twice',
    capabilities.includes('races') ? 'twiceAtOnce' : 'twice',
  );
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant<Delivery>('once') },
    { weight: 1, arbitrary: repeated },
  );
}
