import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { queryFindings, runExecution } from '@engine/execution'
import type { Verdict } from '@shared/model/execution'
import type { Finding } from '@shared/model/findings'

const SHOWN = 200

export interface TryDraftRequest {
  path: string
  name?: string
  yaml: string
  workRoot: string
  memoryLimit?: number
  signal?: AbortSignal
}

/**
 * Judges a sample with a YAML that nobody saved, as an execution would, and gives its verdict and first findings. Nothing is kept.
 * Errors: those of `runExecution` (YAML_INVALID, TARGET_NONE, ..., CANCELLED).
 */
export async function tryDraft(request: TryDraftRequest): Promise<{ verdict: Verdict; findings: Finding[] }> {
  const { path, yaml, memoryLimit, signal } = request
  const executionId = randomUUID()
  const dir = join(request.workRoot, `prueba-${executionId}`)
  try {
    const verdict = await runExecution(
      {
        inputPath: path,
        inputName: request.name ?? basename(path),
        yamlText: yaml,
        executionId,
        dir,
        politica: 'todo_o_nada',
        detailCap: 50,
        stage: false,
        ...(memoryLimit === undefined ? {} : { memoryLimit }),
      },
      signal ? { signal } : {},
    )
    const { items } = await queryFindings(dir, { limit: SHOWN, offset: 0 })
    return { verdict, findings: items }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
