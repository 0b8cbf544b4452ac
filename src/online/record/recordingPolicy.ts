import { definedPolicy, definePolicy, type FeePolicy } from '../../policy/feePolicy.js';

const known = /* @__PURE__ */ new WeakMap<FeePolicy, Map<string, FeePolicy>>();

/**
 * Returns the policy with which money that was taken or went back is recorded: without permissions, approvals, duties, bounds
 * of time, the rule about card numbers (one in ten numeric references passes it) and `onlinePayments: false`, and with
 * the payment's method, which the policy may have dropped since.
 */
export function recordingPolicy(policy: FeePolicy, method: string): FeePolicy {
  const rules = definedPolicy(policy);
  const policies = known.get(rules) ?? new Map<string, FeePolicy>();
  known.set(rules, policies);
  const found = policies.get(method);
  if (found !== undefined) return found;
  const { permissions: _permissions, approvals: _approvals, duties: _duties, ...rest } = rules;
  const { onlinePayments, paymentMethods, backdating: _bounds, ...others } = rest;
  const recording = definePolicy({
    ...others,
    ...(onlinePayments !== undefined && onlinePayments !== false && { onlinePayments }),
    paymentMethods: { [method]: method, ...paymentMethods },
    cardNumbers: 'allowed',
  });
  policies.set(method, recording);
  return recording;
}
