import type { Command } from '../../account/commands/command.js';
import type { Decision } from '../../account/decision.js';
import type { AccountEvent } from '../../account/events/accountEvent.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import { definePolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { described } from '../described.js';

/** One step of a story: a command, the account before it, and the result. */
export type Step = {
  /** The command sent. */
  readonly command: Command;
  /** The policy in force: mostly the story's own, sometimes a variant of another time or place. */
  readonly policy: FeePolicy;
  /** The account before. */
  readonly before: PatronAccount;
  /** The decision. */
  readonly decision: Decision;
  /** The account after; the same as before if nothing happened. */
  readonly after: PatronAccount;
};

/** The step at which a story ended early, because something threw. */
export type Break = {
  /** The command sent. */
  readonly command: Command;
  /** The decision; left out if deciding threw. */
  readonly decision?: Decision;
  /** The thrown value. */
  readonly error: unknown;
};

/** Commands decided one after the other, including refused ones, and the resulting account. */
export type Story = {
  /** The policy. */
  readonly policy: FeePolicy;
  /** The steps, in order. */
  readonly steps: readonly Step[];
  /** All events: the valid history of the account. */
  readonly events: readonly AccountEvent[];
  /** The account at the end. */
  readonly account: PatronAccount;
  /** Where the story ended early; never present with this library's `decide` and `fold`. */
  readonly broken?: Break;
};

/** Fields that are left out of a printed story. */
const aside = new Set(['type', 'id', 'at', 'comment', 'staffNote', 'metadata']);

/** Formats a story as a list of commands and results. */
export function formatStory({ policy, steps, broken }: Omit<Story, 'events' | 'account'>): string {
  const lines = steps.map(
    (step) =>
      `${formatCommand(step.command)}${formatPolicyChange(step.policy, policy)} -> ${formatDecision(step.decision)}`,
  );
  if (broken !== undefined) {
    const { command, decision, error } = broken;
    const outcome = decision === undefined ? '' : `${formatDecision(decision)}, then `;
    lines.push(`${formatCommand(command)} -> ${outcome}throws ${described(error)}`);
  }
  return [`In ${formatPolicy(policy)}:`, ...lines.map((line, index) => `${index + 1}. ${line}`)].join('\n');
}

/** Formats a policy: its currency and the rules that differ from those of `definePolicy({ currency })`. */
function formatPolicy(policy: FeePolicy): string {
  const { currency } = policy;
  return [currency, ...differences(policy, definePolicy({ currency }))].join(', ');
}

/** Formats the differences if a command was decided by another policy than the story's. */
function formatPolicyChange(policy: FeePolicy, usual: FeePolicy): string {
  if (policy === usual) return '';
  return `, under a policy with ${differences(policy, usual).join(', ') || 'other codes'}`;
}

/** Returns the rules of a policy that differ from another policy's, without the tables of codes. */
function differences(policy: FeePolicy, other: FeePolicy): readonly string[] {
  const rules = (from: FeePolicy) => {
    const { currency, overpayment, paymentOrder, unpaidOnReturn, transfers, accrualLimits } = from;
    const { permissions = 'none' } = from;
    const { expectsSettlement, fees, credits } = transfers;
    const minimums = { transferredFees: fees, transferredCredits: credits };
    const all = {
      currency,
      overpayment,
      paymentOrder,
      unpaidOnReturn,
      accrualLimits,
      permissions,
      expectsSettlement,
      ...minimums,
    };
    return Object.entries(all).map(([name, value]) => `${name}=${formatValue(value)}`);
  };
  const usual = new Set(rules(other));
  return rules(policy).filter((rule) => !usual.has(rule));
}

function formatCommand(command: Command): string {
  const fields = Object.entries(command).filter(([name]) => !aside.has(name));
  return [command.type, command.id, ...fields.map(([name, value]) => `${name}=${formatValue(value)}`)].join(
    ' ',
  );
}

function formatDecision(decision: Decision): string {
  if (!decision.accepted) return `refused: ${decision.rejection.type}`;
  return decision.events.map(({ type }) => type).join(', ') || 'nothing';
}

function formatValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(formatValue).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `(${Object.entries(value)
    .map(([name, inner]) => `${name}=${formatValue(inner)}`)
    .join(' ')})`;
}

/** The method that fast-check calls to print a value; the same symbol in every copy of fast-check. */
const TO_STRING = /* @__PURE__ */ Symbol.for('fast-check/toStringMethod');

/** Returns the value such that fast-check prints it as the given text on lines of its own. */
export function printedAs<Value extends object>(value: Value, text: () => string): Value {
  return Object.defineProperty(value, TO_STRING, { value: () => `\n${text()}\n`, configurable: true });
}
