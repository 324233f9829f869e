import type { EngineHandlers } from '@shared/contract'
import { AppError } from '@shared/errors/app-error'

type SqlOps = Extract<keyof EngineHandlers, `sql.${string}`>

const nothing = (): AppError =>
  new AppError('EMBEDDED_EMPTY', {
    kind: 'not-found',
    message: 'La consola no guarda datos todavía.',
    hint: 'Procesar un archivo: lo aceptado queda en los datos de la consola.',
  })

/** SQL over the console's own data. */
export function sqlHandlers(): Pick<EngineHandlers, SqlOps> {
  return {
    'sql.tablas': () => ({ tablas: [] }),
    'sql.consultar': () => Promise.reject(nothing()),
    'sql.exportar': () => Promise.reject(nothing()),
  }
}
