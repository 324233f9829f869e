import { AppError } from '@shared/errors/app-error'
import type { PasoPrueba, PruebaDestino } from '@shared/model/destino'
import type { Session } from '../types'

export interface TestStep {
  paso: string
  /** What is worth telling of it; null when there is nothing. */
  run(): Promise<string | null>
}

/** Runs the steps of "Probar conexión" in order; what follows a failed one is left out. `servidor` is asked for at the end. */
export async function runTestSteps(
  steps: readonly TestStep[],
  servidor: () => string | null,
): Promise<PruebaDestino> {
  const pasos: PasoPrueba[] = []
  for (const { paso, run } of steps) {
    if (pasos.some(({ estado }) => estado === 'mal')) {
      pasos.push({ paso, estado: 'omitido', ms: 0, mensaje: null, sugerencia: null })
      continue
    }
    const start = performance.now()
    const ms = (): number => Math.round(performance.now() - start)
    try {
      pasos.push({ paso, estado: 'bien', mensaje: await run(), sugerencia: null, ms: ms() })
    } catch (error) {
      const { message, hint } = AppError.from(error)
      pasos.push({ paso, estado: 'mal', mensaje: message, sugerencia: hint ?? null, ms: ms() })
    }
  }
  const ok = pasos.every(({ estado }) => estado === 'bien')
  return { ok, en: new Date().toISOString(), servidor: servidor(), pasos }
}

const TRIAL = '_sage_prueba'

/** Makes a table, writes to it and takes it away, all undone where the database can undo it. */
async function tryToWrite(session: Session): Promise<void> {
  const { dialect, esquema } = session
  const ref = { esquema, tabla: TRIAL }
  const columna = { nombre: 'valor', tipo: { tipo: 'entero' }, nulos: true } as const
  await session.begin()
  try {
    await session.run(dialect.dropStage(ref))
    const spec = { ref, columnas: [columna], clave: null, indices: [] }
    for (const statement of dialect.createTable(spec)) await session.run(statement)
    await session.run(dialect.dropStage(ref))
  } finally {
    await session.rollback()
  }
}

/** "Probar conexión" of a database: opens a session and makes sure that it can make tables. */
export async function probarSession(paso: string, open: () => Promise<Session>): Promise<PruebaDestino> {
  const opened: { session: Session | null } = { session: null }
  try {
    return await runTestSteps(
      [
        {
          paso,
          run: async () => {
            opened.session = await open()
            return opened.session.servidor
          },
        },
        {
          paso: 'Crear una tabla de prueba',
          run: async () => {
            if (opened.session) await tryToWrite(opened.session)
            return null
          },
        },
      ],
      () => opened.session?.servidor ?? null,
    )
  } finally {
    await opened.session?.close()
  }
}
