import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cancelled } from '@engine/duckdb'
import { AppError } from '@shared/errors/app-error'
import type { Verdict } from '@shared/model/execution'
import { diskFull, isDiskFull } from './disk-full'
import { Execution } from './execution'
import { closeFolder, discardFolder, openFolder, writeVerdict } from './folder'
import { isOwnInput } from './intake/input'
import { readSchema } from './schema'
import type { ExecutionHooks, ExecutionRequest } from './types'

/**
 * Runs one execution: the file is copied into its folder, unpacked with limits, judged with one scan per catalog, its findings listed
 * and its reports written. Gives the verdict, which also stands in `verdict.json`.
 *
 * The folder is marked while the run is under way; a run that ends badly (error, cancel, kill) leaves no half result: only the input, and
 * running it again starts clean. Fails with AppError: YAML_INVALID (details.diagnostics), TARGET_NONE, TARGET_AMBIGUOUS, what the
 * formats say of a file that can't be opened, DISK_FULL, MEMORY_LIMIT, CANCELLED (within a second of the signal).
 */
export async function runExecution(request: ExecutionRequest, hooks: ExecutionHooks = {}): Promise<Verdict> {
  const { signal } = hooks
  if (signal?.aborted) throw cancelled()
  const schema = readSchema(request.yamlText, request.yamlName)
  const folder = await openFolder(request.dir, (input) => isOwnInput(request.inputPath, { input })).catch(
    async (error: unknown) => {
      throw isDiskFull(error) ? await diskFull(request.dir, error) : error
    },
  )
  try {
    await writeFile(join(folder.dir, 'input.yaml'), request.yamlText)
    const verdict = await new Execution(request, schema, folder, hooks).run()
    if (signal?.aborted) throw cancelled()
    await writeVerdict(folder.dir, verdict)
    await closeFolder(folder)
    return verdict
  } catch (error) {
    await discardFolder(folder)
    if (signal?.aborted) throw cancelled(error)
    throw isDiskFull(error) ? await diskFull(folder.dir, error) : AppError.from(error)
  }
}
