import type { Arbitrary, FastCheck } from '../fastCheck.js';
import { type FeeSystemCapability, feeSystemCapabilities, requestsFor, requestsOf } from './capabilities.js';
import type { RequestName } from './requests.js';

/** A request before its fee, payment and amount are known: what to try, chosen at random. */
export type RequestPlan = {
  /** The name of the request. */
  readonly name: RequestName;
  /** Selects the fee, the payment or the fee type (modulo their number). */
  readonly pick: number;
  /** The number of fees that a payment names. */
  readonly span: number;
  /** Whether the amount is all that is possible, a part of it, or `minor` as it is. */
  readonly size: 'all' | 'part' | 'asIs';
  /** The amount, in minor units. */
  readonly minor: number;
  /** Whether the target is chosen among those that can accept the request, or among all. */
  readonly fitting: boolean;
};

/** How often, and when, a request reaches the system. */
export type Delivery = 'once' | 'twice' | 'twiceAtOnce';

/** One step of a story: one request, or two at the same time. */
export type StoryStep = {
  readonly plan: RequestPlan;
  readonly delivery: Delivery;
  readonly rival: RequestPlan | null;
};

/** Options of {@link stories}. */
export type StoryOptions = {
  /** The capabilities of the system. Only requests that it accepts are tried. */
  readonly capabilities: readonly FeeSystemCapability[];
  /** The requests that are tried more often. */
  readonly focus: readonly RequestName[];
  /** The largest number of steps. */
  readonly maxSteps: number;
};

/** Generates stories that begin with a fee. They shrink to few steps with small amounts. */
export function stories(
  fc: FastCheck,
  { capabilities, focus, maxSteps }: StoryOptions,
): Arbitrary<readonly StoryStep[]> {
  const step = (names: readonly RequestName[], { races }: { readonly races: boolean }) =>
    fc.record({
      plan: requestPlans(fc, names, capabilities),
      delivery: deliveries(fc, capabilities),
      rival: races ? fc.option(requestPlans(fc, names, capabilities), { freq: 3 }) : fc.constant(null),
    });
  const others = step([...requestsFor(capabilities), ...focus, ...focus], {
    races: capabilities.includes('races'),
  });
  // The same request is often repeated, which reveals a system that forgets earlier requests.
  const oneOrTwo = fc.record({ one: others, again: fc.boolean() });
  return fc
    .tuple(
      step(['assess'], { races: false }),
      fc.array(oneOrTwo, { minLength: 1, maxLength: maxSteps - 1, size: 'max' }),
    )
    .map(([opening, rest]) =>
      [opening, ...rest.flatMap(({ one, again }) => (again ? [one, one] : [one]))].slice(0, maxSteps),
    );
}

function requestPlans(
  fc: FastCheck,
  names: readonly RequestName[],
  capabilities: readonly FeeSystemCapability[],
): Arbitrary<RequestPlan> {
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

/** Generates cents (splits), similar prices (ties), and any amount (decimals). */
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

/** The subject of one case. */
export type Theme = {
  readonly title: string;
  /** The capabilities used. */
  readonly can: readonly FeeSystemCapability[];
  /** The requests tried most often. */
  readonly focus: readonly RequestName[];
};

const titles: Readonly<Record<FeeSystemCapability, string>> = {
  paySeveralFees: 'spreads payments over several fees',
  waive: 'waives fees',
  dispute: 'disputes and restores fees',
  transfer: 'transfers fees',
  returnLostItem: 'takes lost items back',
  cancel: 'cancels fees that were charged in error',
  refund: 'refunds money that belongs to the patron',
  reversePayment: 'reverses payments',
  reverseTransfers: 'reverses what was transferred',
  repeats: 'executes a request once that is delivered twice,',
  races: 'executes simultaneous requests one after the other,',
};

/** The requests tried most often, if not those that the capability adds. */
const focusOf: Partial<Record<FeeSystemCapability, readonly RequestName[]>> = {
  paySeveralFees: ['assess', 'pay'],
  reverseTransfers: ['pay', 'transfer', 'cancel'],
};

/** The capabilities that create money to refund. */
const sourcesOfCredit: readonly FeeSystemCapability[] = ['cancel', 'returnLostItem'];

/** Returns the themes for a system: fees and payments, each capability by itself, and all together. */
export function themesFor(capabilities: readonly FeeSystemCapability[]): readonly Theme[] {
  const has = (capability: FeeSystemCapability) => capabilities.includes(capability);
  const theme = (capability: FeeSystemCapability): Theme => {
    const basis: Partial<Record<FeeSystemCapability, readonly FeeSystemCapability[]>> = {
      refund: sourcesOfCredit,
      reverseTransfers: ['transfer', 'waive', 'cancel', 'returnLostItem'],
      // Their defects show only together with other requests for the fee.
      dispute: ['paySeveralFees', 'waive', 'transfer'],
      reversePayment: ['paySeveralFees', ...sourcesOfCredit, 'refund'],
      repeats: ['races'],
    };
    const can = [capability, ...(basis[capability] ?? []).filter(has)];
    const title = `${titles[capability]} as our account does`;
    const offered = requestsFor(can);
    const chosen = (focusOf[capability] ?? can.flatMap((used) => requestsOf[used])).filter((name) =>
      offered.includes(name),
    );
    return { title, can, focus: chosen.length > 0 ? chosen : ['pay'] };
  };
  const basics: Theme = {
    title: 'charges fees and takes payments as our account does',
    can: [],
    focus: ['pay'],
  };
  const all: Theme = { title: 'does all of it together as our account does', can: capabilities, focus: [] };
  const each = feeSystemCapabilities.filter(has).map(theme);
  return each.length > 1 ? [basics, ...each, all] : [basics, ...each];
}
