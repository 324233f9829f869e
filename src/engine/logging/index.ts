export { LOG_EVENTS, type LogEvent } from './events'
export { createLog, LOG_LEVELS, type Log, type LogData, type LogLevel } from './logger'
