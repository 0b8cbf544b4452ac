import { USUAL_TARGET } from './ourCommands.js';
import type { Outcome } from './outcome.js';
import type { GivenAccount, Request } from './scenario.js';

/** Replaces the names of a scenario in requests, and restores them in answers. */
export type Names = {
  readonly account: (row: GivenAccount) => GivenAccount;
  readonly request: (request: Request) => Request;
  /** The reason for a cancellation is FOLIO's name of the line, and the status after it. */
  readonly label: (code: string) => string;
  readonly outcome: (outcome: Outcome) => Outcome;
};

/** Names in a scenario may be invalid as ids or codes here, so they are replaced by codes. */
export function ourNames(): Names {
  const refs = codes('fee-');
  const loans = codes('loan-');
  const targets = codes('system-');
  const methods = codes('method-');
  const reasons = codes('reason-');
  const systemOf = ({ target }: { readonly target?: string | undefined }) =>
    targets.code(target ?? USUAL_TARGET);
  return {
    account: (row) => ({
      ...row,
      ref: refs.code(row.ref),
      loan: row.loan ? loans.code(row.loan) : undefined,
      ledger: row.ledger.map((entry) => ({ ...entry, target: systemOf(entry) })),
    }),
    request: (request) => ({
      ...request,
      accounts: request.accounts.map(refs.code),
      target: systemOf(request),
      method: coded(methods, request.method),
      reason: coded(reasons, request.reason),
    }),
    label: reasons.name,
    outcome: (outcome) => ({
      ...outcome,
      rows: new Map([...outcome.rows].map(([ref, row]) => [refs.name(ref), row])),
      lines: outcome.lines.map(({ account, recipient, ...line }) => ({
        account: refs.name(account),
        ...line,
        ...(recipient === undefined ? {} : { recipient: targets.name(recipient) }),
      })),
      notices: outcome.notices.map((notice) =>
        'loan' in notice
          ? { ...notice, loan: loans.name(notice.loan) }
          : { ...notice, account: refs.name(notice.account) },
      ),
    }),
  };
}

type Codes = { readonly code: (name: string) => string; readonly name: (code: string) => string };

function codes(prefix: string): Codes {
  const byName = new Map<string, string>();
  const byCode = new Map<string, string>();
  return {
    code(name) {
      const code = byName.get(name) ?? `${prefix}${byName.size + 1}`;
      byName.set(name, code);
      byCode.set(code, name);
      return code;
    },
    name: (code) => byCode.get(code) ?? code,
  };
}

function coded(of: Codes, name: string | undefined): string | undefined {
  return name === undefined ? undefined : of.code(name);
}
