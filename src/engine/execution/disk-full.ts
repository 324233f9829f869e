import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '@shared/errors/app-error'

const CODES: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'DISK_FULL'])
/** A chain of causes is short; one that holds itself must not hold us. */
const DEPTH = 8

/** True for a failure whose first cause is a disk without room, whoever noticed it: Node, DuckDB or one of ours. */
export function isDiskFull(error: unknown): boolean {
  let at: unknown = error
  for (let depth = 0; depth < DEPTH && at instanceof Error; depth++) {
    if ('code' in at && CODES.has(at.code)) return true
    at = at.cause
  }
  return false
}

const mib = (bytes: number): string => `${Math.floor(bytes / 1024 ** 2).toLocaleString('es')} MiB`

/** A disk without room in one set of words, whatever the step that met it: which folder, how much is left, what to do. */
export async function diskFull(dir: string, cause: unknown): Promise<AppError> {
  const disk = await statfs(dir)
    .catch(() => statfs(dirname(dir)))
    .catch(() => null)
  const free = disk === null ? null : disk.bavail * disk.bsize
  return new AppError('DISK_FULL', {
    kind: 'terminal',
    message: `No queda espacio en el disco de «${dir}» para procesar el archivo.`,
    hint: `Liberar espacio en ese disco${free === null ? '' : ` (quedan ${mib(free)} libres)`}, o elegir otra carpeta de datos, y volver a ejecutar: no quedó nada a medias.`,
    details: { dir, ...(free === null ? {} : { freeBytes: free }) },
    cause,
  })
}
