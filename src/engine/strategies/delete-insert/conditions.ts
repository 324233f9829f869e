import type { ColumnSpec, Dialect, Statement } from '@engine/destinations/types'
import type { Condicion } from '@shared/model/materializacion'

/** Conditions joined by AND as a WHERE without the word; every value is bound, typed as its column. */
export function whereOf(
  condiciones: readonly Condicion[],
  columnas: readonly ColumnSpec[],
  dialect: Dialect,
): Statement {
  const params: string[] = []
  const parts = condiciones.map(({ columna, operador, valores }) => {
    const tipo = columnas.find(({ nombre }) => nombre === columna)?.tipo ?? { tipo: 'texto' as const }
    const bound = (valor: string): string => dialect.param(params.push(valor), tipo)
    const name = dialect.ident(columna)
    if (operador === 'es_nulo') return `${name} IS NULL`
    if (operador === 'no_es_nulo') return `${name} IS NOT NULL`
    if (operador === 'en') return `${name} IN (${valores.map(bound).join(', ')})`
    return `${name} ${operador} ${valores.slice(0, 1).map(bound).join('')}`
  })
  return { sql: parts.join(' AND '), params }
}
