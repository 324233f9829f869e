import type { ProblemaMaterializacion } from '@shared/model/materializacion'

export type Problem = Omit<ProblemaMaterializacion, 'tabla'>

const problem =
  (severidad: Problem['severidad']) =>
  (codigo: string, columna: string | null, mensaje: string, sugerencia: string): Problem => ({
    severidad,
    codigo,
    columna,
    mensaje,
    sugerencia,
  })

export const error = problem('error')
export const aviso = problem('aviso')
