export { cancelled, type Duck, type DuckOptions, defaultMemoryLimit, duckError, openDuck } from './open'
export { quoteIdent, quoteLiteral } from './quote'
