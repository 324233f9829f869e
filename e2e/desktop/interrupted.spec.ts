import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { OperationInput, OperationName, OperationOutput } from '../../src/shared/contract'
import { type GeneratedPackage, generatePackage } from '../../src/testkit/generator'
import { codeOf, rawCall } from './bridge'
import { expect, test } from './support'

let folder: string
let generated: GeneratedPackage

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sage-interrupted-'))
  generated = await generatePackage({ rows: 60_000, dir: folder })
})

test.afterAll(() => rmSync(folder, { recursive: true }))

const call = <N extends OperationName>(
  page: Page,
  op: N,
  input: OperationInput<N>,
): Promise<OperationOutput<N>> =>
  page.evaluate(
    ([name, value]) =>
      (window.sage.call as (op: string, input: unknown) => Promise<OperationOutput<N>>)(name, value),
    [op, input] as const,
  )

/** A token for a file, as the console gets it when a person picks one. */
async function grant(page: Page, path: string): Promise<string> {
  await page.evaluate(() => {
    const input = document.createElement('input')
    input.type = 'file'
    input.id = 'picked-by-test'
    document.body.append(input)
  })
  await page.setInputFiles('#picked-by-test', path)
  return page.evaluate(async () => {
    const input = document.querySelector('#picked-by-test')
    const { token } = await window.sage.grantFile(input instanceof HTMLInputElement ? input.files?.[0] : null)
    input?.remove()
    return token
  })
}

/** Watched from inside: the engine is back in less than a second, sooner than a look from outside may come. */
const watchBanner = (page: Page, text: string): Promise<void> =>
  page.evaluate((wanted) => {
    const seen = new Promise<void>((done) => {
      const watcher = new MutationObserver(() => {
        const banners = [...document.querySelectorAll('[role=status]')]
        if (!banners.some(({ textContent }) => textContent?.includes(wanted))) return
        watcher.disconnect()
        done()
      })
      watcher.observe(document.body, { subtree: true, childList: true, characterData: true })
    })
    Reflect.set(window, 'bannerSeen', seen)
  }, text)

test('the engine dies in the middle of an execution: the window says so, and the execution is run again to its end', async ({
  launch,
}) => {
  const { page } = await launch()
  const casilla = await call(page, 'casillas.create', {
    nombre: 'Paquete generado',
    nombreYaml: 'paquete.yaml',
    yaml: readFileSync(generated.yaml, 'utf8'),
  })
  const token = await grant(page, generated.zip ?? '')
  const { pid } = await call(page, 'system.health', {})
  const moving = page.evaluate(
    () =>
      new Promise<string>((done) =>
        window.sage.on('execution.progress', ({ executionId }) => done(executionId)),
      ),
  )
  const { executionId } = await call(page, 'executions.start', { casillaId: casilla.id, source: { token } })
  expect(await moving).toBe(executionId)

  await watchBanner(page, 'SIGKILL')
  // In the engine's hands when it dies, or answered just before: never hanging.
  const lost = codeOf(rawCall(page, 'rules.language', {}))
  process.kill(pid, 'SIGKILL')
  expect(['ENGINE_LOST', 'answered']).toContain((await lost).split(' ')[0])
  await page.evaluate(() => Reflect.get(window, 'bannerSeen'))

  const health = await call(page, 'system.health', {})
  expect(health.pid).not.toBe(pid)
  await expect(page.getByRole('status').filter({ hasText: 'SIGKILL' })).toBeHidden()
  const { ejecucion } = await call(page, 'executions.get', { executionId })
  expect(ejecucion).toMatchObject({ fase: 'interrumpida', error: { code: 'EXECUTION_INTERRUPTED' } })

  const ended = page.evaluate(
    (first) =>
      new Promise<string>((done) =>
        window.sage.on('execution.changed', ({ id, fase }) => {
          if (id !== first && !['en_espera', 'en_curso'].includes(fase)) done(fase)
        }),
      ),
    executionId,
  )
  const again = await call(page, 'executions.rerun', { executionId })
  expect(await ended).toBe('terminada')
  const { verdict } = await call(page, 'executions.get', { executionId: again.executionId })
  const records = generated.files.reduce((sum, file) => sum + file.records, 0)
  expect(verdict?.totals.records).toBe(records)
})
