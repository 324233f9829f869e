export { duckdbDialect, MAIN } from './dialect'
export { type DuckdbSessionOptions, openDuckdbSession } from './session'
