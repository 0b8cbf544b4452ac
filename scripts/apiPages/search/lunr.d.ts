/** As much of lunr as the search of the pages uses. */
declare module 'lunr' {
  namespace lunr {
    interface Index {
      query(build: (query: Query) => void): { ref: string; score: number; matchData: { metadata: object } }[];
    }
    interface Query {
      term(term: string, options: { boost: number; usePipeline: boolean; wildcard?: number }): void;
    }
    interface Token {
      toString(): string;
    }
    interface Builder {
      ref(name: string): void;
      field(name: string, options: { boost: number }): void;
      add(document: object, options: { boost: number }): void;
      build(): Index;
    }
  }
  const lunr: {
    Index: { load(index: object): lunr.Index };
    Query: { wildcard: { TRAILING: number } };
    Token: new (text: string) => lunr.Token;
    Builder: new () => lunr.Builder;
    stopWordFilter(token: lunr.Token): lunr.Token | undefined;
    stemmer(token: lunr.Token): lunr.Token;
  };
  export = lunr;
}
