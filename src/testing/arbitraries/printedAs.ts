/** Asked by fast-check for how to print a value; the same in every copy of it. */
const TO_STRING = /* @__PURE__ */ Symbol.for('fast-check/toStringMethod');

/** The value, which fast-check prints as text of ours on lines of its own. */
export function printedAs<Value extends object>(value: Value, told: () => string): Value {
  return Object.defineProperty(value, TO_STRING, { value: () => `\n${told()}\n`, configurable: true });
}
