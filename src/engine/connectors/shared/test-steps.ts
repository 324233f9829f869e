import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { AppError } from '@shared/errors/app-error'
import { type Connector, TEST_STEPS, type TestOptions, type TestStep, type TestStepName } from '../types'
import { throwIfAborted } from './abort'
import { corrupt } from './errors'
import { TEMP_PREFIX } from './paths'

/** Work that gives the sentence of what it found; or, as a text, why the step does not apply here. */
export type StepWork = (() => Promise<string>) | string
export type StepPlan = Record<TestStepName, StepWork>

/**
 * Runs the steps in order, timing and telling each. After one that failed the others are left out, but what was written is still deleted.
 * @throws AppError CANCELLED; what a step finds is told, not thrown
 */
export async function runTestSteps(plan: StepPlan, options: TestOptions = {}): Promise<TestStep[]> {
  const done: TestStep[] = []
  const tell = (step: TestStep): void => {
    done.push(step)
    options.onStep?.(step)
  }
  let failed: TestStepName | null = null
  for (const step of TEST_STEPS) {
    const work = plan[step]
    if (typeof work === 'string') tell({ step, status: 'skip', ms: 0, message: work })
    else if (failed !== null)
      tell({ step, status: 'skip', ms: 0, message: 'No se probó: falló un paso anterior.' })
    else {
      throwIfAborted(options.signal)
      const outcome = await tryStep(step, work)
      if (outcome.status === 'failed') failed = step
      tell(outcome)
    }
  }
  return done
}

async function tryStep(step: TestStepName, work: () => Promise<string>): Promise<TestStep> {
  const started = performance.now()
  const ms = () => Math.round(performance.now() - started)
  try {
    const message = await work()
    return { step, status: 'ok', ms: ms(), message }
  } catch (cause) {
    const error = AppError.from(cause)
    if (error.kind === 'cancelled') throw error
    const { code, message, hint, details } = error
    return { step, status: 'failed', ms: ms(), message, code, hint, details }
  }
}

/** The last three steps, the same for every provider: through its own operations. */
export function storageSteps(
  connector: Pick<Connector, 'list' | 'write' | 'read' | 'remove'>,
  place: string,
  options: TestOptions = {},
): Pick<StepPlan, 'list' | 'write' | 'delete'> {
  const { signal } = options
  const path = `${TEMP_PREFIX}prueba-${randomUUID()}`
  const text = Buffer.from('Prueba de conexión de SAGE. Se puede borrar.\n')
  return {
    list: async () => {
      const page = await connector.list('', { limit: 100, signal })
      const more = page.cursor === null ? '' : ' o más'
      return `Se listó ${place}: ${page.entries.length}${more} elementos.`
    },
    write: async () => {
      try {
        await connector.write(path, { stream: Readable.from([text]), bytes: text.length }, { signal })
        const back = await buffer((await connector.read(path, { signal })).stream)
        if (!back.equals(text)) throw corrupt(path, place, {})
      } catch (error) {
        // The step that deletes is not reached: nothing may be left behind.
        await connector.remove(path).catch(() => undefined)
        throw error
      }
      return `Se escribió y se leyó un archivo de prueba en ${place}.`
    },
    delete: async () => {
      await connector.remove(path, { signal })
      return 'Se borró el archivo de prueba.'
    },
  }
}
