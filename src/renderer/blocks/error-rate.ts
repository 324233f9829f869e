import type { Casilla } from '@shared/model/casilla'

/** Errors per hundred records of one judged file, at most 100; a refused file without records (it could not be read) is all error. */
export function errorRate({
  estado,
  registros,
  errores,
}: Pick<Casilla['recientes'][number], 'estado' | 'registros' | 'errores'>): number {
  if (registros === 0) return estado === 'Fallido' ? 100 : 0
  return Math.min(100, (errores / registros) * 100)
}
