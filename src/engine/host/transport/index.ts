export { type CallOptions, runCall } from './calls'
export { refuseHostileInput } from './hostile-input'
export { type EnginePort, parentPort } from './port'
export { type EngineTransport, openTransport, serve, type TransportOptions } from './serve'
