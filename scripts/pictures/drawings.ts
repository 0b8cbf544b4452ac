import { feeStatus, type PatronAccount } from 'patron-fees';
import { type LedgerAccount, postingsOf } from 'patron-fees/reports';
import { type GeneratedBlocks, mermaid } from './generatedBlocks.js';
import { transitions } from './reachable.js';

/** The events that lead from one place to another. */
type Ways = Map<string, Map<string, Set<string>>>;

/** The events that undo others, by the end of their names. */
const undoing = /(Reversed|Recalled|Cancelled)$/;

/** The pictures of docs/concepts/fee-states.md, derived from what the code does. */
export function pictures(): GeneratedBlocks {
  const states: Ways = new Map();
  const doing: Ways = new Map();
  const undone: Ways = new Map();
  for (const { before, event, after } of transitions()) {
    const statuses = statusesOf(before);
    for (const [feeId, to] of statusesOf(after)) {
      const from = statuses.get(feeId) ?? 'none';
      if (from !== to) addWay(states, from, to, event.type);
    }
    const ways = undoing.test(event.type) ? undone : doing;
    for (const [from, to] of moves(postingsOf(event, after))) addWay(ways, from, to, event.type);
  }
  return {
    'fee states': mermaid(stateDiagram(states)),
    'money flows': mermaid(flowchart(doing)),
    reversals: table(undone),
  };
}

function statusesOf({ fees }: PatronAccount): Map<string, string> {
  return new Map(fees.map((fee) => [fee.feeId, feeStatus(fee)]));
}

function addWay(ways: Ways, from: string, to: string, event: string): void {
  const destinations = ways.get(from) ?? new Map<string, Set<string>>();
  const events = destinations.get(to) ?? new Set<string>();
  ways.set(from, destinations.set(to, events.add(event)));
}

/** From where to where an entry moves money: from what is credited (negative) to what is debited. */
function moves(postings: ReturnType<typeof postingsOf>): [from: string, to: string][] {
  const sums = new Map<string, number>();
  for (const { account, amountMinor } of postings) {
    const name = placeOf(account);
    sums.set(name, (sums.get(name) ?? 0) + amountMinor);
  }
  const places = [...sums].filter(([, sum]) => sum !== 0);
  const [from, to] = [places.filter(([, sum]) => sum < 0), places.filter(([, sum]) => sum > 0)];
  // An entry with several sources and several targets does not show which went where; smaller entries do.
  if (from.length > 1 && to.length > 1) return [];
  return from.flatMap(([source]) => to.map(([target]): [string, string] => [source, target]));
}

/** The kind of an account of the ledger; credits by purpose. */
function placeOf([kind, detail]: LedgerAccount): string {
  return kind === 'credits' ? `credits ${detail}` : kind;
}

function sortedWays(ways: Ways): [from: string, to: string, events: string[]][] {
  return [...ways]
    .flatMap(([from, destinations]) =>
      [...destinations].map(([to, events]): [string, string, string[]] => [from, to, [...events].sort()]),
    )
    .sort(([a, b], [c, d]) => (`${a} ${b}` < `${c} ${d}` ? -1 : 1));
}

function stateDiagram(ways: Ways): string {
  const lines = sortedWays(ways).map(
    ([from, to, events]) => `  ${from === 'none' ? '[*]' : from} --> ${to}: ${events.join('<br>')}`,
  );
  return ['stateDiagram-v2', ...lines].join('\n');
}

function flowchart(ways: Ways): string {
  const id = (place: string) => place.replace(' ', '_');
  const places = new Set(sortedWays(ways).flatMap((way) => way.slice(0, 2) as string[]));
  return [
    'flowchart LR',
    ...[...places].sort().map((place) => `  ${id(place)}[${place}]`),
    ...sortedWays(ways).map(([from, to, events]) => `  ${id(from)} -->|${events.join('<br>')}| ${id(to)}`),
  ].join('\n');
}

function table(ways: Ways): string {
  const lines = sortedWays(ways).map(
    ([from, to, events]) => `| ${from} | ${to} | ${events.map((event) => `\`${event}\``).join(', ')} |`,
  );
  return ['| from | to | event |', '|---|---|---|', ...lines].join('\n');
}
