export { consultar, type QueryOptions } from './consultar'
export { type ExportOptions, exportar } from './exportar'
export { listTables } from './tablas'
