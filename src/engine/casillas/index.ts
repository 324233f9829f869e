export { type Casillas, type CasillasDeps, createCasillas } from './casillas'
export { createExecutions, type Executions, type ExecutionsDeps } from './executions'
export { seedSample } from './seed'
export { checkYaml } from './yaml-check'
