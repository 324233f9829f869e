export { DAEMON_TIMES, type DaemonDeps, type DaemonTimes, SageDaemon } from './daemon'
export { Reception } from './reception'
export type { OpenProveedor } from './remote/provider-pool'
