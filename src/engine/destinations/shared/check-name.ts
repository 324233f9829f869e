import { AppError } from '@shared/errors/app-error'
import type { Capabilities } from '../types'

/**
 * Refuses what can't be a name of this database, before it reaches SQL: empty, with NUL, or longer than it keeps.
 * @throws AppError IDENTIFICADOR
 */
export function checkName(
  name: string,
  nombre: string,
  { max, unidad }: Capabilities['identificador'],
): void {
  const length = unidad === 'bytes' ? Buffer.byteLength(name) : [...name].length
  if (length > 0 && length <= max && !name.includes('\0')) return
  throw new AppError('IDENTIFICADOR', {
    kind: 'config',
    message: `${nombre}: «${name.slice(0, 80)}» no puede ser un nombre (de 1 a ${max} ${unidad}).`,
    hint: 'Cambiar el nombre en la asignación.',
  })
}
