import { standardDialect } from '@engine/destinations/shared/standard-dialect'
import type { Capabilities } from '@engine/destinations/types'
import {
  type Estrategia,
  type TablaMaterializada,
  tablaMaterializadaSchema,
} from '@shared/model/materializacion'
import { type PlanContext, type Step, strategyOf, type TablePlan } from '.'

const capabilities: Capabilities = {
  identificador: { max: 63, unidad: 'bytes', distingue: true },
  ...{ maxColumnas: 100, maxColumnasClave: 8, maxParametros: 100, esquemas: true },
  ...{ cargaTransaccional: true, ddlTransaccional: true, etapaTemporal: true, admiteNul: false },
}

/** SQL as it is easiest to read in a test: names bare, values as `?1`. */
const dialectOf = (more: Partial<Capabilities>) =>
  standardDialect({
    nombre: 'Prueba',
    capabilities: { ...capabilities, ...more },
    ident: (name) => name,
    type: ({ tipo }) => ({ ok: true, sql: tipo }),
    param: (n, { tipo }) => `?${n}:${tipo}`,
    fit: () => ({ ok: true }),
  })

export const tablaWith = (estrategia: Estrategia): TablaMaterializada =>
  tablaMaterializadaSchema.parse({
    ...{ catalogo: 'ventas', tabla: 'ventas', estrategia },
    columnas: (['id', 'canal', 'monto'] as const).map((nombre) => ({
      ...{ nombre, fuente: { de: 'campo', campo: nombre } },
      tipo: { tipo: nombre === 'canal' ? 'texto' : 'entero' },
    })),
  })

/** The plan of a strategy for `e.ventas` (id, canal, monto), each step in one line. */
export function planOf(estrategia: Estrategia, more: Partial<Capabilities> & Partial<PlanContext> = {}) {
  const dialect = dialectOf(more)
  const context: PlanContext = {
    ...{ target: { esquema: 'e', tabla: 'ventas' }, stage: { esquema: null, tabla: 'etapa' }, dialect },
    ...{ columnas: tablaWith(estrategia).columnas, carga: 'c-1', en: '2026-01-31T00:00:00.000Z' },
    ...{ ledger: { esquema: 'e', tabla: '_sage_cargas' }, claveUnica: false },
  }
  return inWords(strategyOf(estrategia).plan(context))
}

export const problemsOf = (estrategia: Estrategia): string[] =>
  strategyOf(estrategia)
    .check(tablaWith(estrategia))
    .map(({ codigo, columna }) => `${codigo} ${columna}`)

const inWords = ({ stage, check, clear, write, drop, exclusive }: TablePlan) => ({
  stage: stage.map(words),
  check: check.map(words),
  clear: clear.map(words),
  write: write.map(words),
  drop: drop.map(words),
  exclusive,
})

function words(step: Step): string {
  const counted = 'counts' in step && step.counts ? ` → ${step.counts}` : ''
  if (step.do === 'load') return `load ${step.into.tabla}${step.numbered ? ' numbered' : ''}${counted}`
  const bound = step.statement.params.length > 0 ? ` [${step.statement.params.join(', ')}]` : ''
  if (step.do === 'check') return `${step.kind}: ${step.statement.sql}`
  return `${step.statement.sql}${bound}${counted}`
}
