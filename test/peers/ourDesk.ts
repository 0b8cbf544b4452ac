import { violations } from '../../src/account/invariants.js';
import {
  type AccountEvent,
  type Command,
  decide,
  definePolicy,
  emptyAccount,
  type Fee,
  type FeePolicy,
  type FeePolicyInput,
  findFee,
  fold,
  formatAmount,
  type PatronAccount,
  type Rejection,
} from '../../src/index.js';
import { centsOf } from './folioAmount.js';

/** A command that may leave its id and its time to the desk. */
export type DeskCommand = Command extends infer Each
  ? Each extends Command
    ? Omit<Each, 'id' | 'at'> & { readonly id?: string; readonly at?: string }
    : never
  : never;

/** An account of this library, with commands decided one after the other. */
export type Desk = {
  readonly policy: FeePolicy;
  readonly account: () => PatronAccount;
  /** All events, in order. */
  readonly events: () => readonly AccountEvent[];
  /** Decides commands as one and applies their events; returns the rejection if they are refused. */
  readonly ask: (...commands: readonly DeskCommand[]) => Rejection | undefined;
  /** Restores an earlier account, as after a dry run. */
  readonly backTo: (account: PatronAccount) => void;
};

/** The time of everything for which a scenario gives none. */
export const at = '2026-03-02T09:00:00Z';

/** Opens an account under a policy in dollars. */
export function openDesk(policyInput: Partial<FeePolicyInput>): Desk {
  const policy = definePolicy({ currency: 'USD', ...policyInput });
  let account = emptyAccount();
  let events: readonly AccountEvent[] = [];
  let asked = 0;
  return {
    policy,
    account: () => account,
    events: () => events,
    ask(...commands) {
      const withIds = commands.map((command) => ({ at, id: `asked:${++asked}`, ...command }) as Command);
      const decision = decide(withIds, account, policy);
      if (!decision.accepted) return decision.rejection;
      account = fold(decision.events, account);
      events = [...events, ...decision.events];
      const broken = violations(account);
      if (broken.length > 0) throw new Error(`an invariant is broken: ${JSON.stringify(broken)}`);
      return undefined;
    },
    backTo(earlier) {
      account = earlier;
      events = events.slice(0, earlier.eventCount);
    },
  };
}

/** Sends commands that must be accepted. */
export function mustAsk(desk: Desk, ...commands: readonly DeskCommand[]): void {
  const rejection = desk.ask(...commands);
  if (rejection !== undefined) throw new Error(`what is given is refused: ${JSON.stringify(rejection)}`);
}

/** Writes cents as an amount. */
export function dollars(cents: number): string {
  return formatAmount(cents, 2);
}

/** Returns whether an amount of a scenario has few enough digits for this library. */
export function isWithinLimit(amount: string): boolean {
  return Math.abs(centsOf(amount)) < 10 ** 12;
}

/** The fee id of a FOLIO row; it differs from every command id. */
export function feeIdOf(ref: string): string {
  return `fee:${ref}`;
}

/** The fee of a FOLIO row. */
export function feeOf(account: PatronAccount, ref: string): Fee | undefined {
  return findFee(account, feeIdOf(ref));
}

/** A policy table in which every code is its own label. */
export function tableOf(codes: Iterable<string | undefined>): Record<string, string> {
  return Object.fromEntries([...codes].flatMap((code) => (code === undefined ? [] : [[code, code]])));
}
