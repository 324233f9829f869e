export { type CheckInput, checkConfig } from './check-config'
