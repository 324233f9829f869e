import type { AppErrorData } from '@shared/errors/app-error'
import type { ProblemaMaterializacion } from '@shared/model/materializacion'

const textOr = <T>(value: unknown, otherwise: T): string | T =>
  typeof value === 'string' ? value : otherwise

/** The problems that an error of saving or loading tells one by one in its details; none where it tells none. */
export function problemasDe({ details }: AppErrorData): ProblemaMaterializacion[] {
  const problemas = details?.problemas
  if (!Array.isArray(problemas)) return []
  return problemas.flatMap((one: unknown): ProblemaMaterializacion[] => {
    if (typeof one !== 'object' || one === null || !('mensaje' in one) || typeof one.mensaje !== 'string')
      return []
    return [
      {
        severidad: 'severidad' in one && one.severidad === 'aviso' ? 'aviso' : 'error',
        codigo: textOr('codigo' in one ? one.codigo : null, ''),
        tabla: 'tabla' in one && typeof one.tabla === 'number' ? one.tabla : null,
        columna: textOr('columna' in one ? one.columna : null, null),
        mensaje: one.mensaje,
        sugerencia: textOr('sugerencia' in one ? one.sugerencia : null, null),
      },
    ]
  })
}
