export { duckdbDialect } from './dialect'
export { type DuckdbSessionOptions, MAIN, openDuckdbSession } from './session'
