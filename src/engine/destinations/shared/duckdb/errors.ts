import { cancelled, duckError } from '@engine/duckdb'
import { AppError } from '@shared/errors/app-error'

/** What a DuckDB destination answers, in the words of a load. DuckDB has no codes: the class stands at the start of the message. */
export function destinationError(error: unknown, signal: AbortSignal | undefined): AppError {
  if (error instanceof AppError) return error
  if (signal?.aborted) return cancelled(error)
  const text = error instanceof Error ? error.message : String(error)
  const first = text.split('\n')[0] ?? text
  if (/^TransactionContext Error:.*conflict/is.test(text)) {
    return new AppError('TRANSACCION_ABORTADA', {
      kind: 'transient',
      message: `DuckDB deshizo la carga porque otra conexión cambió las mismas filas (${first}).`,
      hint: 'Se reintenta sola.',
      cause: error,
    })
  }
  if (/^(TransactionContext Error: Failed to commit.*)?constraint error/i.test(text)) {
    const repeated = /duplicate key/i.test(text)
    return new AppError(repeated ? 'CLAVE_REPETIDA' : 'RESTRICCION', {
      kind: 'input',
      message: `DuckDB: una ${repeated ? 'clave única' : 'restricción'} de la tabla no admite estas filas (${first}).`,
      hint: 'Revisar los datos o la restricción; DuckDB no borra y reescribe en una transacción filas a las que apunta otra tabla.',
      cause: error,
    })
  }
  if (/^(conversion|out of range|invalid input) error/i.test(text)) {
    return new AppError('VALOR_RECHAZADO', {
      kind: 'input',
      message: `DuckDB no admite un valor (${first}).`,
      hint: 'Revisar el tipo de la columna en la asignación.',
      cause: error,
    })
  }
  if (/^(catalog|dependency|binder|permission) error/i.test(text)) {
    return new AppError('DESTINO_RECHAZA', {
      kind: 'config',
      message: `DuckDB rechazó una orden (${first}).`,
      hint: 'Revisar la tabla de destino y la asignación.',
      cause: error,
    })
  }
  return duckError(error)
}
