// The engine keeps one inline cache per function object, and one that sees both immer's drafts and plain objects
// runs at half speed. So evolve.ts imports the reducer twice, once with this query: every loader makes a second
// module of it, and with that a second function object of the same source. The bundle (tsup.config.ts) copies the
// reducer's helpers too, so what is measured should be the built package.
declare module '*/apply.js?draft' {
  export const apply: typeof import('./apply.js').apply;
}
